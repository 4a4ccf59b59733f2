"""The viewer's account: signing up, in and out, sessions, passwords, addresses."""

from resolvers.account.email import EmailMutation
from resolvers.account.password import PasswordMutation
from resolvers.account.reset import PasswordResetMutation
from resolvers.account.session import SessionMutation
from resolvers.account.sign_up import SignUpMutation

__all__ = [
    "EmailMutation",
    "PasswordMutation",
    "PasswordResetMutation",
    "SessionMutation",
    "SignUpMutation",
]
