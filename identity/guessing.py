"""How hard a deployment's secret is to guess.

A program too, for importing it takes 12 MB: `python -m identity.guessing` reads secrets, a JSON list,
from its standard input, and ends with 1 when one of them can be guessed, with 0 otherwise.
"""

import json
import re
import sys
from typing import Final

from zxcvbn import zxcvbn

LEAST_GUESSES: Final = 22
"""A power of ten. 32 random digits take more; words, patterns and what documentation shows, fewer."""
# What stands in secrets that somebody has written, and adds nothing to them.
USUAL: Final = re.compile(
    "before|change|default|example|key|masthead|password|please|production|replace|secret|this|use"
)
# As much as zxcvbn takes; it is enough to tell.
LOOKED_AT: Final = 72


def is_guessable(secret: str) -> bool:
    """Whether it is made of words, repetitions or sequences, as no random secret is.

    Estimated as by Wheeler, "zxcvbn: Low-Budget Password Strength Estimation" (USENIX Security 2016).
    """
    rest = USUAL.sub("", secret.lower())[:LOOKED_AT]
    return not rest or bool(zxcvbn(rest)["guesses_log10"] < LEAST_GUESSES)


if __name__ == "__main__":
    sys.exit(any(map(is_guessable, json.load(sys.stdin))))
