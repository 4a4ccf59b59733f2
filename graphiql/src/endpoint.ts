import { createGraphiQLFetcher } from '@graphiql/toolkit';

/** The page answers beside the endpoint, at /graphiql, and on it, at /graphql. */
export const endpoint = new URL('graphql', document.baseURI).href;

export const fetcher = createGraphiQLFetcher({ url: endpoint, enableIncrementalDelivery: false });
