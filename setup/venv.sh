#!/bin/sh
# setup/venv.sh runtime|dev: installs the lock of that name, and the project, into .venv.
set -eu

here=$(pwd -P)
made=.venv/made-in
if ! .venv/bin/python -m pip --version >/dev/null 2>&1 || [ "$(cat $made 2>/dev/null || echo "$here")" != "$here" ]; then
    python=$(sh setup/python.sh)
    echo "Making a virtual environment with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
echo "$here" >$made
echo "Installing the packages of locks/$1.txt"
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
pip install --require-hashes --no-deps -r locks/build.txt -r "locks/$1.txt"
pip install --quiet --no-deps --no-build-isolation --no-index --editable .
# The development lock holds the runtime's.
touch .venv/runtime.stamp ".venv/$1.stamp"
