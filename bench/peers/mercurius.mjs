// Mercurius on Fastify, compiling each operation with graphql-jit at its first use.
import Fastify from "fastify";
import mercurius from "mercurius";
import { createContext } from "./loaders.mjs";
import { resolvers, typeDefs } from "./resolvers.mjs";

const app = Fastify({ logger: false });
app.register(mercurius, { schema: typeDefs, resolvers, context: createContext, jit: 1 });
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
