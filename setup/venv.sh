#!/bin/sh
# setup/venv.sh runtime|dev: installs the lock of that name, and the project, into .venv.
set -eu

made=.venv/made-in
if [ "$(cat $made 2>/dev/null)" != "$PWD" ]; then
    python=$(sh setup/python.sh)
    echo "Making a virtual environment with $("$python" --version)"
    "$python" -m venv --clear .venv
    echo "$PWD" >$made
fi
echo "Installing the packages of locks/$1.txt"
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
pip install --require-hashes --no-deps -r locks/build.txt -r "locks/$1.txt"
pip install --quiet --no-deps --no-build-isolation --no-index --editable .
touch ".venv/$1.stamp"
