import { Kind, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import type { Facts } from './facts';

export interface Example {
  title: string;
  description: string;
  query: string;
  operation: OperationDefinitionNode;
}

const documents = import.meta.glob<string>('./examples/*.graphql', {
  eager: true,
  import: 'default',
  query: '?raw',
});

/** The first two comment lines of a file are its title and its description. */
function toExample(query: string): Example {
  const [title = '', description = ''] = query.split('\n').map(line => line.replace(/^# /, ''));
  const operation = parse(query).definitions[0] as OperationDefinitionNode;
  return { title, description, query, operation };
}

/** One example a file, in the order of the files' names. */
export const examples = Object.keys(documents)
  .sort()
  .map(path => toExample(documents[path]!));

/**
 * Values for the variables that the example requires: the fact of the same name, '' when there is
 * none and the reader has to type one.
 */
export function variablesOf({ operation }: Example, facts: Facts): Record<string, string> {
  const required = (operation.variableDefinitions ?? [])
    .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
    .map(({ variable }) => variable.name.value as keyof Facts);
  return Object.fromEntries(required.map(name => [name, facts[name] ?? '']));
}
