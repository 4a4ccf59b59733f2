#!/bin/sh
# setup/npm.sh FOLDER [SCRIPT]: installs what FOLDER's lock names, then runs its npm SCRIPT.
set -eu

sh setup/node.sh
PATH=$PWD/.cache/bin:$PATH
export PATH
cd "$1"
echo "Installing the npm packages of $1"
npm ci --no-audit --no-fund --fetch-retries=1 --loglevel=error
if [ -n "${2:-}" ]; then
    npm run --silent "$2"
fi
