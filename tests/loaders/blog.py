"""A small publication with something of everything, and many rows that tie in their order."""

from dataclasses import dataclass
from functools import cached_property

from db.database import Database
from db.models import comment, draft, page, post, publication, series, tag, user
from tests.loaders import rows
from tests.loaders.rows import Row, day, numbered

SIZE = 11


@dataclass(frozen=True)
class Blog:
    """Its rows, the same in every process: SIZE of each, neighbours sharing their time and counts."""

    @cached_property
    def users(self) -> list[Row]:
        return [
            rows.user(f"user{n}", id=numbered("user", n), created_at=day(n // 2))
            for n in range(SIZE)
        ]

    @property
    def owner(self) -> Row:
        return self.users[0]

    @cached_property
    def publications(self) -> list[Row]:
        return [
            rows.publication(
                self.owner,
                f"blog{n}.test",
                id=numbered("pub", n),
                created_at=day(n // 2),
                updated_at=day(-n // 2),
            )
            for n in range(SIZE)
        ]

    @property
    def publication(self) -> Row:
        return self.publications[0]

    @cached_property
    def memberships(self) -> list[Row]:
        owned = [
            rows.membership(each, self.owner, "OWNER", created_at=day(0))
            for each in self.publications
        ]
        others = [
            rows.membership(self.publication, each, "EDITOR", created_at=day(n // 2))
            for n, each in enumerate(self.users[1:])
        ]
        return owned + others

    @cached_property
    def series(self) -> list[Row]:
        return [
            rows.series(
                self.publication,
                self.owner,
                f"series-{n}",
                id=numbered("series", n),
                created_at=day(n // 2),
            )
            for n in range(SIZE)
        ]

    @cached_property
    def tag(self) -> Row:
        return rows.tag("rust", id=numbered("tag", 0))

    @cached_property
    def pages(self) -> list[Row]:
        return [
            rows.page(self.publication, f"page-{n}", id=numbered("page", n), created_at=day(n // 2))
            for n in range(SIZE)
        ]

    @cached_property
    def posts(self) -> list[Row]:
        return [
            rows.post(
                self.publication,
                self.owner,
                f"post-{n}",
                id=numbered("post", n),
                published_at=day(n // 2),
                reaction_count=n // 4,
                series_id=self.series[0]["id"],
            )
            for n in range(SIZE)
        ]

    @cached_property
    def post_tags(self) -> list[Row]:
        return [{"post_id": each["id"], "tag_id": self.tag["id"]} for each in self.posts]

    @cached_property
    def comments(self) -> list[Row]:
        return [
            rows.comment(
                self.posts[0],
                self.users[n],
                id=numbered("comment", n),
                created_at=day(n // 2),
                reaction_count=n // 4,
            )
            for n in range(SIZE)
        ]

    @cached_property
    def replies(self) -> list[Row]:
        return [
            rows.reply(
                self.comments[0],
                self.users[n // 2],
                id=numbered("reply", n),
                created_at=day(n // 2),
            )
            for n in range(SIZE)
        ]

    @cached_property
    def drafts(self) -> list[Row]:
        return [
            rows.draft(
                self.publication,
                self.owner,
                id=numbered("draft", n),
                title=f"Draft {n}",
                updated_at=day(n // 2),
            )
            for n in range(SIZE)
        ]

    async def store(self, database: Database) -> None:
        await rows.add(
            database,
            (user.User, self.users),
            (publication.Publication, self.publications),
            (publication.Membership, self.memberships),
            (series.Series, self.series),
            (tag.Tag, [self.tag]),
            (page.StaticPage, self.pages),
            (post.Post, self.posts),
            (post.PostTag, self.post_tags),
            (comment.Comment, self.comments),
            (comment.Comment, self.replies),
            (draft.Draft, self.drafts),
        )
