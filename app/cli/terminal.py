"""What people read: results on standard output, progress and failures on standard error."""

from rich.console import Console

output = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)


def progress(line: str) -> None:
    """One line as it is, on standard error."""
    errors.print(line)
