// Apollo Server with its standalone HTTP server; it caches parsed and validated documents itself.
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { createContext } from "./loaders.mjs";
import { resolvers, typeDefs } from "./resolvers.mjs";

const server = new ApolloServer({ typeDefs, resolvers });
await startStandaloneServer(server, {
  context: createContext,
  listen: { port: Number(process.env.PORT), host: "127.0.0.1" },
});
