"""Who may do what: a table computed from the permission classes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from db.viewer import Viewer
from resolvers.permissions import ApiScope, HasProvenRecently, Permission
from resolvers.schema import Mutation, Query
from resolvers.user import MyUser

GUARDED: Final = (Query, MyUser, Mutation)
PUBLICATION: Final = "pub"


def person(role: str | None = None, *, is_admin: bool = False) -> Viewer:
    """Somebody who has just signed in, with this role in the publication that it is about."""
    roles = {} if role is None else {PUBLICATION: role}
    now = datetime.now(UTC)
    return Viewer("user", is_admin, roles=roles, session_id="session", proven_at=now)


def key(scope: ApiScope) -> Viewer:
    """A key with that scope alone, of somebody who may do everything."""
    is_admin, scopes = scope is ApiScope.ADMIN, frozenset({scope.name})
    return Viewer("user", is_admin, roles={PUBLICATION: "OWNER"}, scopes=scopes, key_id="key")


WHO: Final[dict[str, Viewer | None]] = {
    "public": None,
    "member": person(),
    "contributor": person("CONTRIBUTOR"),
    "editor": person("EDITOR"),
    "owner": person("OWNER"),
    "admin": person(is_admin=True),
} | {f"key {scope.name}": key(scope) for scope in ApiScope}
"""Representative viewers."""


def matrix() -> str:
    """A Markdown page: a row for each field that has permission classes, a column for each viewer."""
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Made by `masthead permissions` from the permission classes in the code; not to be edited.",
            "",
            "A *member* is anybody who is signed in; *contributor*, *editor* and *owner* have that role in",
            "the publication that it is about, *admin* is one of the deployment (`SUPERUSER`). A *key* has",
            "that scope alone, and an owner for its person, who is an administrator where the scope is",
            "`ADMIN`. *again* means: only within ten minutes of a proof of who they are (`stepUp`). Fields",
            "of `Query` that are not here are for all. Which rows there are for whom stands in",
            "`db/visibility.py`: a hidden one is as good as absent, whatever this table says.",
            "",
            _line(["action", *WHO]),
            _line(["---"] * (len(WHO) + 1)),
            *_rows(),
            "",
        ]
    )


def _rows() -> Iterator[str]:
    for type_ in GUARDED:
        definition = get_object_definition(type_, strict=True)
        for field in sorted(definition.fields, key=lambda each: each.python_name):
            if field.permission_classes:
                marks = [_mark(field, viewer) for viewer in WHO.values()]
                yield _line([f"`{definition.name}.{to_camel_case(field.python_name)}`", *marks])


def _mark(field: StrawberryField, viewer: Viewer | None) -> str:
    classes = field.permission_classes
    permissions = [each() for each in classes]
    if not all(
        isinstance(each, Permission) and each.allows_in(viewer, PUBLICATION) for each in permissions
    ):
        return ""
    return "again" if HasProvenRecently in classes else "yes"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
