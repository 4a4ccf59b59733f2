import { createLocalStorage } from '@graphiql/toolkit';

const local = createLocalStorage({ namespace: 'masthead' });

function withoutHeaders(history: string): string {
  return JSON.stringify(JSON.parse(history), (key, value) => (key === 'headers' ? undefined : value));
}

/** The browser's storage, but no token comes to rest in it: GraphiQL's history holds the headers of every run. */
export const storage: typeof local = {
  ...local,
  setItem: (key, value) => local.setItem(key, /:(queries|favorites)$/.test(key) ? withoutHeaders(value) : value),
};
