"""Permission classes, and extensions of fields."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension

from tests.engine.parity.schema.world import Info, World, called


class Allowed(BasePermission):
    message = "Not allowed."
    error_extensions = {"code": "FORBIDDEN", "reason": "allowed"}  # noqa: RUF012

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        world: World = info.context
        world.log.append(f"Allowed:{info.field_name}:{sorted(arguments.items())}")
        return not arguments.get("secret") and not world.strikes("allowed", info.field_name)


class AllowedLater(BasePermission):
    message = "Not allowed later."
    error_extensions = {"code": "UNAUTHENTICATED"}  # noqa: RUF012

    async def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        await asyncio.sleep(0)
        return not arguments.get("secret") and not info.context.strikes("later", info.field_name)


class AllowedByParent(BasePermission):
    message = "Not this one."

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        return bool(source.number % 2)


class Never(BasePermission):
    message = "Never."

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        return False


class Broken(BasePermission):
    message = "Unused."

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        raise RuntimeError("the permission failed")


class Silent(BasePermission):
    message = "Unseen."

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        return source is not None and bool(source.number % 2)


class Doubled(FieldExtension):
    """Doubles what the resolver gives, and says so to the log."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
        info.context.log.append(f"Doubled:{info.field_name}")
        return next_(source, info, **arguments) * 2

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Any, **arguments: Any
    ) -> Any:
        return await next_(source, info, **arguments) * 2


class Shifted(FieldExtension):
    """Changes an argument on its way in."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
        return next_(source, info, **{**arguments, "by": arguments["by"] + 100})


class Replaced(FieldExtension):
    """Answers without asking the resolver."""

    async def resolve_async(self, next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        await asyncio.sleep(0)
        return -1

    def resolve(self, next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        return -1


class Failing(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        next_(source, info, **arguments)
        raise LookupError("the extension failed")


@strawberry.type
class Guarded:
    """A row of a list; those with odd numbers may be seen."""

    number: int

    @strawberry.field(permission_classes=[Allowed])
    def sync(self, info: Info, secret: bool = False) -> int | None:
        called(info)
        return self.number

    @strawberry.field(permission_classes=[Allowed, AllowedLater])
    async def both(self, info: Info, secret: bool = False) -> int | None:
        called(info)
        return self.number

    @strawberry.field(permission_classes=[AllowedByParent])
    def own(self, info: Info) -> int | None:
        called(info)
        return self.number

    @strawberry.field(permission_classes=[AllowedByParent])
    def own_required(self, info: Info) -> int:
        called(info)
        return self.number

    plain: int | None = strawberry.field(permission_classes=[AllowedByParent], default=5)

    @strawberry.field(permission_classes=[Broken])
    def broken(self, info: Info) -> int | None:
        called(info)
        return self.number

    @strawberry.field(extensions=[PermissionExtension([Silent()], fail_silently=True)])
    def silent(self, info: Info) -> int | None:
        called(info)
        return self.number

    @strawberry.field(extensions=[PermissionExtension([Silent()], fail_silently=True)])
    def silent_list(self, info: Info) -> list[int]:
        called(info)
        return [self.number]

    @strawberry.field(permission_classes=[AllowedByParent])
    def children(self, info: Info) -> "list[Guarded] | None":
        """Where it is denied, nothing below it runs."""
        called(info)
        return [Guarded(number=self.number + 1), Guarded(number=self.number + 2)]

    @strawberry.field(extensions=[Doubled()])
    def doubled(self, info: Info) -> int:
        return called(info).lived(self.number, self.number, "doubled")

    @strawberry.field(extensions=[Doubled()])
    async def doubled_later(self, info: Info) -> int:
        called(info)
        return self.number

    @strawberry.field(extensions=[Doubled(), Shifted()])
    def shifted(self, info: Info, by: int = 1) -> int:
        called(info)
        return self.number + by

    @strawberry.field(extensions=[Replaced()])
    async def replaced(self, info: Info) -> int:
        called(info)
        return self.number

    @strawberry.field(extensions=[Failing()])
    def failing(self, info: Info) -> int | None:
        called(info)
        return self.number

    @strawberry.field(permission_classes=[AllowedByParent], extensions=[Doubled()])
    def guarded_and_doubled(self, info: Info) -> int | None:
        called(info)
        return self.number


@strawberry.type
class GuardQuery:
    @strawberry.field
    def guarded(self, info: Info, count: int = 4) -> list[Guarded | None]:
        called(info)
        return [Guarded(number=number) for number in range(max(0, min(count, 5)))]

    @strawberry.field(permission_classes=[Never])
    def never(self, info: Info) -> str | None:
        called(info)
        return "seen"

    @strawberry.field(permission_classes=[AllowedLater])
    async def later_required(self, info: Info, secret: bool = False) -> str:
        called(info)
        return "seen"
