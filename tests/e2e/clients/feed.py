"""Reads a publication with the client that ariadne-codegen made: feed.py ENDPOINT HOST.

Writes the JSON of the feed's first page and of its first post.
"""

import json
import sys

from generated_client import Client  # type: ignore[import-not-found]  # made by the test

endpoint, host = sys.argv[1:]
with Client(url=endpoint) as client:
    feed = client.feed(host=host, first=3)
    first = feed.publication.posts.edges[0].node
    article = client.article(host=host, slug=first.slug)
answers = {"feed": feed, "article": article}
json.dump({name: answer.model_dump(by_alias=True) for name, answer in answers.items()}, sys.stdout)
