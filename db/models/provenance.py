"""Where imported rows came from, so that importing again finds them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, now_column


class Provenance(Base):
    """One imported record of a source: its kind and key there, the row it became, its digest.

    The digest (SHA-256 of the record) tells an unchanged record without comparing rows. `row_id` has no
    foreign key, for it points into many tables; a row deleted since leaves its provenance behind, and a
    later import makes the row anew.
    """

    __tablename__ = "import_provenance"

    publication_id: Mapped[str] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[str] = mapped_column(index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    imported_at: Mapped[datetime] = now_column()

    __table_args__ = (CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),)
