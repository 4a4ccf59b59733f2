"""The viewer's account: signing up, in and out, keys, second factors, profile, data, deletion."""

from resolvers.account.api_key import ApiKeyMutation
from resolvers.account.deletion import DeletionMutation
from resolvers.account.email import EmailMutation
from resolvers.account.export import ExportMutation
from resolvers.account.identity import IdentityMutation, IdentityQuery
from resolvers.account.passkey import PasskeyMutation
from resolvers.account.password import PasswordMutation
from resolvers.account.profile import ProfileMutation
from resolvers.account.reset import PasswordResetMutation
from resolvers.account.second_factor import SecondFactorMutation
from resolvers.account.session import SessionMutation
from resolvers.account.sign_up import SignUpMutation

__all__ = [
    "ApiKeyMutation",
    "DeletionMutation",
    "EmailMutation",
    "ExportMutation",
    "IdentityMutation",
    "IdentityQuery",
    "PasskeyMutation",
    "PasswordMutation",
    "PasswordResetMutation",
    "ProfileMutation",
    "SecondFactorMutation",
    "SessionMutation",
    "SignUpMutation",
]
