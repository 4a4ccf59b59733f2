"""The viewer of a field that only a viewer can reach."""

from db.errors import Unauthenticated
from db.viewer import Viewer
from resolvers.context import Info


def viewer_of(info: Info) -> Viewer:
    """Who is asking; raises Unauthenticated for the public, whom permissions keep out before."""
    if info.context.viewer is None:
        raise Unauthenticated("Sign in to do this.")
    return info.context.viewer
