from pathlib import Path

import httpx
import pytest
from graphql import parse, validate
from starlette.applications import Starlette

from app import graphiql
from app.settings import Settings
from resolvers.schema import schema

SOURCES = graphiql.BUILD.parent / "src"
EXAMPLES = sorted((SOURCES / "examples").glob("*.graphql"))
PAGE = "<!doctype html><title>Masthead GraphiQL</title>"


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the build is looked for; nothing is there yet."""
    build = tmp_path / "dist"
    monkeypatch.setattr(graphiql, "BUILD", build)
    return build


def write_build(build: Path) -> None:
    assets = build / "graphiql" / "assets"
    assets.mkdir(parents=True)
    (build / "index.html").write_text(PAGE)
    (assets / "index-1a2b.js").write_text("export {};")
    (assets / "index-1a2b.css").write_text("body {}")
    (assets / "codicon-1a2b.ttf").write_bytes(b"\0\1\0\0")
    (assets / "masthead-1a2b.svg").write_text("<svg/>")


def client(enabled: bool = True) -> httpx.AsyncClient:
    app = Starlette(routes=graphiql.routes(Settings(graphiql=enabled)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://blog.test")


async def test_page_is_the_build_and_is_checked_each_time(build: Path) -> None:
    write_build(build)
    async with client() as http:
        response = await http.get("/graphiql")
    assert (response.status_code, response.text) == (200, PAGE)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


async def test_policy_lets_the_page_reach_its_own_host_only(build: Path) -> None:
    write_build(build)
    async with client() as http:
        page = await http.get("/graphiql")
        policy = page.headers["content-security-policy"]
        asset = await http.get("/graphiql/assets/index-1a2b.js")
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert asset.headers["content-security-policy"] == policy
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["permissions-policy"] == (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    )


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("index-1a2b.js", "text/javascript; charset=utf-8"),
        ("index-1a2b.css", "text/css; charset=utf-8"),
        ("codicon-1a2b.ttf", "font/ttf"),
        ("masthead-1a2b.svg", "image/svg+xml"),
    ],
)
async def test_assets_are_kept_for_ever(build: Path, name: str, content_type: str) -> None:
    write_build(build)
    async with client() as http:
        response = await http.get(f"/graphiql/assets/{name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["missing.js", "", "..%2F..%2Findex.html"])
async def test_only_assets_are_served_below_assets(build: Path, path: str) -> None:
    write_build(build)
    async with client() as http:
        assert (await http.get(f"/graphiql/assets/{path}")).status_code == 404


async def test_page_says_how_to_build_it_until_it_is_built(build: Path) -> None:
    async with client() as http:
        before = await http.get("/graphiql")
        asset_before = await http.get("/graphiql/assets/index-1a2b.js")
        write_build(build)
        after = await http.get("/graphiql")
        asset_after = await http.get("/graphiql/assets/index-1a2b.js")
    assert before.status_code == 200
    assert "<code>make graphiql</code>" in before.text
    assert "curl http://blog.test/graphql" in before.text
    assert before.headers["content-security-policy"] == after.headers["content-security-policy"]
    assert asset_before.status_code == 404
    assert after.text == PAGE
    assert asset_after.status_code == 200


async def test_host_header_is_text_on_the_page_that_is_not_built(build: Path) -> None:
    async with client() as http:
        page = await http.get("/graphiql", headers={"Host": "<script>alert(1)</script>"})
    assert "<script" not in page.text


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/assets/index-1a2b.js"])
async def test_setting_turns_it_off(build: Path, path: str) -> None:
    write_build(build)
    async with client(enabled=False) as http:
        assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_valid(path: Path) -> None:
    assert validate(schema._schema, parse(path.read_text())) == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 8
