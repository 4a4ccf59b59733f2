"""Documents read faster: names, the most of a document's text, by a regular expression."""

import re
from collections.abc import Callable
from typing import Final

from graphql import DocumentNode, Lexer, Location, Source, Token, TokenKind
from graphql.language.parser import Parser, nested_too_deeply_error

NAME: Final = re.compile("[_0-9A-Za-z]+")


def nothing() -> None:
    """Gives way to nobody."""


class NameLexer(Lexer):
    """graphql-core's lexer, which goes through names character by character.

    It calls `give_way` at each token.
    """

    def __init__(self, source: Source, give_way: Callable[[], None]) -> None:
        super().__init__(source)
        self._give_way = give_way

    def read_next_token(self, start: int) -> Token:
        """The token after this place."""
        self._give_way()
        return super().read_next_token(start)

    def read_name(self, start: int) -> Token:
        """The name that begins here (GraphQL specification, section 2.1.9)."""
        found = NAME.match(self.source.body, start)
        assert found is not None  # noqa: S101 - the caller has seen its first character
        return self.create_token(TokenKind.NAME, start, found.end(), found[0])


class Span(Location):
    """A location without its tokens, which would take a third of a document's memory."""

    __slots__ = ()

    def __init__(self, start: int, end: int, source: Source) -> None:
        self.start = start
        self.end = end
        self.source = source


class SpanParser(Parser):
    """graphql-core's parser, whose nodes know their place, but no tokens."""

    def loc(self, start_token: Token) -> Location:
        """From this token to the last one read."""
        return Span(start_token.start, self._lexer.last_token.end, self._lexer.source)


def parse(
    source: str, most_tokens: int | None, give_way: Callable[[], None] = nothing
) -> DocumentNode:
    """graphql-core's `parse`, for at most so many tokens, and as many comments; locations have no tokens.

    Raises GraphQLSyntaxError. What is parsed is gone when nobody refers to it: it takes no garbage
    collection, which would keep everybody waiting.
    """
    text = Source(source)
    lexer = NameLexer(text, give_way)
    first = lexer.token
    parser = SpanParser(text, lexer=lexer, max_lexical_tokens=most_tokens, max_comments=most_tokens)
    try:
        return parser.parse_document()
    except RecursionError:
        pass
    finally:
        _unlink(first)
    raise nested_too_deeply_error(parser)


def _unlink(token: Token | None) -> None:
    """Each token knows the next one, and no longer the one before."""
    while token is not None:
        token.prev = None
        token = token.next
