"""Publications: the type, what it is made of, and fetching one."""

from resolvers.publication.members import PublicationMember
from resolvers.publication.publication import Publication
from resolvers.publication.query import PublicationQuery
from resolvers.publication.redirection import RedirectionRule

__all__ = ["Publication", "PublicationMember", "PublicationQuery", "RedirectionRule"]
