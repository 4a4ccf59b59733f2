"""The viewer's account: signing in and out, keys, second factors, profile, data, deletion."""

from resolvers.account.api_key import ApiKeyMutation
from resolvers.account.deletion import DeletionMutation
from resolvers.account.export import ExportMutation
from resolvers.account.passkey import PasskeyMutation
from resolvers.account.password import PasswordMutation
from resolvers.account.profile import ProfileMutation
from resolvers.account.second_factor import SecondFactorMutation
from resolvers.account.session import SessionMutation

__all__ = [
    "ApiKeyMutation",
    "DeletionMutation",
    "ExportMutation",
    "PasskeyMutation",
    "PasswordMutation",
    "ProfileMutation",
    "SecondFactorMutation",
    "SessionMutation",
]
