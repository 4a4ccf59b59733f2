"""Everything that is kept of the viewer."""

from typing import Annotated

import strawberry

from db.writes.accounts import export as writes
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import IsAuthenticated, IsInPerson
from resolvers.viewer import viewer_of


@strawberry.input(description="Which part of the data is wanted.")
class ExportMyDataInput:
    after: str | None = strawberry.field(
        default=None, description="The `endCursor` of the part before; nothing for the first part."
    )


@strawberry.type(description="A part of what is kept of the viewer.")
class ExportMyDataPayload:
    data: str = strawberry.field(
        description="JSON Lines, about a million characters at most: each line is an object whose"
        f" `kind` is one of {', '.join(f'`{kind}`' for kind in writes.SECTIONS)}, in this order."
    )
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` to get the next part; null in the last one."
    )


@strawberry.type
class ExportMutation:
    @field(
        "Gives the viewer all that is kept of them, without passwords and other secrets, part by"
        " part. It is a mutation because the audit log says that it was done.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def export_my_data(
        self,
        info: Info,
        input: Annotated[
            ExportMyDataInput | None, strawberry.argument(description="Which part.")
        ] = None,
    ) -> ExportMyDataPayload:
        context = info.context
        async with context.database.write() as tx:
            part = await writes.export_my_data(
                tx, context.client, viewer_of(info), input.after if input else None
            )
        return ExportMyDataPayload(data=part.data, end_cursor=part.end)
