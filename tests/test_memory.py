"""The folder of a run in memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import memory


def test_what_a_killed_run_left_goes_and_what_others_use_stays(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, used = (tmp_path / f"{memory.PREFIX}{pid}" for pid in (ended.pid, os.getppid()))
    for folder in (left, used):
        (folder / "postgres").mkdir(parents=True)
    made = memory.folder(tmp_path)
    assert made == tmp_path / f"{memory.PREFIX}{os.getpid()}"
    assert sorted(tmp_path.iterdir()) == sorted([used, made])


def test_there_is_none_without_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory.folder(tmp_path / "nowhere") is None
    monkeypatch.setattr(memory, "ENOUGH", 1 << 60)
    assert memory.folder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
