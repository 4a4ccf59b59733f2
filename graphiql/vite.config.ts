import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses keep the page working behind any path prefix.
  base: './',
  build: {
    // The page answers at /graphiql and at /graphql, both one level above its assets.
    assetsDir: 'graphiql/assets',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    // "use client" and its like mean nothing in a bundle for the browser.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: 'es2022',
  },
});
