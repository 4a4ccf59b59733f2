"""Which document a request means: by its text, or by an id that stands for it.

`documentId` is of GraphQL over HTTP's appendix on persisted documents
(https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md),
`extensions.persistedQuery` of Apollo's protocol for automatic persisted queries.
"""

from typing import Final

from app.documents import PREFIX, Trusted, digest_of
from app.http.parameters import Parameters
from app.problems import Problem
from engine import Document, Engine
from engine.cache import Cache

# Characters of the texts that clients have left with us.
REMEMBERED: Final = 2_000_000


class DocumentStore:
    """Knows trusted documents and, unless nothing else is wanted, texts that clients have sent before."""

    def __init__(self, engine: Engine, trusted: Trusted, trusted_only: bool) -> None:
        self._engine = engine
        self._trusted = trusted
        self._trusted_only = trusted_only
        self._texts: Cache[str, str] = Cache(REMEMBERED)

    async def find(self, parameters: Parameters, deadline: float) -> Document:
        """The document, which may have errors. Raises Problem for none, and DeadlineExceededError."""
        if parameters.document_id is not None:
            return self._by_id(parameters)
        if parameters.persisted is not None:
            return await self._by_digest(parameters, deadline)
        return await self._sent(str(parameters.query), deadline)

    def _by_id(self, parameters: Parameters) -> Document:
        if parameters.query is not None or parameters.persisted is not None:
            raise Problem("BAD_REQUEST", "Besides a documentId there must be no other document.")
        known = self._trusted.get(str(parameters.document_id).removeprefix(PREFIX))
        if known is None:
            raise Problem("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        return known

    async def _by_digest(self, parameters: Parameters, deadline: float) -> Document:
        digest = _digest(parameters)
        known = self._trusted.get(digest)
        if known is not None:
            return known
        if parameters.query is None:
            text = self._texts.get(digest)
            if text is None:
                raise self._unknown()
            return await self._engine.prepare_aside(text, deadline)
        document = await self._sent(parameters.query, deadline)
        if not document.errors:
            self._texts.put(digest, parameters.query, len(parameters.query))
        return document

    async def _sent(self, text: str, deadline: float) -> Document:
        if self._trusted_only:
            raise Problem("PERSISTED_QUERY_ONLY", "Only trusted documents are accepted here.")
        return await self._engine.prepare_aside(text, deadline)

    def _unknown(self) -> Problem:
        """In the words by which Apollo's clients know whether it helps to send the text as well."""
        if self._trusted_only:
            return Problem("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        return Problem("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")


def _digest(parameters: Parameters) -> str:
    """What Apollo's extension says. Raises Problem when it is malformed, or not the text's."""
    match parameters.persisted:
        case {"version": 1, "sha256Hash": str(digest)}:
            _require_digest(parameters.query, digest)
            return digest
        case other:
            raise Problem("BAD_REQUEST", _malformed(other))


def _require_digest(text: str | None, digest: str) -> None:
    if text is not None and digest_of(text) != digest:
        raise Problem("PERSISTED_QUERY_MISMATCH", "provided sha does not match query")


def _malformed(extension: object) -> str:
    version = extension.get("version") if isinstance(extension, dict) else None
    if version not in (None, 1):
        return "Only version 1 of persisted queries is supported."
    return 'The extension "persistedQuery" must be {"version": 1, "sha256Hash": "…"}.'
