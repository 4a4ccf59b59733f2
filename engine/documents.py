"""From a document's text to what can be executed: limited, parsed and validated once a text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from graphql import (
    BREAK,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Source,
    Visitor,
    assert_valid_schema,
    visit,
)
from graphql.language.parser import MAX_NESTING_DEPTH

from engine.aside import LONGEST_AT_ONCE, Aside
from engine.cache import Cache
from engine.lexing import nothing, parse
from engine.limits import Limits, check_sizes, check_variables, operations_of, refusal
from engine.pricing import Price, Variables, price
from engine.validation import validate
from engine.variables import deciding_variables
from engine.weights import Weights

DEFAULTS: Final = Limits()
NONE: Final = Limits(**dict.fromkeys(Limits.__dataclass_fields__))

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
NOTHING: Final = DocumentNode(definitions=())
# `__typename` is not among them: it says nothing that the client's own document does not.
INTROSPECTION: Final = re.compile(r"\b__(?:schema|type)\b")

# Characters of the documents kept: half a dozen frontends' worth. What can be executed takes some 100
# bytes for each, with its plan. Of what is refused only the errors are kept, each of which counts as so
# many characters.
CACHED: Final = 60_000
CACHED_REFUSALS: Final = 100_000
ERROR: Final = 500
LONGEST_CACHED: Final = 20_000

# How the parser words that it stopped at a limit; no other syntax error begins like this.
ABORTED: Final = re.compile(
    r"Syntax Error: Document (?:contains more than (?P<limit>\d+) )?(?P<what>.+)\. Parsing aborted\."
)
LIMITED: Final = {"tokens": "TOKEN", "comments": "COMMENT", "is nested too deeply": "NESTING"}


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A prepared document, shared by all requests that send its text.

    It can be executed when it has no `errors`; otherwise `ast` is empty. The errors are shared as
    well: return them, but neither raise nor change them.
    """

    ast: DocumentNode
    errors: tuple[GraphQLError, ...]
    limits: Limits
    weights: Weights
    is_vouched: bool = False
    _deciding: list[tuple[str, ...]] = field(default_factory=list, init=False)
    _introspects: list[bool] = field(default_factory=list, init=False)
    _prices: dict[str | None, Price] = field(default_factory=dict, init=False)

    @property
    def is_kept(self) -> bool:
        """Whether it will be met again: the cache has it, or its owner."""
        return self.is_vouched or self.size <= LONGEST_CACHED

    @property
    def size(self) -> int:
        """The length of its text, in characters."""
        location = self.ast.loc
        return 0 if location is None else location.end

    def introspects(self) -> bool:
        """Whether any of its operations asks for the schema: for `__schema` or `__type`."""
        if not self._introspects:
            self._introspects.append(introspects(self.ast))
        return self._introspects[0]

    def deciding(self) -> tuple[str, ...]:
        """The variables on which it depends what is selected."""
        if not self._deciding:
            self._deciding.append(deciding_variables(self.ast))
        return self._deciding[0]

    def weigh(self) -> None:
        """Compiles before it is asked for what does not depend on which operation is chosen."""
        self.deciding()
        self.introspects()
        operations = operations_of(self.ast)
        if len(operations) == 1:
            self._price(operations[0])

    def check_variables(self, variables: Mapping[str, Any]) -> GraphQLError | None:
        """VARIABLE_VALUE_LIMIT_EXCEEDED for raw variables that would take long to coerce."""
        return check_variables(variables, self.limits)

    def cost(self, operation: OperationDefinitionNode, variables: Variables) -> int:
        """The static cost of an operation of this document, under its coerced variables."""
        return self._price(operation).total(variables)

    def check_cost(
        self, operation: OperationDefinitionNode, variables: Variables
    ) -> GraphQLError | None:
        """COST_LIMIT_EXCEEDED at the root selection with which the cost goes over the limit."""
        limit = self.limits.cost
        cost = self.cost(operation, variables)
        if limit is None or cost <= limit:
            return None
        return refusal("COST", cost, limit, self._price(operation).place(variables, limit))

    def _price(self, operation: OperationDefinitionNode) -> Price:
        name = operation.name.value if operation.name else None
        if name not in self._prices:
            self._prices[name] = price(self.ast, operation, self.weights)
        return self._prices[name]


