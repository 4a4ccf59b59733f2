"""Requests that make GraphQL servers slow, recurse or blow up, and the code that each is refused with.

None stands for a request that is legal, and must be as cheap as a refusal.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from graphql import build_schema

SCHEMA: Final = build_schema(
    """
    directive @mark(on: Int) repeatable on QUERY | FIELD | VARIABLE_DEFINITION
    directive @listSize(
      assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]
      requireOneSlicingArgument: Boolean = true
    ) on FIELD_DEFINITION

    interface Node { id: ID node(input: Input): Node }
    type Post implements Node {
      id: ID
      node(input: Input): Node
      posts(first: Int): [Post] @listSize(slicingArguments: ["first"])
    }
    type User implements Node { id: ID node(input: Input): Node }
    input Input { input: Input, inputs: [Input!], number: Int, numbers: [Int] }
    type Query {
      id: ID
      query: Query
      node(input: Input): Node
      post: Post
      value(number: Int, numbers: [Int], text: String, input: Input): Int
    }
    type Subscription { id: ID post: Post }
    """
)

Make = Callable[[], str]
TOKENS = "TOKEN_LIMIT_EXCEEDED"
DEFINITIONS = "DEFINITION_LIMIT_EXCEEDED"
COMMENTS = "COMMENT_LIMIT_EXCEEDED"
LENGTH = "LENGTH_LIMIT_EXCEEDED"
NESTING = "NESTING_LIMIT_EXCEEDED"
DEPTH = "DEPTH_LIMIT_EXCEEDED"
ALIASES = "ALIAS_LIMIT_EXCEEDED"
DIRECTIVES = "DIRECTIVE_LIMIT_EXCEEDED"
ROOT_FIELDS = "ROOT_FIELD_LIMIT_EXCEEDED"
COMPARISONS = "COMPARISON_LIMIT_EXCEEDED"
COST = "COST_LIMIT_EXCEEDED"
VALUES = "VARIABLE_VALUE_LIMIT_EXCEEDED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
UNPARSED = "GRAPHQL_PARSE_FAILED"
UNCOERCED = "BAD_USER_INPUT"


class Request(NamedTuple):
    code: str | None
    source: str
    variables: dict[str, Any] | None = None


def nested(depth: int, opening: str, inside: str, closing: str = "}") -> str:
    return opening * depth + inside + closing * depth


def wide(item: str, count: int, within: str = "query") -> str:
    """`count` times the same item, or each with its number, below one field."""
    return f"{{{within}{{" + " ".join(item.format(i) for i in range(count)) + "}}"


def fragments(count: int, body: str, last: str, on: str = "Query") -> str:
    """A chain: each fragment's body refers to the next as `{0}`."""
    bodies = [body.replace("{0}", f"F{i + 1}") for i in range(count)] + [last]
    return "".join(f" fragment F{i} on {on} {{{text}}}" for i, text in enumerate(bodies))


def all_of(count: int, body: str) -> str:
    """Fragments without spreads, and an operation that spreads them all below one field."""
    spreads = " ".join(f"...F{i}" for i in range(count))
    return f"{{query{{{spreads}}}}}" + "".join(
        f" fragment F{i} on Query {{{body}}}" for i in range(count)
    )


def tree(width: int, depth: int) -> str:
    return "id" if depth == 0 else f"query{{{tree(width, depth - 1)}}}" * width


def deep(depth: int, key: str) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {key: value}
    return value


