"""The viewer's account: signing in and out, sessions, passwords, profile, data, deletion."""

from resolvers.account.deletion import DeletionMutation
from resolvers.account.export import ExportMutation
from resolvers.account.password import PasswordMutation
from resolvers.account.profile import ProfileMutation
from resolvers.account.session import SessionMutation

__all__ = [
    "DeletionMutation",
    "ExportMutation",
    "PasswordMutation",
    "ProfileMutation",
    "SessionMutation",
]
