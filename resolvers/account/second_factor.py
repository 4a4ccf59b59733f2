"""Second factors: turned on and off, shown when somebody signs in and before something dangerous."""

from datetime import datetime
from typing import Annotated, ClassVar

import strawberry

from db.errors import FieldError, Invalid
from db.writes.accounts import totp as writes
from db.writes.accounts.factors import (
    WRONG,
    Answer,
    prove_second_factor,
    resume_sign_in,
    step_up,
)
from db.writes.accounts.recovery import regenerate_recovery_codes
from loaders.factor import PasskeysByUser, SecondFactorsRow
from resolvers.account.passkey import Passkey
from resolvers.account.proof import (
    PasskeyAnswerInput,
    SecondFactorDemand,
    demand_of,
    only_answer,
    recovery_code,
    totp,
)
from resolvers.account.session import SessionTokens, SessionTransport, begin
from resolvers.context import Info
from resolvers.fields import SHORT, field, related
from resolvers.permissions import Anyone, HasProvenRecently, IsAuthenticated, IsInPerson
from resolvers.scalars import JSON
from resolvers.viewer import viewer_of

CODES = "Ten codes that are shown this once, each of which stands in for a second factor once."


@strawberry.type(description="What the viewer must show besides a password to sign in.")
class SecondFactors:
    row: ClassVar[type] = SecondFactorsRow

    totp_since: datetime | None = strawberry.field(
        description="Since when an authenticator app is in use; null where none is."
    )
    recovery_codes_left: int = strawberry.field(
        description="How many recovery codes have not been used."
    )
    passkeys: list[Passkey] = related(
        "The viewer's passkeys, the newest first.", PasskeysByUser, directives=[SHORT]
    )


@strawberry.type(description="An authenticator app that waits to be confirmed.")
class SetUpTotpPayload:
    secret: str = strawberry.field(description="The seed in base32, for those who type it.")
    uri: str = strawberry.field(description="The same as an `otpauth:` address, for a QR code.")


@strawberry.input(description="The first code of an authenticator app.")
class ConfirmTotpInput:
    code: str = strawberry.field(description="The six digits that the app shows.")


@strawberry.type(description="An authenticator app that is in use.")
class ConfirmTotpPayload:
    recovery_codes: list[str] = strawberry.field(
        description=f"{CODES} Empty where codes from before are left."
    )


@strawberry.type(description="The end of an authenticator app's use.")
class DisableTotpPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type(description="New recovery codes; the earlier ones are good for nothing.")
class RegenerateRecoveryCodesPayload:
    recovery_codes: list[str] = strawberry.field(description=CODES)


@strawberry.input(description="A sign-in that waits for a second factor.")
class ResumeSignInInput:
    token: str = strawberry.field(
        description="What follows `#second_factor=` where an identity provider's sign-in came back to; or"
        " the token of a `SecondFactorDemand`, as before a page was loaded anew."
    )


@strawberry.type(description="A sign-in that still waits for a second factor.")
class ResumeSignInPayload:
    second_factor: SecondFactorDemand = strawberry.field(
        description="What `completeSignIn` must be given, with its new token: the one before is good"
        " for nothing. There is no more time than before, and no more attempts."
    )


@strawberry.input(description="A second factor for a sign-in: one of the three.")
class CompleteSignInInput:
    token: str = strawberry.field(description="The token that `signIn` or `resumeSignIn` gave.")
    totp_code: str | None = strawberry.field(
        default=None, description="A code of the authenticator app."
    )
    recovery_code: str | None = strawberry.field(default=None, description="A recovery code.")
    passkey: JSON | None = strawberry.field(
        default=None,
        description="What `PublicKeyCredential.toJSON` gives, in answer to `passkeyOptions`.",
    )
    transport: SessionTransport = strawberry.field(
        default=SessionTransport.TOKENS, description="How the session is kept."
    )


@strawberry.type(description="A new session.")
class CompleteSignInPayload:
    tokens: SessionTokens | None = strawberry.field(
        description="Null where the session is kept in a cookie."
    )