REQUESTS: Final[dict[str, Callable[[], Request]]] = {
    # Length of the text
    "200,000 comments": lambda: Request(LENGTH, "#\n" * 200_000 + "{id}"),
    "40,000 comments": lambda: Request(COMMENTS, "#\n" * 40_000 + "{id}"),
    "a comment between all tokens": lambda: Request(COMMENTS, "{" + "id#\n#\n" * 10_000 + "}"),
    "a string of 5 MB": lambda: Request(LENGTH, '{value(text: "' + "x" * 5_000_000 + '")}'),
    "a string of 90 kB": lambda: Request(None, '{value(text: "' + "x" * 90_000 + '")}'),
    "a block string of 90 kB": lambda: Request(
        None, '{value(text: """' + "x\n" * 45_000 + '""")}'
    ),
    "escapes": lambda: Request(None, '{value(text: "' + "\\u{1F600}" * 9_000 + '")}'),
    "short escapes": lambda: Request(None, '{value(text: "' + "\\u0041" * 15_000 + '")}'),
    "escapes of surrogates": lambda: Request(
        UNPARSED, '{value(text: "' + "\\uD83D\\uDE00" * 7_000 + "\\uD83D" + '")}'
    ),
    "spaces": lambda: Request(None, " " * 90_000 + "{id}"),
    "line breaks": lambda: Request(None, "\n" * 90_000 + "{id}"),
    "commas": lambda: Request(None, "," * 90_000 + "{id}"),
    "an error after many lines": lambda: Request(UNPARSED, "\r\n" * 45_000 + "{"),
    "a name of 90 kB": lambda: Request(INVALID, "{" + "x" * 90_000 + "}"),
    "a number of 90 kB": lambda: Request(INVALID, "{value(number: " + "1" * 90_000 + ")}"),
    "a string without end": lambda: Request(UNPARSED, '{value(text: "' + "x" * 90_000),
    "a block string without end": lambda: Request(UNPARSED, '{value(text: """' + '\\"""' * 20_000),
    # Tokens
    "1 MB of list": lambda: Request(LENGTH, "{value(numbers: [" + "1 " * 500_000 + "])}"),
    "90 kB of list": lambda: Request(TOKENS, "{value(numbers: [" + "1 " * 45_000 + "])}"),
    "a list of all tokens": lambda: Request(None, "{value(numbers: [" + "1 " * 1_989 + "])}"),
    "a wrong list of all tokens": lambda: Request(
        INVALID, "{value(numbers: [" + "a " * 1_989 + "])}"
    ),
    "punctuation": lambda: Request(UNPARSED, "!" * 90_000),
    "10,000 aliases": lambda: Request(TOKENS, wide("a{0}:id", 10_000)[:90_000]),
    # Nesting
    "depth 5,000": lambda: Request(NESTING, nested(5_000, "{query", "")),
    "depth 150": lambda: Request(DEPTH, nested(150, "{query", "{id}")),
    "lists 5,000 deep": lambda: Request(
        NESTING, "{value(numbers:" + nested(5_000, "[", "", "]") + ")}"
    ),
    "inputs 5,000 deep": lambda: Request(
        NESTING, "{value(input:" + nested(5_000, "{input:", "{}") + ")}"
    ),
    "inputs 190 deep": lambda: Request(
        None, "{value(input:" + nested(190, "{input:", "{number: 1}") + ")}"
    ),
    "types 5,000 deep": lambda: Request(
        NESTING, "query($a: " + nested(5_000, "[", "Int", "]") + "){id}"
    ),
    "inline fragments 190 deep": lambda: Request(None, nested(190, "{...", "{id}")),
    "a chain of fragments": lambda: Request(
        DEFINITIONS, "{...F0}" + fragments(200, "...{0}", "id")
    ),
    # Repetition in the document
    "500 aliases": lambda: Request(ALIASES, wide("a{0}:id", 500)),
    "1,900 fields": lambda: Request(COMPARISONS, wide("id", 1_900)),
    "1,900 root fields": lambda: Request(ROOT_FIELDS, "{" + "id " * 1_900 + "}"),
    "900 directives": lambda: Request(DIRECTIVES, "{id" + "@mark" * 900 + "}"),
    "directives on variables": lambda: Request(
        DIRECTIVES, "query($a: Int" + "@mark" * 900 + "){value(number: $a)}"
    ),
    "directives on a fragment": lambda: Request(
        INVALID, "{...F} fragment F on Query" + "@mark" * 40 + "{id}"
    ),
    "unknown directives": lambda: Request(DIRECTIVES, wide("id@x{0}", 600)),
    "many operations": lambda: Request(
        DEFINITIONS, "".join(f"query Q{i}{{id}}" for i in range(400))
    ),
    "operations without names": lambda: Request(INVALID, "{id}" * 100),
    "operations of one name": lambda: Request(INVALID, "query Q{id}" * 100),
    "many fragments unused": lambda: Request(
        INVALID, "{id}" + "".join(f"fragment F{i} on Query{{id}}" for i in range(99))
    ),
    "operations and fragments": lambda: Request(
        None, "".join(f"query Q{i}{{query{{...F0}}}}" for i in range(45))
        + fragments(50, "id ...{0}", "id")
    ),
    "operations, fragments and variables": lambda: Request(
        None,
        "".join(f"query Q{i}($a: Int){{query{{...F0}}}}" for i in range(45))
        + fragments(50, "value(number: $a) ...{0}", "id"),
    ),
    "variables unused": lambda: Request(
        INVALID, "query(" + " ".join(f"$v{i}: Int" for i in range(480)) + "){id}"
    ),
    "variables of one name": lambda: Request(
        INVALID, "query(" + "$v: Int " * 480 + "){value(number: $v)}"
    ),
    "variables undefined": lambda: Request(INVALID, wide("value(number: $v{0})", 250)),
    "unknown fields": lambda: Request(INVALID, wide("unknown{0}", 1_900)),
    "unknown arguments": lambda: Request(
        INVALID, "{value(" + " ".join(f"n{i}: 1" for i in range(640)) + ")}"
    ),
    "unknown types": lambda: Request(COMPARISONS, wide("...on T{0}{{id}}", 320)),
    "unknown fragments": lambda: Request(INVALID, wide("...F{0}", 900)),
    "unknown input fields": lambda: Request(
        INVALID, "{value(input: {" + " ".join(f"f{i}: 1" for i in range(640)) + "})}"
    ),
    "arguments of one name": lambda: Request(INVALID, "{value(" + "number: 1 " * 640 + ")}"),
    "input fields of one name": lambda: Request(
        INVALID, "{value(input: {" + "number: 1 " * 640 + "})}"
    ),
    # Fragments
    "fragments doubling": lambda: Request(
        ROOT_FIELDS, "{...F0}" + fragments(98, "...{0} ...{0}", "id")
    ),
    "fragments doubling below fields": lambda: Request(
        DEPTH, "{...F0}" + fragments(60, "query{...{0}} query{...{0}}", "id")
    ),
    "fragments doubling under aliases": lambda: Request(
        ALIASES, "{...F0}" + fragments(12, "a:query{...{0}} b:query{...{0}}", "id")
    ),
    "fragments doubling in lists": lambda: Request(
        COST,
        "query($n: Int){post{...F0}}"
        + fragments(10, "posts(first: $n){...{0}} ...on Post{posts(first: $n){...{0}}}", "id", "Post"),
        {"n": 2},
    ),
    "a fragment in itself": lambda: Request(INVALID, "{...F} fragment F on Query{...F}"),
    "a cycle of fragments": lambda: Request(
        INVALID, "{...F0}" + fragments(98, "...{0}", "...F0")
    ),
    "a cycle of fragments through fields": lambda: Request(
        INVALID, "{...F0}" + fragments(98, "query{...{0}}", "...F0")
    ),
    "fragments spreading all": lambda: Request(
        INVALID,
        "{...F0}"
        + "".join(
            f" fragment F{i} on Query {{{' '.join(f'...F{j}' for j in range(28))}}}"
            for i in range(28)
        ),
    ),
    # Fields that may merge
    "one field with arguments": lambda: Request(COMPARISONS, wide("value(number: 1)", 300)),
    "one field with other arguments": lambda: Request(
        COMPARISONS, wide("value(number: {0})", 300)
    ),
    "one field with large arguments": lambda: Request(
        None, wide("value(numbers: [" + "1 " * 90 + "])", 20)
    ),
    "one field of a field": lambda: Request(COMPARISONS, wide("query{{query{{id}}}}", 250)),
    "many fields of many fields": lambda: Request(
        COMPARISONS, wide("query{{" + "query{{id}}" * 11 + "}}", 40)
    ),
    "a tree of one field": lambda: Request(COMPARISONS, f"{{{tree(3, 5)}}}"),
    "one name for two fields": lambda: Request(COMPARISONS, wide("...{{id}} ...on Query{{id}}", 180)),
    "one field under two types": lambda: Request(
        COMPARISONS, wide("...on Post{{node{{id}}}} ...on User{{node{{id}}}}", 80, "node")
    ),
    "many fragments of one field": lambda: Request(COMPARISONS, all_of(99, "query{id}")),
    "many fragments of two leaves": lambda: Request(COMPARISONS, all_of(99, "id query{id}")),
    "many fields of a subscription": lambda: Request(
        COMPARISONS, "subscription{post{" + "id " * 1_900 + "}}"
    ),
    # Introspection
    "introspection of fields of fields": lambda: Request(
        INVALID, "{__schema{types{" + nested(8, "fields{type{", "name", "}}") + "}}}"
    ),
    "introspection 180 deep": lambda: Request(
        None, "{__schema{types{" + nested(180, "ofType{", "name") + "}}}"
    ),
    "introspection by fragments": lambda: Request(
        ALIASES,
        "{__schema{types{...F0}}}"
        + fragments(80, "ofType{...{0}} a:ofType{...{0}}", "name", "__Type"),
    ),
    # Variables
    "a list of 300,000": lambda: Request(
        VALUES, "query($v: [Int]){value(numbers: $v)}", {"v": [1] * 300_000}
    ),
    "100,000 lists": lambda: Request(
        VALUES, "query($v: [Int]){value(numbers: $v)}", {"v": [[]] * 100_000}
    ),
    "a list of 9,000": lambda: Request(
        None, "query($v: [Int]){value(numbers: $v)}", {"v": [1] * 9_000}
    ),
    "a wrong list of 9,000": lambda: Request(
        UNCOERCED, "query($v: [Int]){value(numbers: $v)}", {"v": ["a"] * 9_000}
    ),
    "inputs in a list": lambda: Request(
        None, "query($v: Input){value(input: $v)}", {"v": {"inputs": [{"number": 1}] * 4_900}}
    ),
    "an input 5,000 deep": lambda: Request(
        UNCOERCED, "query($v: Input){value(input: $v)}", {"v": deep(5_000, "input")}
    ),
    "variables that are not defined": lambda: Request(
        VALUES, "{id}", {f"v{i}": i for i in range(300_000)}
    ),
    "a text of 5 MB": lambda: Request(
        None, "query($v: String){value(text: $v)}", {"v": "x" * 5_000_000}
    ),
    "a size of 2**31": lambda: Request(
        COST, "query($v: Int){post{posts(first: $v){posts(first: $v){id}}}}", {"v": 2**31 - 1}
    ),
}  # fmt: skip
