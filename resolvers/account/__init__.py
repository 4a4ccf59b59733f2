"""The viewer's account: signing in and out, sessions, passwords."""

from resolvers.account.api_key import ApiKeyMutation
from resolvers.account.password import PasswordMutation
from resolvers.account.session import SessionMutation

__all__ = ["ApiKeyMutation", "PasswordMutation", "SessionMutation"]
