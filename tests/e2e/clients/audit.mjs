// The audits of GraphQL over HTTP against a live server: node audit.mjs ADDRESS
// Writes a JSON array with each audit's id, name, status ("ok" or what fell short) and reason.

import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
