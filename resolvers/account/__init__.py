"""The viewer's account: signing in and out, sessions, passwords, second factors."""

from resolvers.account.api_key import ApiKeyMutation
from resolvers.account.passkey import PasskeyMutation
from resolvers.account.password import PasswordMutation
from resolvers.account.second_factor import SecondFactorMutation
from resolvers.account.session import SessionMutation

__all__ = [
    "ApiKeyMutation",
    "PasskeyMutation",
    "PasswordMutation",
    "SecondFactorMutation",
    "SessionMutation",
]
