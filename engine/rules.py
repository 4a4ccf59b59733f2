"""The rules that documents are validated by: all of the specification's."""

from typing import Final

from graphql import specified_rules

RULES: Final = specified_rules
