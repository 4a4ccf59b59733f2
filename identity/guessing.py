"""How hard a deployment's secret is to guess."""

from typing import Final

from zxcvbn import zxcvbn

LEAST_GUESSES: Final = 24
"""A power of ten. 32 random digits take more; words, patterns and what documentation shows, fewer."""
USUAL: Final = (
    "masthead",
    "secret",
    "change",
    "changeme",
    "please",
    "example",
    "replace",
    "before",
)
# As much as zxcvbn takes; it is enough to tell.
LOOKED_AT: Final = 72


def is_guessable(secret: str) -> bool:
    """Whether it is made of words, repetitions or sequences, as no random secret is.

    Estimated as by Wheeler, "zxcvbn: Low-Budget Password Strength Estimation" (USENIX Security 2016).
    """
    estimate = zxcvbn(secret[:LOOKED_AT], user_inputs=list(USUAL))
    return bool(estimate["guesses_log10"] < LEAST_GUESSES)
