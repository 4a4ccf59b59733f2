"""Arguments of every kind; each field answers with what its resolver was given."""

from datetime import date
from typing import Annotated, Any

import strawberry

from tests.engine.parity.schema.characters import Episode
from tests.engine.parity.schema.values import Even
from tests.engine.parity.schema.world import Info, called


@strawberry.input
class Stars:
    count: int = 3
    note: str | None = None
    weights: list[float] | None = strawberry.UNSET


@strawberry.input
class Review:
    stars: Stars
    episode: Episode | None = Episode.JEDI
    tags: list[str | None] = strawberry.field(default_factory=list)
    replies: list["Review"] | None = None
    even: Even | None = strawberry.UNSET
    commentary: str | None = strawberry.field(name="text", default="none")


@strawberry.input(one_of=True)
class Pet:
    cat: strawberry.Maybe[str]
    dog: strawberry.Maybe[Stars]
    none: strawberry.Maybe[list[int]]


@strawberry.input
class Optional:
    given: strawberry.Maybe[int | None]
    required: strawberry.Maybe[int]


def told(value: Any) -> str:
    return repr(value)


@strawberry.type
class InputQuery:
    @strawberry.field
    def scalars(
        self,
        info: Info,
        int_: Annotated[int | None, strawberry.argument(name="int")] = None,
        ratio: float = 0.5,
        text: str | None = strawberry.UNSET,
        flag: bool | None = True,
        id: strawberry.ID | None = None,
    ) -> str:
        called(info)
        return told((int_, ratio, text, flag, id))

    @strawberry.field
    def required_argument(self, number: int) -> str:
        return told(number)

    @strawberry.field
    def enums(
        self, info: Info, one: Episode = Episode.JEDI, many: list[Episode] | None = None
    ) -> str:
        called(info)
        return told((one, many))

    @strawberry.field
    async def review(self, info: Info, review: Review, again: Review | None = None) -> str:
        called(info)
        return told((review, again))

    @strawberry.field
    def reviews(self, info: Info, reviews: list[list[Review | None]] | None = None) -> str:
        called(info)
        return told(reviews)

    @strawberry.field
    def pet(self, info: Info, pet: Pet | None = None) -> str:
        called(info)
        return told(pet)

    @strawberry.field
    def pets(self, pets: list[Pet]) -> str:
        return told(pets)

    @strawberry.field
    def optional(self, optional: Optional, given: strawberry.Maybe[str | None] = None) -> str:
        return told((optional, given))

    @strawberry.field
    def matrix(self, rows: list[list[int]] | None = None, single: list[int] | None = None) -> str:
        return told((rows, single))

    @strawberry.field
    def custom(
        self,
        even: Even | None = None,
        day: date | None = None,
        json: strawberry.scalars.JSON | None = None,
    ) -> str:
        return told((even, day, json))
