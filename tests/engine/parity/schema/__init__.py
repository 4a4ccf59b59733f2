"""A schema with a little of everything that Strawberry has."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from tests.engine.parity.schema.changes import Mutation, Subscription
from tests.engine.parity.schema.characters import CharacterQuery, Droid, Ghost, Human
from tests.engine.parity.schema.guards import GuardQuery
from tests.engine.parity.schema.infos import InfoQuery
from tests.engine.parity.schema.inputs import InputQuery
from tests.engine.parity.schema.loading import LoadingQuery
from tests.engine.parity.schema.values import SCALARS, ValueQuery
from tests.engine.parity.schema.world import World

__all__ = ["World", "schema"]


@strawberry.type
class Query(CharacterQuery, ValueQuery, InputQuery, GuardQuery, InfoQuery, LoadingQuery):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Human, Droid, Ghost],
    config=StrawberryConfig(scalar_map=SCALARS),
)
