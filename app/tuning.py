"""How the interpreter and its memory are set up for a server's work."""

import ctypes
import gc
import os
import sys
from typing import Final

# Seconds that the event loop waits for its turn while a thread is at work, such as on a new document.
TURN: Final = 0.0002

# Bytes from which a block of memory goes back to the system as soon as it is free, such as a large body
# and what was made of it. By itself the GNU C library keeps more from the first such block on.
BLOCK: Final = 256 * 1024
# mallopt(3) of that library; others have none, or know the parameter by no other meaning.
M_MMAP_THRESHOLD: Final = -3


def tune() -> None:
    """Called once, when all that is here to stay has been made."""
    sys.setswitchinterval(TURN)
    _spare_the_collector()
    _return_large_blocks()


def _spare_the_collector() -> None:
    """A garbage collection goes through nothing that is here to stay."""
    gc.collect()
    gc.freeze()


def _return_large_blocks() -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None and "MALLOC_MMAP_THRESHOLD_" not in os.environ:
        mallopt(M_MMAP_THRESHOLD, BLOCK)
