"""Who belongs to a publication: invitations, roles, leaving."""
