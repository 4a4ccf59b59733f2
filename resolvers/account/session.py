"""Sessions: signing in, staying signed in, signing out."""

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from db.errors import Unauthenticated
from db.writes.accounts import sessions as writes
from db.writes.accounts.factors import Demand, sign_in
from loaders.session import SessionRow
from resolvers.account.proof import SecondFactorDemand, demand_of
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.permissions import Anyone, IsAuthenticated, IsInPerson
from resolvers.viewer import viewer_of


@strawberry.enum(description="How a client keeps a session.")
class SessionTransport(Enum):
    COOKIE = strawberry.enum_value(
        "COOKIE",
        description="A cookie that no script can read: for browsers. Requests then need the header"
        " `GraphQL-Require-Preflight: 1`.",
    )
    TOKENS = strawberry.enum_value(
        "TOKENS", description="An access token and a refresh token: for apps and servers."
    )


@strawberry.type(description="A place where the viewer is signed in.")
class Session(Node):
    row: ClassVar[type] = SessionRow

    method: str = strawberry.field(
        description="How the viewer signed in: `password`, `passkey`, a provider's name, or `email`, at"
        " first with a new account."
    )
    strong: bool = strawberry.field(description="Whether a second factor was used.")
    user_agent: str | None = strawberry.field(description="The program, as it calls itself.")
    address: str | None = strawberry.field(description="The network address it was last used from.")
    created_at: datetime = strawberry.field(description="When the viewer signed in.")
    used_at: datetime = strawberry.field(description="When it was last renewed.")
    expires_at: datetime = strawberry.field(description="When it ends unless it is renewed.")

    @field("Whether it is the one that this request belongs to.", reads=("id",))
    def current(parent: strawberry.Parent[SessionRow], info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and viewer.session_id == parent.id


@strawberry.type(description="What proves who the client is.")
class SessionTokens:
    access_token: str = strawberry.field(
        description="For the header `Authorization: Bearer …` of each request."
    )
    access_token_expires_at: datetime = strawberry.field(
        description="Until when it is good; get the next one with `refreshSession` before."
    )
    refresh_token: str = strawberry.field(
        description="For `refreshSession`, once: each one is good for the next one only."
    )
    refresh_token_expires_at: datetime = strawberry.field(
        description="Until when the session lasts unless it is renewed."
    )


@strawberry.input(description="Who signs in, and how the session is kept.")
class SignInInput:
    email: str = strawberry.field(description="The e-mail address.")
    password: str = strawberry.field(description="The password.")
    transport: SessionTransport = strawberry.field(
        default=SessionTransport.TOKENS, description="How the session is kept."
    )


@strawberry.type(description="A new session, or what is to be shown besides before there is one.")
class SignInPayload:
    tokens: SessionTokens | None = strawberry.field(
        description="Null where the session is kept in a cookie, and where there is none yet."
    )
    second_factor: SecondFactorDemand | None = strawberry.field(
        default=None,
        description="The second factor that `completeSignIn` must be given: nobody is signed in yet."
        " Null where the session has begun.",
    )


@strawberry.input(description="A session that goes on.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The refresh token got last.")


@strawberry.type(description="The session's next tokens.")
class RefreshSessionPayload:
    tokens: SessionTokens = strawberry.field(description="They replace the earlier ones.")


@strawberry.type(description="The end of the session.")
class SignOutPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type(description="The end of the viewer's sessions.")
class SignOutEverywherePayload:
    sessions: int = strawberry.field(description="How many sessions there were.")


@strawberry.input(description="A session to be ended.")
class RevokeSessionInput:
    id: strawberry.ID = strawberry.field(description="One of the viewer's sessions.")


@strawberry.type(description="The end of one session.")
class RevokeSessionPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class SessionMutation:
    @field("Signs in with an e-mail address and a password.", permissions=[Anyone])
    async def sign_in(
        self,
        info: Info,
        input: Annotated[SignInInput, strawberry.argument(description="Who signs in.")],
    ) -> SignInPayload:
        context = info.context
        started = await sign_in(
            context.database,
            context.authority,
            context.client,
            input.email,
            input.password,
            cookie=input.transport is SessionTransport.COOKIE,
        )
        if isinstance(started, Demand):
            return SignInPayload(tokens=None, second_factor=demand_of(started))
        return SignInPayload(tokens=await _handed_over(info, started, input.transport))

    @field(
        "Renews a session: gives the next access token and the next refresh token.",
        permissions=[Anyone],
    )
    async def refresh_session(
        self,
        info: Info,
        input: Annotated[RefreshSessionInput, strawberry.argument(description="The session.")],
    ) -> RefreshSessionPayload:
        context = info.context
        async with context.database.write() as tx:
            renewed = await writes.refresh_session(
                tx, context.authority, context.client, input.refresh_token
            )
        if renewed is None:
            raise Unauthenticated("This session is over: sign in again.")
        return RefreshSessionPayload(tokens=await tokens_of(info, renewed))

    @field(
        "Ends the session that this request belongs to.", permissions=[IsAuthenticated, IsInPerson]
    )
    async def sign_out(self, info: Info) -> SignOutPayload:
        viewer = viewer_of(info)
        if viewer.session_id is not None:
            await _end(info, viewer.session_id)
        info.context.exchange.cookie = ("", 0)
        return SignOutPayload(success=True)

    @field(
        "Ends all sessions of the viewer, this one too.", permissions=[IsAuthenticated, IsInPerson]
    )
    async def sign_out_everywhere(self, info: Info) -> SignOutEverywherePayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            ended = await writes.end_sessions(tx, context.client, viewer, viewer.user_id)
        context.exchange.changed.add(viewer.user_id)
        context.exchange.cookie = ("", 0)
        return SignOutEverywherePayload(sessions=len(ended))

    @field("Ends one session of the viewer.", permissions=[IsAuthenticated, IsInPerson])
    async def revoke_session(
        self,
        info: Info,
        input: Annotated[RevokeSessionInput, strawberry.argument(description="The session.")],
    ) -> RevokeSessionPayload:
        await _end(info, input.id)
        return RevokeSessionPayload(success=True)


async def begin(
    info: Info, user_id: str, method: str, transport: SessionTransport, *, strong: bool = False
) -> SessionTokens | None:
    """Starts a session; its tokens, or None where the response brings a cookie."""
    context = info.context
    async with context.database.write() as tx:
        started = await writes.start_session(
            tx,
            context.client,
            user_id,
            method,
            strong=strong,
            cookie=transport is SessionTransport.COOKIE,
        )
    return await _handed_over(info, started, transport)


async def _handed_over(
    info: Info, started: writes.Started, transport: SessionTransport
) -> SessionTokens | None:
    if transport is SessionTransport.TOKENS:
        return await tokens_of(info, started)
    left = (started.expires_at - datetime.now(UTC)).total_seconds()
    info.context.exchange.cookie = (started.token, round(left))
    return None


async def tokens_of(info: Info, started: writes.Started) -> SessionTokens:
    access, expires_at = await info.context.authority.access_token(started.user_id, started.id)
    return SessionTokens(
        access_token=access,
        access_token_expires_at=expires_at,
        refresh_token=started.token,
        refresh_token_expires_at=started.expires_at,
    )


async def _end(info: Info, session_id: str) -> None:
    context, viewer = info.context, viewer_of(info)
    async with context.database.write() as tx:
        await writes.end_session(tx, context.client, viewer, session_id)
    context.exchange.changed.add(viewer.user_id)
