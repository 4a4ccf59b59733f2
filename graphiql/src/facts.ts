import { endpoint } from './endpoint';

/** What the variables of the examples are filled from, named as they are. */
export type Facts = Partial<
  Record<'host' | 'postId' | 'postSlug' | 'publicationId' | 'seriesSlug' | 'tagSlug' | 'words', string>
>;

interface Connection<Node> {
  edges: { node: Node }[];
}

interface Publication {
  id: string;
  posts: Connection<{ id: string; slug: string; title: string; tags: { slug: string }[] | null }>;
  seriesList: Connection<{ slug: string }>;
}

const query = `query ExampleFacts($host: String!) {
  publication(host: $host) {
    id
    posts(first: 10) { edges { node { id slug title tags { slug } } } }
    seriesList(first: 1) { edges { node { slug } } }
  }
}`;

async function publicationAt(host: string): Promise<Publication | null> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables: { host } }),
  });
  const result = await response.json();
  return result.data?.publication ?? null;
}

function longestWord(text: string): string {
  return text.split(/[^\p{L}\p{N}]+/u).reduce((a, b) => (b.length > a.length ? b : a));
}

/** The facts of the publication at `host`; null when there is none or the server can't say. */
export async function factsOf(host: string): Promise<Facts | null> {
  const publication = await publicationAt(host).catch(() => null);
  if (!publication) return null;
  const posts = publication.posts.edges.map(edge => edge.node);
  const facts = {
    host,
    publicationId: publication.id,
    postId: posts[0]?.id,
    postSlug: posts[0]?.slug,
    words: posts[0] && longestWord(posts[0].title),
    tagSlug: posts.flatMap(post => post.tags ?? [])[0]?.slug,
    seriesSlug: publication.seriesList.edges[0]?.node.slug,
  };
  return facts as Facts;
}
