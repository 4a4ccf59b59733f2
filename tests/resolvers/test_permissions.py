"""Every mutation says who may do it, what is private is guarded, and the documentation says the same."""

from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLField, GraphQLObjectType, get_named_type

from resolvers.matrix import WHO, matrix
from resolvers.permissions import Permission
from resolvers.schema import schema

# What only the viewer, an administrator or a publication's owner may see.
PRIVATE = {
    "ApiKey",
    "AuditEvent",
    "AuditEventConnection",
    "Identity",
    "MyUser",
    "Passkey",
    "SecondFactors",
    "Session",
}
# Guarded by their loaders, which have nothing for others; see tests of API keys.
BY_LOADER = {("Publication", "apiKeys")}


def fields() -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            yield from ((type_, name, field) for name, field in type_.fields.items())


def permissions(field: GraphQLField) -> list[type]:
    found: list[type] = field.extensions["strawberry-definition"].permission_classes
    return found


def test_every_mutation_declares_its_permissions() -> None:
    assert [
        name
        for type_, name, field in fields()
        if type_.name == "Mutation"
        and not (permissions(field) and all(issubclass(p, Permission) for p in permissions(field)))
    ] == []


def test_what_is_private_is_reached_by_guarded_fields_only() -> None:
    assert schema._schema.type_map.keys() >= PRIVATE
    payloads = {
        get_named_type(field.type).name for type_, _, field in fields() if type_.name == "Mutation"
    }
    inside = PRIVATE | payloads | {"AuditEventEdge"}
    assert [
        f"{type_.name}.{name}"
        for type_, name, field in fields()
        if get_named_type(field.type).name in PRIVATE
        and type_.name not in inside
        and not permissions(field)
        and (type_.name, name) not in BY_LOADER
    ] == []


def test_the_documentation_has_not_drifted() -> None:
    assert Path("docs/permissions.md").read_text(encoding="utf-8") == matrix()


def who_may(action: str) -> dict[str, str]:
    [line] = [line for line in matrix().splitlines() if f"`{action}`" in line]
    cells = [cell.strip() for cell in line.split("|")[2:-1]]
    return {who: cell for who, cell in zip(WHO, cells, strict=True) if cell}


def test_the_matrix_is_computed() -> None:
    assert who_may("Query.auditEvents") == {"admin": "yes", "key ADMIN": "yes"}
    assert who_may("Mutation.signIn") == dict.fromkeys(WHO, "yes")
    people = ("member", "contributor", "editor", "owner", "admin")
    assert who_may("Mutation.createApiKey") == dict.fromkeys(people, "again")
    assert who_may("Mutation.inviteUsersToPublication") == {
        "owner": "yes",
        "admin": "yes",
        "key MEMBERS_WRITE": "yes",
    }
