from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, make_url, text

from db import migrations, preflight, revisions
from db.preparation import prepare
from tests.postgres import Clone, Server


@pytest.fixture
def newcomer(postgres: Server, clone: Clone) -> Iterator[Clone]:
    """The database under another application role, to which nothing was granted yet."""
    role = f"{clone.name}_newcomer"
    with create_engine(postgres.superuser_url).begin() as connection:
        connection.execute(text(f"create role {role} login nosuperuser nobypassrls password 'new'"))
    url = make_url(clone.url).set(username=role, password="new").render_as_string(False)
    yield replace(clone, url=url)
    with create_engine(
        make_url(postgres.superuser_url).set(database=clone.name)
    ).begin() as connection:
        connection.execute(text(f"drop owned by {role}"))
        connection.execute(text(f"drop role {role}"))


def test_a_migrated_database_is_prepared_for_its_roles(clone: Clone) -> None:
    assert preflight.is_prepared(clone.owner_url, clone.url)
    assert preflight.is_prepared(clone.owner_url, clone.owner_url)
    assert prepare(clone.owner_url, clone.url) == []


def test_a_database_of_another_version_is_not_prepared(clone: Clone) -> None:
    migrations.downgrade(clone.owner_url, "base")
    assert not preflight.is_prepared(clone.owner_url, clone.url)
    assert prepare(clone.owner_url, clone.url) == list(revisions.revisions())
    assert preflight.is_prepared(clone.owner_url, clone.url)
    with create_engine(clone.owner_url).begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'from-the-future'"))
    assert not preflight.is_prepared(clone.owner_url, clone.url)


@pytest.mark.parametrize(
    "lost",
    ["select on alembic_version", "select on posts", "delete on tags", "usage on schema public"],
)
def test_a_role_that_has_not_all_rights_gets_them(newcomer: Clone, lost: str) -> None:
    assert not preflight.is_prepared(newcomer.owner_url, newcomer.url)
    assert prepare(newcomer.owner_url, newcomer.url) == []
    assert preflight.is_prepared(newcomer.owner_url, newcomer.url)
    with create_engine(newcomer.owner_url).begin() as connection:
        connection.execute(text(f"revoke {lost} from {make_url(newcomer.url).username}"))
    # What everybody may, the role may in any case.
    expected = lost == "usage on schema public"
    assert preflight.is_prepared(newcomer.owner_url, newcomer.url) is expected