@strawberry.input(
    description="A proof of who the viewer is, one of the four; where there is a second factor, that."
)
class StepUpInput:
    password: str | None = strawberry.field(default=None, description="The password.")
    totp_code: str | None = strawberry.field(
        default=None, description="A code of the authenticator app."
    )
    recovery_code: str | None = strawberry.field(default=None, description="A recovery code.")
    passkey: PasskeyAnswerInput | None = strawberry.field(
        default=None, description="A passkey's answer to `startPasskeyStepUp`."
    )


@strawberry.type(description="A session that may do what is dangerous, for ten minutes.")
class StepUpPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class SecondFactorMutation:
    @field(
        "Goes on with a sign-in that waits for a second factor: says which, under another token.",
        permissions=[Anyone],
    )
    async def resume_sign_in(
        self,
        info: Info,
        input: Annotated[ResumeSignInInput, strawberry.argument(description="The sign-in.")],
    ) -> ResumeSignInPayload:
        context = info.context
        async with context.database.write() as tx:
            demand = await resume_sign_in(tx, context.authority, input.token)
        return ResumeSignInPayload(second_factor=demand_of(demand))

    @field(
        "Signs in for good, with the second factor that the sign-in has asked for.",
        permissions=[Anyone],
    )
    async def complete_sign_in(
        self,
        info: Info,
        input: Annotated[CompleteSignInInput, strawberry.argument(description="The proof.")],
    ) -> CompleteSignInPayload:
        context = info.context
        _, answer = only_answer(
            totpCode=totp(input.totp_code),
            recoveryCode=recovery_code(input.recovery_code),
            passkey=None if input.passkey is None else Answer("PASSKEY", input.passkey),
        )
        proven = await prove_second_factor(
            context.database, context.authority, context.client, input.token, answer
        )
        tokens = await begin(info, proven.user_id, proven.method, input.transport, strong=True)
        return CompleteSignInPayload(tokens=tokens)

    @field(
        "Proves again who the viewer is: what fails with STEP_UP_REQUIRED then works for ten minutes.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def step_up(
        self,
        info: Info,
        input: Annotated[StepUpInput, strawberry.argument(description="The proof.")],
    ) -> StepUpPayload:
        context, viewer, key = info.context, viewer_of(info), input.passkey
        name, answer = only_answer(
            password=None if input.password is None else Answer("PASSWORD", input.password),
            totpCode=totp(input.totp_code),
            recoveryCode=recovery_code(input.recovery_code),
            passkey=None if key is None else Answer("PASSKEY", key.credential, key.token),
        )
        path = ("input", name)
        await step_up(context.database, context.authority, context.client, viewer, answer, path)
        context.exchange.changed.add(viewer.user_id)
        return StepUpPayload(success=True)

    @field(
        "Makes a seed for an authenticator app; it counts once `confirmTotp` has had a code of it.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def set_up_totp(self, info: Info) -> SetUpTotpPayload:
        context = info.context
        async with context.database.write() as tx:
            seed = await writes.set_up_totp(tx, context.authority, context.client, viewer_of(info))
        return SetUpTotpPayload(secret=seed.secret, uri=seed.address)

    @field(
        "Turns the authenticator app on that was set up last.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def confirm_totp(
        self,
        info: Info,
        input: Annotated[ConfirmTotpInput, strawberry.argument(description="The code.")],
    ) -> ConfirmTotpPayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            codes = await writes.confirm_totp(
                tx, context.authority, context.client, viewer, input.code
            )
        if codes is None:
            raise Invalid(WRONG, [FieldError(("input", "code"), WRONG)])
        context.exchange.changed.add(viewer.user_id)
        return ConfirmTotpPayload(recovery_codes=codes)

    @field(
        "Turns the authenticator app off.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def disable_totp(self, info: Info) -> DisableTotpPayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            await writes.disable_totp(tx, context.client, viewer)
        context.exchange.changed.add(viewer.user_id)
        return DisableTotpPayload(success=True)

    @field(
        "Replaces the viewer's recovery codes by new ones.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def regenerate_recovery_codes(self, info: Info) -> RegenerateRecoveryCodesPayload:
        context = info.context
        async with context.database.write() as tx:
            codes = await regenerate_recovery_codes(tx, context.client, viewer_of(info))
        return RegenerateRecoveryCodesPayload(recovery_codes=codes)
