"""Managing the members of publications: inviting, joining, roles, leaving."""

from resolvers.members.invitations import InvitationMutation
from resolvers.members.members import MemberMutation
from resolvers.members.role_invitations import RoleInvitationMutation

__all__ = ["InvitationMutation", "MemberMutation", "RoleInvitationMutation"]
