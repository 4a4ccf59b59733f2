#!/bin/sh
# Prints the Python to use: $PYTHON if that is set, else python3, or another of 3.11 to 3.14 in PATH that
# is clearly faster: builds of the same version differ by half. One line on standard error if none will do.
set -eu

# Prints how long it takes over what a server does most, dictionaries of rows.
probe='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit(3)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(4)
from timeit import repeat
rows = [(i, str(i), None, i) for i in range(100)]
def work():
    made = []
    for it in rows:
        made.append({"a": it[0], "b": it[1], "c": it[2], "d": it[3]})
    return made
print(round(min(repeat(work, number=200, repeat=20)) * 100_000))
'
chosen=
best=0
without_venv=

try() {
    status=0
    time=$("$1" -c "$probe" 2>/dev/null) || status=$?
    if [ $status = 4 ]; then
        without_venv=${without_venv:-$1}
    elif [ $status = 0 ] && { [ -z "$chosen" ] || [ $((time * 10)) -lt $((best * 9)) ]; }; then
        chosen=$1
        best=$time
    fi
}

if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON"
else
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        IFS=:
        for folder in $PATH; do
            unset IFS
            [ ! -x "$folder/$name" ] || try "$folder/$name"
        done
    done
fi
if [ -n "$chosen" ]; then
    command -v "$chosen"
    exit
elif [ -n "$without_venv" ]; then
    echo "$without_venv has no venv module with pip: install it (Debian, Ubuntu: apt-get install python3-venv)" >&2
else
    echo "Masthead needs Python 3.11 to 3.14, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null || echo missing)" >&2
fi
exit 1
