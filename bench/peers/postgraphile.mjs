// PostGraphile: the schema is generated from the tables and plans each operation into few statements.
//
// What the generated types lack of Masthead's is added by plans, as its documentation has it; the queries
// in postgraphile/ rename the rest.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { connection, each, lambda } from "postgraphile/grafast";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { extendSchema } from "postgraphile/utils";

const typeDefs = /* GraphQL */ `
  extend type Query {
    feed: PostConnection!
  }
  extend type Publication {
    url: String!
    isTeam: Boolean!
    followers: Int!
    about: PublicationAbout
    ogMetaData: PublicationOpenGraph!
    preferences: PublicationPreferences!
    networks: PublicationLinks!
    accounts: PublicationIntegrations!
    post(slug: String!): Post
    posts: PostConnection!
  }
  type PublicationAbout {
    html: String
  }
  type PublicationOpenGraph {
    image: String
  }
  type PublicationPreferences {
    logo: String
    darkMode: PublicationDarkMode!
    navbarItems: [NavigationItem!]!
  }
  type PublicationDarkMode {
    logo: String
  }
  type PublicationLinks {
    twitter: String
    github: String
    linkedin: String
    hashnode: String
  }
  type PublicationIntegrations {
    umamiWebsiteUUID: String
    gaTrackingID: String
    fbPixelID: String
    hotjarSiteID: String
    matomoURL: String
    matomoSiteID: String
    fathomSiteID: String
    gTagManagerID: String
    fathomCustomDomain: String
    fathomCustomDomainEnabled: Boolean
    plausibleAnalyticsEnabled: Boolean
    koalaPublicKey: String
    msClarityID: String
  }
  extend type User {
    followers: Int!
    bio: UserBio
    socialMediaLinks: SocialMediaLinks!
  }
  type UserBio {
    html: String
  }
  type SocialMediaLinks {
    twitter: String
  }
  extend type Comment {
    content: CommentContent!
    totalReactions: Int!
  }
  type CommentContent {
    markdown: String!
    text: String!
  }
  extend type Post {
    url: String!
    featured: Boolean!
    readTimeInMinutes: Int!
    reactions: Int!
    replies: Int!
    views: Int!
    responseCount: Int!
    content: PostContent!
    cover: PostCover
    seo: PostSeo!
    ogMetaData: PostOpenGraph!
    contents: PostContents!
    preferences: PostPreferences!
    tags: [Tag!]!
    coAuthors: [User!]!
    comments: CommentConnection!
  }
  type PostContent {
    markdown: String!
    html: String!
  }
  type PostCover {
    url: String!
  }
  type PostSeo {
    title: String
    description: String
  }
  type PostOpenGraph {
    image: String
  }
  type PostContents {
    tableOfContents: PostTableOfContents!
  }
  type PostTableOfContents {
    isEnabled: Boolean!
    items: [PostHeading!]!
  }
  type PostHeading {
    id: String!
    level: Int!
    parentId: String
    slug: String!
    title: String!
  }
  type PostPreferences {
    disableComments: Boolean!
  }
`;

const INTEGRATIONS = {
  umamiWebsiteUUID: "umami_website_uuid",
  gaTrackingID: "ga_tracking_id",
  fbPixelID: "fb_pixel_id",
  hotjarSiteID: "hotjar_site_id",
  matomoURL: "matomo_url",
  matomoSiteID: "matomo_site_id",
  fathomSiteID: "fathom_site_id",
  gTagManagerID: "g_tag_manager_id",
  fathomCustomDomain: "fathom_custom_domain",
  fathomCustomDomainEnabled: "fathom_custom_domain_enabled",
  plausibleAnalyticsEnabled: "plausible_analytics_enabled",
  koalaPublicKey: "koala_public_key",
  msClarityID: "ms_clarity_id",
};

const same = ($row) => $row;
const column = (name) => ($row) => $row.get(name);
// An object of one field, or null where the column is.
const boxed = (name, field) => ($row) =>
  lambda($row.get(name), (value) => (value === null ? null : { [field]: value }), true);

const headings = ([id, listed]) => {
  const items = typeof listed === "string" ? JSON.parse(listed) : listed;
  const own = ({ slug }) => `${id}:${slug}`;
  return items.map((item) => ({
    ...item,
    id: own(item),
    parentId: item.parent === null ? null : own(items[item.parent]),
  }));
};

