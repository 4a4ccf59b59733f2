"""From a request's credentials to who is asking."""
