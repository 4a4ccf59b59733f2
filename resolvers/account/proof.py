"""What people show to prove who they are: passwords, codes, passkeys."""

from datetime import datetime
from enum import Enum
from typing import Final

import strawberry

from db.errors import FieldError, Invalid
from db.writes.accounts.factors import Answer, Demand
from db.writes.accounts.passkeys import Request
from resolvers.scalars import JSON

OPTIONS: Final = (
    "What the browser is asked: the argument of `PublicKeyCredential.parseRequestOptionsFromJSON`."
)


@strawberry.enum(description="A way to show a second factor.")
class SecondFactorMethod(Enum):
    PASSKEY = strawberry.enum_value("PASSKEY", description="A passkey.")
    RECOVERY_CODE = strawberry.enum_value(
        "RECOVERY_CODE", description="One of the recovery codes, each of which works once."
    )
    TOTP = strawberry.enum_value("TOTP", description="A code of an authenticator app.")


@strawberry.type(description="A sign-in that waits for a second factor.")
class SecondFactorDemand:
    token: str = strawberry.field(description="For `completeSignIn`.")
    methods: list[SecondFactorMethod] = strawberry.field(description="What may be shown.")
    expires_at: datetime = strawberry.field(description="Until when, at the latest.")
    passkey_options: JSON | None = strawberry.field(description=f"{OPTIONS} Null without passkeys.")


@strawberry.type(description="A request for a passkey that the viewer or anybody has.")
class PasskeyRequest:
    token: str = strawberry.field(description="To be sent along with the passkey's answer, once.")
    options: JSON = strawberry.field(description=OPTIONS)
    expires_at: datetime = strawberry.field(description="Until when the answer must be there.")


@strawberry.input(description="A passkey's answer to `startPasskeyStepUp`.")
class PasskeyAnswerInput:
    token: str = strawberry.field(description="The request's token.")
    credential: JSON = strawberry.field(description="What `PublicKeyCredential.toJSON` gives.")


def demand_of(demand: Demand) -> SecondFactorDemand:
    return SecondFactorDemand(
        token=demand.asked.token,
        methods=[SecondFactorMethod[method] for method in demand.methods],
        expires_at=demand.asked.expires_at,
        passkey_options=None if demand.passkey_options is None else JSON(demand.passkey_options),
    )


def request_of(request: Request) -> PasskeyRequest:
    return PasskeyRequest(
        token=request.asked.token,
        options=JSON(request.options),
        expires_at=request.asked.expires_at,
    )


def only_answer(**answers: Answer | None) -> tuple[str, Answer]:
    """The one that is given, and the input's field that it is; raises Invalid for none and several."""
    given = [(name, answer) for name, answer in answers.items() if answer is not None]
    if len(given) == 1:
        return given[0]
    message = f"Give one of {', '.join(answers)}."
    raise Invalid(message, [FieldError(("input",), message)])


def totp(code: str | None) -> Answer | None:
    return None if code is None else Answer("TOTP", code)


def recovery_code(code: str | None) -> Answer | None:
    return None if code is None else Answer("RECOVERY_CODE", code)
