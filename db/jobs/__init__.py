"""Jobs: what is to be done once a transaction is committed, and only then."""

from typing import Final

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONValue
from sqlalchemy.ext.asyncio import AsyncConnection

# It is never opened: jobs travel on the connection of the transaction that wants them done.
_APP: Final = App(connector=PsycopgConnector())


async def defer(tx: AsyncConnection, task: str, **arguments: JSONValue) -> None:
    """Has the worker (`app.jobs`) do `task` with these arguments, in JSON, once `tx` is committed.

    Each task has a queue of its own: a worker of an older version leaves what it does not know.
    """
    raw = await tx.get_raw_connection()
    configured = _APP.configure_task(
        task, allow_unknown=True, queue=task, connection=raw.driver_connection
    )
    await configured.defer_async(**arguments)
