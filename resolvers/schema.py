"""The GraphQL schema: the nouns' mixins put together, and nothing else."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.comment import Comment, Reply
from resolvers.context import Info
from resolvers.draft import DraftQuery
from resolvers.feed import PostQuery
from resolvers.newsletter import NewsletterMutation
from resolvers.objects import NodeQuery
from resolvers.publication import PublicationMember, PublicationQuery, RedirectionRule
from resolvers.scalars import SCALARS
from resolvers.tag import TagQuery
from resolvers.user import UserQuery


@strawberry.type(description="What can be read.")
class Query(PublicationQuery, PostQuery, TagQuery, UserQuery, DraftQuery, NodeQuery):
    pass


@strawberry.type(description="What can be changed.")
class Mutation(NewsletterMutation):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[Comment, PublicationMember, RedirectionRule, Reply],
    config=StrawberryConfig(scalar_map=SCALARS, info_class=Info),
)