class Documents:
    """Prepares the documents of one schema, as a rule once per text."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits = DEFAULTS,
        aside: Aside | None = None,
        hide_suggestions: bool = False,
    ) -> None:
        assert_valid_schema(schema)
        self._schema = schema
        self._weights = Weights(schema)
        self._limits = limits
        self._aside = aside or Aside()
        self._hides_names = hide_suggestions
        self._good: Cache[str, Document] = Cache(CACHED)
        # Apart, so that a flood of bad documents cannot drive out the good ones.
        self._refused: Cache[str, Document] = Cache(CACHED_REFUSALS)

    def prepare(self, source: str) -> Document:
        """Never raises: a document that cannot be executed says why by its errors."""
        return self._known(source) or self._remember(source, self._prepare(source, self._limits))

    async def prepare_aside(self, source: str, deadline: float | None = None) -> Document:
        """The same; a long new text in a thread, so that others wait for some milliseconds at most.

        Raises DeadlineExceededError.
        """
        known = self._known(source)
        if known is not None:
            return known
        if len(source) <= LONGEST_AT_ONCE:
            return self.prepare(source)
        return await self._aside(partial(self._prepare_all, source), deadline)

    def _prepare_all(self, source: str) -> Document:
        """With what is said of it later, unless that was done while this waited."""
        known = self._known(source)
        if known is not None:
            return known
        document = self._prepare(source, self._limits, give_way=self._aside.give_way)
        document.weigh()
        return self._remember(source, document)

    def _known(self, source: str) -> Document | None:
        return self._good.get(source) or self._refused.get(source)

    def _remember(self, source: str, document: Document) -> Document:
        if len(source) > LONGEST_CACHED:
            return document
        cache = self._refused if document.errors else self._good
        cache.put(source, document, len(source) + ERROR * len(document.errors))
        return document

    def trusted(self, source: str) -> Document:
        """A document that the operator vouches for: no limit but those of nesting and of comparisons,
        which bound the work of validation, and that of the client's variables. Not cached.
        """
        limits = replace(NONE, variable_values=self._limits.variable_values)
        return self._prepare(source, limits, is_vouched=True)

    def _prepare(
        self,
        source: str,
        limits: Limits,
        is_vouched: bool = False,
        give_way: Callable[[], None] = nothing,
    ) -> Document:
        outcome = self._checked(source, limits, give_way)
        if isinstance(outcome, DocumentNode):
            return Document(outcome, (), limits, self._weights, is_vouched)
        errors = tuple(lightened(error) for error in outcome)
        return Document(NOTHING, errors, limits, self._weights, is_vouched)

    def _checked(
        self, source: str, limits: Limits, give_way: Callable[[], None]
    ) -> DocumentNode | Sequence[GraphQLError]:
        """Cheap checks come before costly ones: length, tokens and nesting, sizes, validity."""
        if limits.document_length is not None and len(source) > limits.document_length:
            return [too_long(source, limits.document_length)]
        try:
            ast = parse(source, limits.tokens, give_way)
        except GraphQLSyntaxError as error:
            return [parse_refusal(error)]
        return check_sizes(ast, limits) or self._validate(ast, give_way) or ast

    def _validate(self, ast: DocumentNode, give_way: Callable[[], None]) -> list[GraphQLError]:
        try:
            errors = validate(self._schema, ast, self._hides_names, give_way)
        except GraphQLError as error:
            return [error]
        return [coded(VALIDATION_FAILED, error) for error in errors]


def introspects(ast: DocumentNode) -> bool:
    """Whether a field of the document is one of the schema's own; its text tells most that have none."""
    if ast.loc is None or INTROSPECTION.search(ast.loc.source.body) is None:
        return False
    search = IntrospectionSearch()
    visit(ast, search)
    return search.found


class IntrospectionSearch(Visitor):
    """Ends at the first field that introspects: a text or comment may have its name as well."""

    found = False

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        self.found = INTROSPECTION.fullmatch(node.name.value) is not None
        return BREAK if self.found else None


def too_long(source: str, limit: int) -> GraphQLError:
    # To find a place, graphql-core reads on to the next line: here, not beyond the limit.
    return refusal("LENGTH", len(source), limit, None, Source(source[:limit]), [limit])


def parse_refusal(error: GraphQLSyntaxError) -> GraphQLError:
    """What a syntax error is to the client: a limit's refusal when the parser stopped at one."""
    aborted = ABORTED.fullmatch(error.message)
    if aborted is None:
        return coded(PARSE_FAILED, error)
    limit = int(aborted["limit"] or MAX_NESTING_DEPTH)
    place = None, error.source, error.positions
    return refusal(LIMITED[aborted["what"]], limit + 1, limit, *place)


def coded(code: str, error: GraphQLError) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error


def lightened(error: GraphQLError) -> GraphQLError:
    """Keeps the locations, but nothing of the tree that they point into."""
    error.nodes = error.source = error.__context__ = None
    return error.with_traceback(None)
