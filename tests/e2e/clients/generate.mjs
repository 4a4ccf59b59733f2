// Types and documents for TypeScript: node generate.mjs SCHEMA DOCUMENTS OUTPUT
// SCHEMA is a file, DOCUMENTS a folder of operations, OUTPUT a folder that is made.

import { join } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { preset } from '@graphql-codegen/client-preset';

const [schema, documents, output] = process.argv.slice(2);

await generate({
  schema,
  documents: join(documents, '**/*.graphql'),
  silent: true,
  generates: {
    [join(output, '/')]: {
      preset,
      config: {
        strictScalars: true,
        scalars: { DateTime: 'string', JSON: 'unknown', JSONObject: 'Record<string, unknown>', ObjectId: 'string', URL: 'string' },
        useTypeImports: true,
      },
    },
  },
});
