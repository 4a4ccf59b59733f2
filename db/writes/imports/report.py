"""What an import did, for the operator."""

from dataclasses import dataclass, field

from db.writes.records import Note, Place


@dataclass(slots=True)
class Count:
    """How many records of one kind made a row, changed one, or found it as it should be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, outcome: str) -> None:
        """Counts one record; one whose row was there before the first import counts as unchanged."""
        self.created += outcome == "created"
        self.updated += outcome == "updated"
        self.unchanged += outcome in ("unchanged", "recognised")


@dataclass(frozen=True, slots=True)
class ImportedDraft:
    """A draft of the source, so that the operator can look at it by its id."""

    title: str | None
    id: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record that an earlier import brought and the source has no longer; its row stays."""

    kind: str
    key: str


@dataclass(slots=True)
class Report:
    """`counts` is by kind (`post`, `draft` ...); `notes` say what came in changed or not at all."""

    host: str
    publication_id: str = ""
    counts: dict[str, Count] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    drafts: list[ImportedDraft] = field(default_factory=list)
    missing: list[MissingRecord] = field(default_factory=list)

    def changed(self, place: Place, element: str, reason: str) -> None:
        """Notes an element that came in, but not as it was."""
        self.notes.append(Note(place, element, reason, dropped=False))

    def dropped(self, place: Place, element: str, reason: str) -> None:
        """Notes an element that did not come in."""
        self.notes.append(Note(place, element, reason))
