"""Advisory locks on whole files (flock(2)), which end with the last process that holds the file open."""

import fcntl
import os
from types import TracebackType


class Lock:
    """An open lock file, closed at the end of the `with` block; taken by one of its methods.

    Closing gives the lock back unless a child process has inherited the file.
    """

    def __init__(self, path: str, flags: int = os.O_RDWR | os.O_CREAT) -> None:
        self._file = os.open(path, flags, 0o600)

    def __enter__(self) -> "Lock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._file)

    def fileno(self) -> int:
        return self._file

    def shared(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def exclusive(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        """Whether nobody else holds it, in which case it is ours."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
