import pytest

from app import observability


@pytest.fixture(autouse=True)
def _impatient_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observability, "DELAY", 0)
