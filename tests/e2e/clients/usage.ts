// What a frontend writes against the generated types; it is only type-checked, beside them.

import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
import { useFragment } from './fragment-masking';
import { ArticleDocument, CardFragmentDoc, FeedDocument } from './graphql';

type Feed = ResultOf<typeof FeedDocument>;
type Article = ResultOf<typeof ArticleDocument>;

export const variables: VariablesOf<typeof FeedDocument> = {
  host: 'blog.example',
  first: 10,
  filter: { tagSlugs: ['graphql'] },
};

export function cards(feed: Feed): { title: string; minutes: number; published: string }[] {
  return (feed.publication?.posts.edges ?? []).map(({ node }) => {
    const card = useFragment(CardFragmentDoc, node);
    return { title: card.title, minutes: card.readTimeInMinutes, published: card.publishedAt };
  });
}

export function headings({ publication }: Article): string[] {
  const items = publication?.post?.features.tableOfContents.items ?? [];
  return items.map(({ level, title }) => '#'.repeat(level) + ' ' + title);
}

// @ts-expect-error A required variable is missing.
export const incomplete: VariablesOf<typeof FeedDocument> = { host: 'blog.example' };

// @ts-expect-error There may be no such publication.
export const unchecked = (feed: Feed): string => feed.publication.title;

// @ts-expect-error The operation does not ask for this field.
export const unasked = (feed: Feed): unknown => feed.publication?.favicon;
