"""The GraphQL API: types, queries and mutations, one module a noun, put together in `schema`."""
