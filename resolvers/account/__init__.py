"""The viewer's account: signing in and out, sessions, passwords, identities elsewhere."""

from resolvers.account.identity import IdentityMutation, IdentityQuery
from resolvers.account.password import PasswordMutation
from resolvers.account.session import SessionMutation

__all__ = ["IdentityMutation", "IdentityQuery", "PasswordMutation", "SessionMutation"]
