"""Trusted documents: those that the operator has vouched for, read when the server starts."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final

import orjson

from db.errors import ConfigurationError
from engine import Document, Engine

APOLLO: Final = "apollo-persisted-query-manifest"
PREFIX: Final = "sha256:"
SETTING: Final = "MASTHEAD_DOCUMENTS"

Trusted = Mapping[str, Document]


def digest_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def trusted_documents(engine: Engine, path: Path | None) -> Trusted:
    """The documents by their ids and by the digests of their texts, ready to be executed.

    The path is that of a manifest of Apollo's, of a map from ids to texts as Relay's compiler writes it,
    or of a folder, whose .graphql files have their names as ids. Raises ConfigurationError with all that
    is wrong with them.
    """
    if path is None:
        return {}
    named = _by_id(_texts(path))
    if not named:
        raise ConfigurationError(f"{SETTING}: there are no documents in {path}")
    digests = ((digest_of(text), text) for text in named.values())
    texts = _by_id(chain(named.items(), digests))
    documents = {text: engine.document(text) for text in named.values()}
    faults = [fault for id_, text in named.items() for fault in _faults(id_, documents[text])]
    if faults:
        raise ConfigurationError(f"{SETTING}: {'; '.join(faults)}")
    return {id_: documents[text] for id_, text in texts.items()}


def _by_id(texts: Iterable[tuple[str, str]]) -> dict[str, str]:
    by_id: dict[str, str] = {}
    for id_, text in texts:
        if by_id.setdefault(id_.removeprefix(PREFIX), text) != text:
            raise ConfigurationError(f"{SETTING}: there are two documents with the id {id_}")
    return by_id


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Ids with texts."""
    try:
        if path.is_dir():
            for file in sorted(path.rglob("*.graphql")):
                yield file.stem, file.read_text(encoding="utf-8")
        else:
            yield from _manifest(path, orjson.loads(path.read_bytes()))
    except OSError as error:
        raise ConfigurationError(
            f"{SETTING} cannot be read: {error.filename}: {error.strerror}"
        ) from None
    except ValueError as error:
        raise ConfigurationError(f"{SETTING} cannot be read: {path}: {error}") from None


def _manifest(path: Path, content: Any) -> Iterator[tuple[str, str]]:
    match content:
        case {"format": str(format_), "version": 1, "operations": [*operations]} if (
            format_ == APOLLO
        ):
            pairs = [_operation(each) for each in operations]
        case dict():
            pairs = list(content.items())
        case _:
            pairs = [(None, None)]
    if not all(isinstance(id_, str) and isinstance(text, str) for id_, text in pairs):
        raise ConfigurationError(
            f"{SETTING}: {path} is neither a manifest of Apollo's, version 1, nor a map from ids to texts"
        )
    yield from pairs


def _operation(given: Any) -> tuple[Any, Any]:
    return (given.get("id"), given.get("body")) if isinstance(given, dict) else (None, None)


def _faults(id_: str, document: Document) -> Iterator[str]:
    for error in document.errors:
        places = [f" (line {each.line}, column {each.column})" for each in error.locations or ()]
        yield f"{id_}: {error.message}{''.join(places[:1])}"
