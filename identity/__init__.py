"""Proofs of who somebody is: passwords, tokens, keys. Pure functions, without a database."""
