"""The GraphiQL page, from our own files: the build of `graphiql/`, or a page that says how to build it."""

import mimetypes
from html import escape
from os import PathLike, stat_result
from pathlib import Path
from string import Template
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.settings import Settings

# Laid out as the addresses are: index.html beside graphiql/assets/.
BUILD: Final = Path(__file__).resolve().parent.parent / "graphiql" / "dist"

# Not known to every system's table of types.
mimetypes.add_type("font/ttf", ".ttf")
mimetypes.add_type("text/javascript", ".js")

# Monaco writes <style> elements; GraphiQL's style sheet holds its fonts and icons as data addresses.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
UNUSED: Final = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # No window that opened this one, or that this one opens, can reach into it.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
}
# A worker obeys the policy of its own script, not that of the page.
ASSET_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}

NOT_BUILT: Final = Template("""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Masthead GraphiQL is not built yet</title>
<style>
  body { max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem; font: 1.05rem/1.6 system-ui }
  h1 { font-size: 1.6rem; line-height: 1.2 }
  h1::before { content: ""; display: block; width: 3rem; border: .2rem solid #b4232c; margin: 0 0 1rem }
  code { font: .9rem ui-monospace, monospace }
  pre { padding: 1rem; overflow-x: auto; border: 1px solid #8886; border-radius: .5rem }
</style>
<h1>GraphiQL is not built yet</h1>
<p>Building this page downloads its parts once. That did not happen, most likely for want of a network.
With one, run <code>make graphiql</code> in the project's folder and reload this page;
the server may go on running.</p>
<p>The GraphQL endpoint works all the same:</p>
<pre><code>curl $endpoint \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "{ __typename }"}'</code></pre>
</html>
""")


class Assets(StaticFiles):
    """Files whose names carry a hash of their content, so that a cache may keep them for ever."""

    async def check_config(self) -> None:
        """Accept a directory that does not exist yet: the build may come while we serve."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(ASSET_HEADERS)
        return response


def page(request: Request) -> Response:
    """The GraphiQL page, for /graphiql and for browsers that open /graphql; read anew each time."""
    try:
        html = (BUILD / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        html = NOT_BUILT.substitute(endpoint=escape(f"{request.base_url}graphql"))
    return HTMLResponse(html, headers=PAGE_HEADERS)


def routes(settings: Settings) -> list[BaseRoute]:
    """The page and its assets; none when the settings turn GraphiQL off."""
    if not settings.shows_graphiql:
        return []
    return [
        Route("/graphiql", page),
        Mount("/graphiql/assets", Assets(directory=BUILD / "graphiql" / "assets", check_dir=False)),
    ]
