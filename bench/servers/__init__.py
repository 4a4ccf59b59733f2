"""The servers of Python that Masthead is measured beside; those of Node are in bench/peers."""
