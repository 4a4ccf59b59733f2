// What is read, each by one statement for all keys of a batch.
import DataLoader from "dataloader";
import { rows } from "./database.mjs";

const POST = `
  id, publication_id as "publicationId", author_id as "authorId", series_id as "seriesId", slug, title,
  subtitle, brief, read_time_minutes as "readTimeInMinutes", has_latex as "hasLatexInPost",
  table_of_contents_enabled as "tableOfContentsEnabled", cover_image as "coverImageUrl",
  canonical_url as "canonicalUrl", seo_title as "seoTitle", seo_description as "seoDescription",
  og_image as "ogImage", cuid, language, comments_disabled as "disableComments",
  featured_at as "featuredAt", comment_count as "commentCount", reply_count as "replyCount",
  reaction_count as "reactionCount", view_count as views, published_at as "publishedAt",
  edited_at as "updatedAt"`;
const USER = `
  u.id, u.name, u.username, u.profile_picture as "profilePicture",
  u.followers_count as "followersCount", u.bio_markdown as "bioMarkdown", u.bio_html as "bioHtml",
  u.bio_text as "bioText", u.social_links as "socialLinks"`;
const PUBLICATION = `
  id, owner_id as "ownerId", host, title, display_title as "displayTitle",
  meta_tags as "metaTags", favicon, followers_count as "followersCount",
  description_seo as "descriptionSEO", about_markdown as "aboutMarkdown", about_html as "aboutHtml",
  about_text as "aboutText", og_image as "ogImage", logo, dark_mode_logo as "darkModeLogo", links,
  integrations`;
const NEWEST = "order by published_at desc, id desc";

const SQL = {
  feed: `select ${POST} from posts where status = 'PUBLISHED' and not delisted ${NEWEST} limit $1`,
  publicationByHost: `select ${PUBLICATION} from publications where host = $1`,
  publicationById: `select ${PUBLICATION} from publications where id = any($1)`,
  postBySlug: `
    select ${POST} from posts where publication_id = $1 and slug = $2 and status = 'PUBLISHED'`,
  postsByPublication: `
    select ${POST} from posts where publication_id = $1 and status = 'PUBLISHED' ${NEWEST} limit $2`,
  postCountByPublication: `
    select publication_id as key, count(*) as value from posts
    where publication_id = any($1) and status = 'PUBLISHED' group by publication_id`,
  contentByPost: `
    select id, content_markdown as markdown, content_html as html, content_text as text,
           table_of_contents as headings
    from posts where id = any($1)`,
  userById: `select ${USER} from users u where u.id = any($1)`,
  coAuthorsByPost: `
    select c.post_id as key, ${USER} from post_co_authors c join users u on u.id = c.user_id
    where c.post_id = any($1) order by c.post_id, c.position, c.user_id`,
  tagsByPost: `
    select p.post_id as key, t.id, t.name, t.slug from post_tags p join tags t on t.id = p.tag_id
    where p.post_id = any($1) order by p.post_id, p.position, p.tag_id`,
  commentsByPost: `
    select parent.key, c.* from unnest($1::text[]) as parent(key),
    lateral (
      select id, author_id as "authorId", content_markdown as markdown, content_html as html,
             content_text as text, reaction_count as "totalReactions", created_at as "dateAdded"
      from comments where post_id = parent.key and parent_id is null
      order by created_at desc, id desc limit $2
    ) c`,
  commentCountByPost: `
    select post_id as key, count(*) as value from comments
    where post_id = any($1) and parent_id is null group by post_id`,
  navigationByPublication: `
    select publication_id as key, id, type, label, url from navigation_items
    where publication_id = any($1) order by publication_id, position`,
};

export const read = (name, ...values) => rows(name, SQL[name], ...values);

function single(name) {
  return async (keys) => {
    const found = new Map((await read(name, keys)).map((row) => [row.id, row]));
    return keys.map((key) => found.get(key) ?? null);
  };
}

function many(name, ...values) {
  return async (keys) => {
    const groups = new Map(keys.map((key) => [key, []]));
    for (const row of await read(name, keys, ...values)) groups.get(row.key).push(row);
    return keys.map((key) => groups.get(key));
  };
}

function count(name) {
  return async (keys) => {
    const found = new Map((await read(name, keys)).map(({ key, value }) => [key, value]));
    return keys.map((key) => found.get(key) ?? 0);
  };
}

const BATCHES = {
  publicationById: single,
  userById: single,
  contentByPost: single,
  coAuthorsByPost: many,
  tagsByPost: many,
  navigationByPublication: many,
  commentsByPost: many,
  commentCountByPost: count,
  postCountByPublication: count,
};

// A context for one request: each loader is made when it is first used.
export function createContext() {
  const made = new Map();
  return {
    loader(name, ...values) {
      const id = values.length ? `${name} ${values}` : name;
      let loader = made.get(id);
      if (!loader) made.set(id, (loader = new DataLoader(BATCHES[name](name, ...values))));
      return loader;
    },
  };
}
