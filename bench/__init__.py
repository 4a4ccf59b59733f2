"""How fast Masthead is beside stock Strawberry, a hand-written server and the servers of Node."""
