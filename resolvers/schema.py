"""The GraphQL schema: the nouns' mixins put together, and nothing else."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from resolvers.account import (
    ApiKeyMutation,
    DeletionMutation,
    EmailMutation,
    ExportMutation,
    IdentityMutation,
    IdentityQuery,
    PasskeyMutation,
    PasswordMutation,
    PasswordResetMutation,
    ProfileMutation,
    SecondFactorMutation,
    SessionMutation,
    SignUpMutation,
)
from resolvers.audit import AuditQuery
from resolvers.comment import Comment, Reply
from resolvers.context import Info
from resolvers.draft import DraftQuery
from resolvers.feed import PostQuery
from resolvers.members import InvitationMutation, MemberMutation, RoleInvitationMutation
from resolvers.newsletter import NewsletterMutation
from resolvers.objects import NodeQuery
from resolvers.publication import PublicationMember, PublicationQuery, RedirectionRule
from resolvers.rate_limit import RateLimitQuery
from resolvers.scalars import SCALARS
from resolvers.tag import TagQuery
from resolvers.user import UserQuery


@strawberry.type(description="What can be read.")
class Query(
    PublicationQuery,
    PostQuery,
    TagQuery,
    UserQuery,
    DraftQuery,
    IdentityQuery,
    AuditQuery,
    RateLimitQuery,
    NodeQuery,
):
    pass


@strawberry.type(description="What can be changed.")
class Mutation(
    SessionMutation,
    SecondFactorMutation,
    PasskeyMutation,
    PasswordMutation,
    IdentityMutation,
    ApiKeyMutation,
    ProfileMutation,
    ExportMutation,
    DeletionMutation,
    InvitationMutation,
    RoleInvitationMutation,
    MemberMutation,
    SignUpMutation,
    PasswordResetMutation,
    EmailMutation,
    NewsletterMutation,
):
    pass


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], *_: object) -> None:
        """Nothing is logged here: whoever asked does that, and knows what is worth it."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    types=[Comment, PublicationMember, RedirectionRule, Reply],
    config=StrawberryConfig(scalar_map=SCALARS, info_class=Info),
)
