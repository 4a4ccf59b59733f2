"""Which files of a folder are the publication's: Zola's, Hugo's and Jekyll's layout of folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.importers import files, frontmatter
from db.writes.records import BrokenSource, Note, Place

MARKDOWN = {".md", ".markdown"}
SECTION = "_index.md"
CONFIGS = (
    "zola.toml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.json",
)
JEKYLL_CONFIGS = ("_config.yml", "_config.yaml")
_OTHER_MARKUP = {
    ".html",
    ".htm",
    ".mdx",
    ".adoc",
    ".asciidoc",
    ".org",
    ".rst",
    ".textile",
    ".ipynb",
}


@dataclass(frozen=True, slots=True)
class Tree:
    """`files` are paths below `root`; `pages` those of its Markdown files that belong to the publication.

    `content` is where addresses start: `root` itself, or its `content` folder when it is a whole site.
    """

    root: Path
    content: PurePosixPath
    pages: tuple[PurePosixPath, ...]
    files: frozenset[PurePosixPath]
    config: PurePosixPath | None
    is_jekyll: bool
    notes: tuple[Note, ...]


def survey(source: Path) -> Tree:
    """Looks through a folder; raises BrokenSource."""
    found = list(files.walk(files.folder(source)))
    notes = [entry for entry in found if isinstance(entry, Note)]
    paths = [entry for entry in found if not isinstance(entry, Note)]
    config = _config(paths)
    content = _content(paths, config)
    belonging = [path for path in paths if path.is_relative_to(content)]
    foreign = [
        section for section in _sections(belonging, content) if not _is_transparent(source, section)
    ]
    own = [
        path for path in belonging if not any(path.is_relative_to(section) for section in foreign)
    ]
    notes += [
        _section_note(section) for section in foreign if not _inside_another(section, foreign)
    ]
    notes += [_markup_note(path) for path in own if path.suffix.lower() in _OTHER_MARKUP]
    pages = tuple(path for path in own if path.suffix.lower() in MARKDOWN)
    if not pages:
        raise BrokenSource(Place(str(source)), "no Markdown files in this folder")
    return Tree(source, content, pages, frozenset(paths), config, _is_jekyll(paths), tuple(notes))


def _config(paths: list[PurePosixPath]) -> PurePosixPath | None:
    names = (PurePosixPath(name) for name in (*CONFIGS, *JEKYLL_CONFIGS))
    return next((name for name in names if name in paths), None)


def _content(paths: list[PurePosixPath], config: PurePosixPath | None) -> PurePosixPath:
    folder = PurePosixPath("content")
    is_site = config is not None and any(path.is_relative_to(folder) for path in paths)
    return folder if is_site else PurePosixPath()


def _sections(paths: list[PurePosixPath], content: PurePosixPath) -> Iterator[PurePosixPath]:
    return (path.parent for path in paths if path.name == SECTION and path.parent != content)


def _is_transparent(root: Path, section: PurePosixPath) -> bool:
    # Zola: "if set to true, the pages of this section will be passed to the parent section".
    file = section / SECTION
    front = frontmatter.document(str(file), files.read_text(root, file)).front
    return front.flag("transparent") is True


def _inside_another(section: PurePosixPath, sections: list[PurePosixPath]) -> bool:
    return any(section != other and section.is_relative_to(other) for other in sections)


def _is_jekyll(paths: list[PurePosixPath]) -> bool:
    return any(
        path.name in JEKYLL_CONFIGS or {"_posts", "_drafts"} & set(path.parts) for path in paths
    )


def _section_note(section: PurePosixPath) -> Note:
    reason = "a section with its own _index.md is a publication of its own: import it by its path"
    return Note(Place(str(section / SECTION)), f"section `{section}`", reason)


def _markup_note(path: PurePosixPath) -> Note:
    return Note(Place(str(path)), f"{path.suffix} file", "only Markdown files are read")