const extension = extendSchema(({ pgResources, sql }) => {
  const published = ($posts, also) => {
    $posts.where(sql`${$posts.alias}.status = 'PUBLISHED'`);
    if (also) $posts.where(also($posts.alias));
    $posts.orderBy({ attribute: "published_at", direction: "DESC" });
    $posts.orderBy({ attribute: "id", direction: "DESC" });
    $posts.setOrderIsUnique();
    return $posts;
  };
  const linked = (links, rows, key) => ($post) => {
    const $links = pgResources[links].find({ post_id: $post.get("id") });
    $links.orderBy({ attribute: "position", direction: "ASC" });
    $links.orderBy({ attribute: key, direction: "ASC" });
    return each($links, ($link) => pgResources[rows].get({ id: $link.get(key) }));
  };
  const comments = ($post) => {
    const $comments = pgResources.comments.find({ post_id: $post.get("id") });
    $comments.where(sql`${$comments.alias}.parent_id is null`);
    $comments.orderBy({ attribute: "created_at", direction: "DESC" });
    $comments.orderBy({ attribute: "id", direction: "DESC" });
    $comments.setOrderIsUnique();
    return $comments;
  };
  const objects = {
    Query: {
      plans: {
        feed: () =>
          connection(published(pgResources.posts.find(), (post) => sql`not ${post}.delisted`)),
      },
    },
    Publication: {
      plans: {
        url: ($row) => lambda($row.get("host"), (host) => `https://${host}`, true),
        isTeam: ($row) => lambda($row.get("id"), () => true, true),
        followers: column("followers_count"),
        about: boxed("about_html", "html"),
        ogMetaData: same,
        preferences: same,
        networks: column("links"),
        accounts: column("integrations"),
        post: ($row, { $slug }) =>
          pgResources.posts.get({ publication_id: $row.get("id"), slug: $slug }),
        posts: ($row) =>
          connection(published(pgResources.posts.find({ publication_id: $row.get("id") }))),
      },
    },
    PublicationOpenGraph: { plans: { image: column("og_image") } },
    PublicationPreferences: {
      plans: {
        logo: column("logo"),
        darkMode: same,
        navbarItems: ($row) => {
          const $items = pgResources.navigation_items.find({ publication_id: $row.get("id") });
          $items.orderBy({ attribute: "position", direction: "ASC" });
          return $items;
        },
      },
    },
    PublicationDarkMode: { plans: { logo: column("dark_mode_logo") } },
    PublicationIntegrations: {
      plans: Object.fromEntries(
        Object.entries(INTEGRATIONS).map(([field, key]) => [field, column(key)]),
      ),
    },
    User: {
      plans: {
        followers: column("followers_count"),
        bio: boxed("bio_html", "html"),
        socialMediaLinks: column("social_links"),
      },
    },
    Comment: { plans: { content: same, totalReactions: column("reaction_count") } },
    CommentContent: {
      plans: { markdown: column("content_markdown"), text: column("content_text") },
    },
    Post: {
      plans: {
        url: ($post) =>
          lambda(
            [
              pgResources.publications.get({ id: $post.get("publication_id") }).get("host"),
              $post.get("slug"),
            ],
            ([host, slug]) => `https://${host}/${slug}`,
            true,
          ),
        featured: ($post) => lambda($post.get("featured_at"), (at) => at !== null, true),
        readTimeInMinutes: column("read_time_minutes"),
        reactions: column("reaction_count"),
        replies: column("reply_count"),
        views: column("view_count"),
        responseCount: ($post) =>
          lambda(
            [$post.get("comment_count"), $post.get("reply_count")],
            ([comments, replies]) => Number(comments) + Number(replies),
            true,
          ),
        content: same,
        cover: boxed("cover_image", "url"),
        seo: same,
        ogMetaData: same,
        contents: same,
        preferences: same,
        tags: linked("post_tags", "tags", "tag_id"),
        coAuthors: linked("post_co_authors", "users", "user_id"),
        comments: ($post) => connection(comments($post)),
      },
    },
    PostContent: { plans: { markdown: column("content_markdown"), html: column("content_html") } },
    PostSeo: { plans: { title: column("seo_title"), description: column("seo_description") } },
    PostOpenGraph: { plans: { image: column("og_image") } },
    PostContents: { plans: { tableOfContents: same } },
    PostTableOfContents: {
      plans: {
        isEnabled: column("table_of_contents_enabled"),
        items: ($post) => lambda([$post.get("id"), $post.get("table_of_contents")], headings, true),
      },
    },
    PostPreferences: { plans: { disableComments: column("comments_disabled") } },
  };
  return { typeDefs, objects };
});

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [extension],
  pgServices: [
    makePgService({
      connectionString: process.env.PEER_DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: 10, options: "-c timezone=UTC -c jit=off" },
    }),
  ],
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
