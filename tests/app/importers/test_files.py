"""Only what lies inside the folder is read, and a broken file names itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.writes.records import BrokenSource, PostRecord

Read = Callable[[str, Path], Any]


def write(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        (b"---\ntitle: a\n---\nfine\nbad \xff\n", 5, "byte 0xff at offset 26 is not UTF-8"),
        ("+++\ntitle = 'a'\ndate = \n+++\n", 3, "broken TOML: Invalid value"),
        ("+++\ntitle = 'a'\n", 1, "the front matter opened by +++ is never closed"),
        ("---\ntitle: a\ntags: [a\n---\n", 4, "broken YAML: did not find expected ',' or ']'"),
        (
            "---\ntitle: !!python/object:os.system x\n---\n",
            2,
            "broken YAML: could not determine a constructor",
        ),
        ('{\n "title": "a",\n "date" 1\n}\n', 3, "broken JSON: Expecting ':' delimiter"),
        ("---\n- a\n---\n", 2, "the YAML is not a table of fields"),
        ("---\ntitle: a\ndate: soon\n---\n", 3, "front matter `date`: 'soon' is not a date"),
        ("---\ntitle:\n  - a\ndate: 2024-01-01\n---\n", 2, "front matter `title`: expected text"),
        (
            "---\ntitle: a\ndate: 2024-13-45\n---\n",
            3,
            "front matter `date`: '2024-13-45' is not a date",
        ),
        ("---\nauthors: [[a]]\ntitle: a\n---\n", 2, "front matter `author`: expected text"),
    ],
)
def test_broken_file_names_line_and_cause(
    read: Read, tmp_path: Path, content: str | bytes, line: int, cause: str
) -> None:
    write(tmp_path, "posts/a.md", content)
    with pytest.raises(BrokenSource) as raised:
        read("markdown", tmp_path)
    assert raised.value.place.file == "posts/a.md"
    assert raised.value.cause.startswith(cause)
    assert raised.value.place.line == line


def test_yaml_aliases_do_not_grow_without_bound(read: Read, tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    write(tmp_path, "a.md", f"---\ntitle: a\nl0: &l0 [a]\n{levels}\n---\n")
    with pytest.raises(BrokenSource, match="more than 10000 values"):
        read("markdown", tmp_path)


def test_yaml_that_holds_itself_is_refused(read: Read, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\ntags: &a [*a]\n---\n")
    with pytest.raises(BrokenSource, match="more than 10000 values"):
        read("markdown", tmp_path)


@pytest.mark.parametrize("opening", ["a = " + "[" * 5000, "a: " + "[" * 5000])
def test_deep_nesting_is_refused(read: Read, tmp_path: Path, opening: str) -> None:
    fence = "+++" if "=" in opening else "---"
    write(tmp_path, "a.md", f"{fence}\n{opening}\n{fence}\n")
    with pytest.raises(BrokenSource):
        read("markdown", tmp_path)


def test_byte_order_mark_and_windows_line_ends(read: Read, tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.md",
        b"\xef\xbb\xbf---\r\ntitle: a\r\ndate: 2024-01-01\r\n---\r\none\r\ntwo\x00\r\n",
    )
    assert read("markdown", tmp_path).post("a.md").markdown == "one\ntwo\ufffd"


def test_links_out_of_the_folder_are_not_followed(read: Read, tmp_path: Path) -> None:
    write(tmp_path, "secret/key.md", "---\ntitle: secret\ndate: 2024-01-01\n---\n")
    write(
        tmp_path,
        "site/a.md",
        "---\ntitle: a\ndate: 2024-01-01\n---\n![x](../secret/key.png) ![y](y.png)\n",
    )
    write(tmp_path, "secret/key.png", b"")
    (tmp_path / "site" / "b.md").symlink_to(tmp_path / "secret" / "key.md")
    (tmp_path / "site" / "c").symlink_to(tmp_path / "secret")
    (tmp_path / "site" / "d.md").symlink_to(tmp_path / "site" / "a.md")
    (tmp_path / "site" / "y.png").symlink_to(tmp_path / "secret" / "key.png")
    stream = read("markdown", tmp_path / "site")
    assert [post.key for post in stream.all(PostRecord)] == ["a.md", "d.md"]
    assert [media.file for media in stream.post("a.md").media] == [None, None]
    places = [place for place, element in stream.notes() if element == "symbolic link"]
    assert places == ["c", "b.md", "y.png"]


def test_hidden_files_and_tools_are_left_out(read: Read, tmp_path: Path) -> None:
    write(tmp_path, ".git/a.md", "\xff")
    write(tmp_path, "node_modules/b.md", b"\xff")
    write(tmp_path, "_layouts/c.md", b"\xff")
    write(tmp_path, "d.md", "+++\ntitle = 'D'\ndate = 2024-01-01\nauthor = 'E'\n+++\nD")
    stream = read("markdown", tmp_path)
    assert stream.notes() == [("_layouts", "folder"), ("node_modules", "folder")]
    assert [post.key for post in stream.all(PostRecord)] == ["d.md"]


def test_a_folder_without_markdown(read: Read, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a")
    with pytest.raises(BrokenSource, match="no Markdown files in this folder"):
        read("markdown", tmp_path)


def deep(levels: int) -> str:
    head = f"title: D\ndate: 2024-01-01\nauthor: E\nq: {'[' * levels}{']' * levels}"
    return f"---\n{head}\n---\nD"


def test_a_field_that_nests_is_shortened_in_its_note(read: Read, tmp_path: Path) -> None:
    write(tmp_path, "d.md", deep(90))
    assert read("markdown", tmp_path).notes() == [("d.md:5", "front matter `q`")]


def test_a_field_that_nests_too_deep_is_refused(read: Read, tmp_path: Path) -> None:
    write(tmp_path, "d.md", deep(100_000))
    with pytest.raises(BrokenSource, match=r"d\.md:2: YAML nested too deeply"):
        read("markdown", tmp_path)


@pytest.mark.parametrize("name", ["markdown", "hashnode"])
def test_missing_folder(read: Read, tmp_path: Path, name: str) -> None:
    with pytest.raises(BrokenSource, match="gone: does not exist"):
        read(name, tmp_path / "gone")


def test_file_in_place_of_a_folder(read: Read, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a")
    with pytest.raises(BrokenSource, match=r"a\.md: is not a folder"):
        read("markdown", tmp_path / "a.md")


@pytest.mark.parametrize("name", ["wordpress", "ghost"])
def test_missing_export(read: Read, tmp_path: Path, name: str) -> None:
    with pytest.raises(BrokenSource, match="gone: cannot be read: No such file or directory"):
        read(name, tmp_path / "gone")
