"""Mail: from a template and its facts to a message, and from there to an SMTP server or a file."""
