#!/bin/sh
# Builds the GraphiQL page when its sources have changed. A build that failed is not tried again until
# they change or `make graphiql` asks for it: the server also runs without the page.
set -eu

sources() { find graphiql -path graphiql/node_modules -prune -o -path graphiql/dist -prune -o -type f "$@"; }
current() { [ -e "$1" ] && [ -z "$(sources -newer "$1" -print)" ]; }

failed=.cache/graphiql.failed
if [ "${1:-}" = again ]; then
    rm -f $failed
elif current graphiql/dist/index.html; then
    exit
fi
if current $failed; then
    echo "The GraphiQL page is not built: 'make graphiql' tries again"
elif ! sh setup/npm.sh graphiql build; then
    mkdir -p .cache && touch $failed
    echo "The GraphiQL page could not be built (see above): the server runs without it," \
        "and 'make graphiql' tries again" >&2
    exit 1
fi
