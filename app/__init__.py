"""Processes and wiring: the HTTP server, the `masthead` command, the importers of other formats."""
