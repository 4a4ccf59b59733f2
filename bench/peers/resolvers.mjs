// Masthead's resolvers as one would write them in JavaScript: rows have the fields' names.
import { readFileSync } from "node:fs";
import { read } from "./loaders.mjs";

export const typeDefs = readFileSync(new URL("schema.graphql", import.meta.url), "utf8");

const DEFAULT_SIZE = 20;
const LARGEST_SIZE = 100;

// A connection's value: it reads its page, with one row more to see whether others follow, when asked.
function connection(first, load, count) {
  const size = Math.min(first ?? DEFAULT_SIZE, LARGEST_SIZE);
  let rows;
  return { size, count, rows: () => (rows ??= load(size + 1)) };
}

const cursor = (row) => Buffer.from(JSON.stringify([row.publishedAt, row.id])).toString("base64url");
const page = async ({ size, rows }) => (await rows()).slice(0, size);

const Connection = {
  edges: async (list) => (await page(list)).map((node) => ({ node })),
  nodes: page,
  totalDocuments: (list) => list.count(),
  pageInfo: async (list) => {
    const all = await list.rows();
    const shown = all.slice(0, list.size);
    return {
      hasNextPage: all.length > list.size,
      endCursor: shown.length ? cursor(shown.at(-1)) : null,
    };
  },
};

const content = (row, prefix) =>
  row[`${prefix}Markdown`] === null
    ? null
    : { markdown: row[`${prefix}Markdown`], html: row[`${prefix}Html`], text: row[`${prefix}Text`] };

const Query = {
  feed: (_, { first }) => connection(first, (limit) => read("feed", limit)),
  publication: async (_, { host }) => (await read("publicationByHost", host))[0] ?? null,
};

const Publication = {
  url: ({ host }) => `https://${host}`,
  isTeam: () => true,
  about: (row) => content(row, "about"),
  author: ({ ownerId }, _, { loader }) => loader("userById").load(ownerId),
  ogMetaData: ({ ogImage }) => ({ image: ogImage }),
  preferences: (row) => row,
  post: async ({ id }, { slug }) => (await read("postBySlug", id, slug))[0] ?? null,
  posts: ({ id }, { first }, { loader }) =>
    connection(
      first,
      (limit) => read("postsByPublication", id, limit),
      () => loader("postCountByPublication").load(id),
    ),
};

const Preferences = {
  darkMode: ({ darkModeLogo }) => ({ logo: darkModeLogo }),
  navbarItems: ({ id }, _, { loader }) => loader("navigationByPublication").load(id),
};

const PublicationIntegrations = {
  umamiWebsiteUUID: (bag) => bag.umami_website_uuid,
  gaTrackingID: (bag) => bag.ga_tracking_id,
  fbPixelID: (bag) => bag.fb_pixel_id,
  hotjarSiteID: (bag) => bag.hotjar_site_id,
  matomoURL: (bag) => bag.matomo_url,
  matomoSiteID: (bag) => bag.matomo_site_id,
  fathomSiteID: (bag) => bag.fathom_site_id,
  gTagManagerID: (bag) => bag.g_tag_manager_id,
  fathomCustomDomain: (bag) => bag.fathom_custom_domain,
  fathomCustomDomainEnabled: (bag) => bag.fathom_custom_domain_enabled,
  plausibleAnalyticsEnabled: (bag) => bag.plausible_analytics_enabled,
  koalaPublicKey: (bag) => bag.koala_public_key,
  msClarityID: (bag) => bag.ms_clarity_id,
};

const Post = {
  url: async ({ slug, publicationId }, _, { loader }) =>
    `https://${(await loader("publicationById").load(publicationId)).host}/${slug}`,
  featured: ({ featuredAt }) => featuredAt !== null,
  responseCount: ({ commentCount, replyCount }) => commentCount + replyCount,
  content: ({ id }, _, { loader }) => loader("contentByPost").load(id),
  coverImage: ({ coverImageUrl }) => (coverImageUrl === null ? null : { url: coverImageUrl }),
  seo: ({ seoTitle, seoDescription }) => ({ title: seoTitle, description: seoDescription }),
  ogMetaData: ({ ogImage }) => ({ image: ogImage }),
  features: (row) => row,
  preferences: (row) => row,
  publication: ({ publicationId }, _, { loader }) => loader("publicationById").load(publicationId),
  series: ({ seriesId }) => (seriesId === null ? null : { id: seriesId }),
  author: ({ authorId }, _, { loader }) => loader("userById").load(authorId),
  coAuthors: ({ id }, _, { loader }) => loader("coAuthorsByPost").load(id),
  tags: ({ id }, _, { loader }) => loader("tagsByPost").load(id),
  comments: ({ id }, { first }, { loader }) =>
    connection(
      first,
      (limit) => loader("commentsByPost", limit).load(id),
      () => loader("commentCountByPost").load(id),
    ),
};

const PostFeatures = {
  tableOfContents: async ({ id, tableOfContentsEnabled }, _, { loader }) => {
    const { headings } = await loader("contentByPost").load(id);
    const own = ({ slug }) => `${id}:${slug}`;
    return {
      isEnabled: tableOfContentsEnabled,
      items: headings.map((heading) => ({
        ...heading,
        id: own(heading),
        parentId: heading.parent === null ? null : own(headings[heading.parent]),
      })),
    };
  },
};

const Comment = {
  content: (row) => row,
  author: ({ authorId }, _, { loader }) => loader("userById").load(authorId),
};

const User = {
  bio: (row) => content(row, "bio"),
  socialMediaLinks: ({ socialLinks }) => socialLinks,
};

export const resolvers = {
  Query,
  FeedPostConnection: { edges: Connection.edges, nodes: Connection.nodes, pageInfo: Connection.pageInfo },
  PublicationPostConnection: Connection,
  PostCommentConnection: Connection,
  Publication,
  Preferences,
  PublicationIntegrations,
  Post,
  PostFeatures,
  Comment,
  User,
};
