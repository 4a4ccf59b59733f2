#!/bin/sh
# Prints the Python to use: 3.11 to 3.14, with what `venv` needs. One line on standard error if none.
set -eu

usable='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
found=
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c "$usable" 2>/dev/null; then
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            command -v "$python"
            exit
        fi
        found=${found:-$python}
    fi
done
if [ -n "$found" ]; then
    echo "$found has no venv module with pip: install it (Debian, Ubuntu: apt-get install python3-venv)" >&2
else
    echo "Masthead needs Python 3.11 to 3.14, and python3 is $(python3 --version 2>/dev/null || echo missing)" >&2
fi
exit 1
