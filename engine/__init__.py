"""Room for an executor of its own: a library that imports nothing of Masthead. Empty so far."""
