import { SAMPLE_HOST } from './sample';

export const welcome = `# Welcome to Masthead
#
# Ctrl-Enter runs this query, Ctrl-Space completes
# it. On the left: the schema's documentation, an
# explorer, saved examples and your history.
# A token goes below, under Headers.

query Welcome {
  publication(host: "${SAMPLE_HOST}") {
    title
    url
    about {
      text
    }
    posts(first: 3) {
      totalDocuments
      edges {
        node {
          title
          brief
          slug
          publishedAt
          readTimeInMinutes
          author {
            name
          }
          tags {
            name
            slug
          }
        }
      }
    }
  }
}
`;
