"""Recursive objects, interfaces that implement interfaces, and unions."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from enum import Enum
from typing import Annotated, Any, NamedTuple

import strawberry

from tests.engine.parity.schema.world import Info, World, called

PEOPLE = 12


@strawberry.enum
class Episode(Enum):
    """Whose values are not its names, and one of which has another name in GraphQL."""

    NEW_HOPE = "iv"
    EMPIRE = 5
    JEDI = strawberry.enum_value((6, "vi"), name="RETURN_OF_THE_JEDI")


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.interface
class Named(Node):
    name: str | None


@strawberry.interface
class Character(Named):
    title: str
    appears_in: list[Episode]
    world: strawberry.Private[World]
    number: strawberry.Private[int]

    @strawberry.field
    def friends(self, info: Info, first: int = 2) -> list["Character"]:
        world = called(info)
        friends = [character(world, number) for number in known(world, self.number)]
        return world.lived(friends[: max(first, 0)], self.number, "friends")

    @strawberry.field
    async def allies(self, info: Info) -> list["Character | None"] | None:
        world = called(info)
        await asyncio.sleep(0)
        allies = [stored_character(world, number) for number in known(world, self.number, "ally")]
        return world.lived(allies, self.number, "allies")

    @strawberry.field
    def best(self, info: Info) -> "Character | None":
        world = called(info)
        return world.lived(character(world, self.number + 1), self.number, "best")

    @strawberry.field
    async def rival(self, info: Info) -> "Character":
        world = called(info)
        found = world.lived(character(world, self.number + 5), self.number, "rival")
        await asyncio.sleep(0)
        return found

    @strawberry.field
    def group(self, info: Info) -> list[list["Character | None"]]:
        world = called(info)
        numbers = known(world, self.number, "group")
        group = [[stored_character(world, number)] for number in numbers] + [[None]]
        return world.lived(group, self.number, "group")

    @strawberry.field
    def meets(self, info: Info) -> list["Meeting"]:
        world = called(info)
        met = [character(world, self.number + 1), Planet(name="Hoth", moons=0)]
        return world.lived(met, self.number, "meets")

    @strawberry.field
    def walk(self, info: Info, steps: int = 2) -> list["Character"]:
        world = called(info)
        return walk(world, self.number, min(steps, 3))  # type: ignore[return-value]

    @strawberry.field
    async def march(self, info: Info) -> list["Character | None"] | None:
        world = called(info)
        return march(world, self.number)  # type: ignore[return-value]


@strawberry.type
class Human(Character):
    height: float | None
    home: "Planet | None"

    @strawberry.field
    def ratio(self, info: Info) -> float:
        return called(info).lived(1.5 * self.number, self.number, "ratio")

    @strawberry.field
    def mass(self) -> int:
        return self.number


@strawberry.type
class Droid(Character):
    purpose: str

    @property
    def serial(self) -> str | None:
        return self.world.lived(f"D{self.number}", self.number, "serial")

    number_of_parts: int = strawberry.field(name="parts")

    @strawberry.field
    async def mass(self) -> int | None:
        return None if self.number % 2 else self.number

    @strawberry.field(name="serialNumber")
    def serial_number(self) -> str | None:
        return self.serial


@strawberry.type
class Ghost(Node):
    """A node that is neither named nor a character."""

    @strawberry.field
    def haunts(self, info: Info) -> list["Thing"]:
        world = called(info)
        return [self, character(world, int(self.id)), Planet(name="Endor", moons=1)]


class Rock(NamedTuple):
    """A planet that is not an instance of its GraphQL type."""

    name: str
    moons: int


@strawberry.type
class Planet:
    name: str
    moons: int

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, Planet | Rock)

    @strawberry.field
    def seen_by(self, info: Info, parent: strawberry.Parent["Rock"]) -> str:
        return called(info).lived(f"{parent.name}:{parent.moons}", parent.name, "seen")


Meeting = Annotated[Human | Droid | Planet, strawberry.union("Meeting")]
Thing = Annotated[Human | Droid | Ghost | Planet, strawberry.union("Thing")]


def known(world: World, number: int, why: str = "friend") -> list[int]:
    """The numbers of none to two others."""
    count = world.fate(number, why) % 3
    return [world.fate(number, why, each) % PEOPLE for each in range(count)]


def character(world: World, number: int) -> Any:
    """The one object of a number in this world; the same on each path to it."""
    number %= PEOPLE
    if number not in world.characters:
        world.characters[number] = born(world, number)
    return world.characters[number]


def stored_character(world: World, number: int) -> Any:
    """A character, or what became of it in a list."""
    return world.stored(character(world, number), number % PEOPLE, "item")


def born(world: World, number: int) -> Character:
    episodes = list(Episode)[: world.fate(number, "episodes") % 4]
    common: dict[str, Any] = {
        "id": strawberry.ID(str(number)),
        "name": world.stored(f"Name {number}", number, "name"),
        "title": world.stored(f"Title {number}", number, "title"),
        "appears_in": world.stored(episodes, number, "episodes"),
        "world": world,
        "number": number,
    }
    if number % 2:
        return Droid(**common, purpose="protocol", number_of_parts=number * 100)
    home: Any = world.stored(Rock("Tatooine", 2), number, "home") if number % 4 else None
    return Human(**common, height=world.stored(1.7, number, "height"), home=home)


def walk(world: World, number: int, steps: int) -> Iterator[Any]:
    for step in range(steps):
        yield stored_character(world, number + step)
        if world.strikes(number, step, "walk"):
            raise ValueError(f"{number} stumbles at {step}")


async def march(world: World, number: int) -> AsyncIterator[Any]:
    for step in range(2):
        await asyncio.sleep(0)
        yield stored_character(world, number + step)
        if world.strikes(number, step, "march"):
            raise ValueError(f"{number} stops at {step}")


@strawberry.type
class CharacterQuery:
    @strawberry.field
    def hero(self, info: Info, episode: Episode = Episode.NEW_HOPE) -> Character:
        world = called(info)
        return character(world, list(Episode).index(episode))

    @strawberry.field
    async def character(self, info: Info, number: int) -> Character | None:
        world = called(info)
        return world.lived(character(world, number), number, "character")

    @strawberry.field
    def characters(self, info: Info, first: int = 3) -> list[Character]:
        world = called(info)
        return [stored_character(world, number) for number in range(max(0, min(first, 6)))]

    @strawberry.field
    async def things(self, info: Info) -> list[Thing | None]:
        world = called(info)
        ghost = Ghost(id=strawberry.ID("3"))
        things = [character(world, 1), ghost, Rock("Yavin", 3), character(world, 2), ghost]
        return [world.stored(thing, index, "thing") for index, thing in enumerate(things)]

    @strawberry.field
    def nodes(self, info: Info) -> list[Node] | None:
        world = called(info)
        return [
            Ghost(id=strawberry.ID("4")),
            stored_character(world, 5),
            stored_character(world, 6),
        ]
