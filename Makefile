# The two commands: `make run` and `make test`. Everything they make lies in .venv/, var/ and build/.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := $(BIN)/uv
TESTS ?=

.PHONY: run test check bench fix pins env-run env-dev messages help clean
.DEFAULT_GOAL := help

help:
	@echo "make run     the platform on http://localhost:8000 with its demonstration (PORT=8001 to change)"
	@echo "make test    the whole suite (TESTS=tests/core for a part)"
	@echo "make check   lint, types, imports, migrations, translations, templates, stylesheet"
	@echo "make bench   the measures, written to benchmarks/RESULTS.md"
	@echo "make fix     what can be put right by itself: format, order of imports, translations"
	@echo "make clean   removes what was made, except your data in var/"

.venv/.uv: requirements-uv.txt tools/need.sh
	@sh tools/need.sh $(PYTHON)
	@echo "Making the environment in .venv/ ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/.run: .venv/.uv requirements.txt pyproject.toml
	@test -e .venv/.dev || $(UV) pip sync -q --allow-empty-requirements --require-hashes requirements.txt requirements-uv.txt
	@$(UV) pip install -q --no-deps -e .
	@touch $@

.venv/.dev: .venv/.uv requirements-dev.txt pyproject.toml
	@echo "Installing what tests and checks need ..."
	@$(UV) pip sync -q --require-hashes requirements-dev.txt requirements-uv.txt
	@$(UV) pip install -q --no-deps -e .
	@touch $@ .venv/.run

env-run: .venv/.run
	@$(BIN)/python tools/assets.py
	@$(BIN)/python tools/messages.py --compile

env-dev: .venv/.dev
	@$(BIN)/python tools/assets.py
	@$(BIN)/python tools/messages.py --compile

run: env-run
	@MAILLAGE_MODE=demo $(BIN)/maillage serve --port $(PORT)

test: env-dev
	@$(BIN)/python -m pytest $(TESTS)

check: env-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	MAILLAGE_DATA=build/check $(BIN)/python -m django makemigrations --check --dry-run --settings maillage.config.settings
	MAILLAGE_DATA=build/check $(BIN)/python -m django check --settings maillage.config.settings
	$(BIN)/python tools/messages.py --check
	$(BIN)/djlint --lint src/maillage --quiet

bench: env-dev
	$(BIN)/python benchmarks/run.py

messages: env-dev
	$(BIN)/python tools/messages.py

fix: env-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python tools/messages.py

pins: .venv/.uv
	$(UV) pip compile -q --universal --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.txt
	$(UV) pip compile -q --universal --generate-hashes --no-annotate --no-header --extra dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv build node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src -name '*.mo' -delete
