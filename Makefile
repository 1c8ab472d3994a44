# Everything that is done with the club from a shell. `make help` lists it.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
BIN := .venv/bin
FLASK := $(BIN)/flask --app app
LOCK := $(BIN)/pip-compile --quiet --no-header --strip-extras --generate-hashes --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
.PHONY: help setup run demo test check bench bench-night i18n lock migration

help: ## list what can be done here
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name what; do
		printf '  make %-12s %s\n' "$$name" "$$what"
	done

setup: ## make the virtual environment with all packages (again only when they changed)
	@bash bin/setup requirements-dev.txt

run: ## open the club: database, demo club, one web process and one worker
	@bash bin/setup requirements.txt
	exec $(FLASK) run-club

demo: ## build the demo club anew on today's date (asks first)
	@bash bin/setup requirements.txt
	exec $(FLASK) demo

test: setup ## run all tests, on SQLite, PostgreSQL and in a real browser (PYTEST="…" adds options)
	@bash bin/test-tools
	exec $(BIN)/pytest -n 2 --dist worksteal $(PYTEST)

check: setup ## lint, types, import order, templates, and whether migrations match the models
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy app.py portal outreach events club members foundation
	if [ -n "$$(find templates -name '*.html')" ]; then $(BIN)/djlint templates --lint --quiet; fi
	$(BIN)/pytest -n 0 tests/foundation/test_schema.py tests/house

bench: setup ## measure the event page, the rush for places, trials of rules over large ledgers, and pages of figures
	@$(BIN)/python -m benchmarks.event_page
	$(BIN)/python -m benchmarks.rush
	$(BIN)/python -m benchmarks.simulate
	$(BIN)/python -m benchmarks.figures

bench-night: setup ## measure the night's jobs at 10,000 and 100,000 members, on both databases, and how they grow
	@$(BIN)/python -m benchmarks.expiry

i18n: setup ## bring the message catalogues up to date with the marked texts
	@$(BIN)/python -m portal.commands.i18n

lock: setup ## pin the packages of requirements*.in with their hashes
	@$(LOCK) --output-file requirements.txt requirements.in
	$(LOCK) --output-file requirements-dev.txt requirements-dev.in

migration: setup ## write a migration for changed models: make migration NAME="what changes"
	@test -n "$(NAME)" || { echo 'Say what changes: make migration NAME="what changes"' >&2; exit 2; }
	$(FLASK) db revision "$(NAME)"
