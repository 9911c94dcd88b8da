# The two commands: `make run` and `make test`. Everything they make lies in .venv/, var/ and build/.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := $(BIN)/uv
TESTS ?=

.PHONY: run test check bench fix pins env-run env-dev messages help clean
.DEFAULT_GOAL := help

# What make prints is in the language of the terminal: $(call say,English,French), without commas.
FRENCH := $(filter fr% FR%,$(or $(LC_ALL),$(LC_MESSAGES),$(LANG)))
say = @echo "$(if $(FRENCH),$(2),$(1))"

help:
	$(call say,make run     the platform on http://localhost:8000 with its demonstration (PORT=8001 to change),make run     la plateforme sur http://localhost:8000 avec sa démonstration (PORT=8001 pour changer))
	$(call say,make test    the whole suite (TESTS=tests/core for a part),make test    tous les tests (TESTS=tests/core pour une partie))
	$(call say,make check   lint; types; imports; migrations; translations; templates,make check   style; types; importations; migrations; traductions; gabarits)
	$(call say,make fix     puts right what can be by itself: format and order of imports and translations,make fix     corrige ce qui peut l’être seul : mise en forme et traductions)
	$(call say,make bench   measures and writes benchmarks/RESULTS.md,make bench   mesure et écrit benchmarks/RESULTS.md)
	$(call say,make env-run makes the environment only: to install without the demonstration,make env-run prépare l’environnement seulement : pour installer sans démonstration)
	$(call say,make pins    computes the pinned versions again,make pins    recalcule les versions fixées)
	$(call say,make clean   removes what was made except your data in var/,make clean   efface ce qui a été fabriqué sauf vos données dans var/)

.venv/.uv: requirements-uv.txt tools/need.sh
	@sh tools/need.sh $(PYTHON)
	$(call say,Making the environment in .venv/ ...,Préparation de l’environnement dans .venv/ ...)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

# What `maillage` loads at its start is compiled once here: an account that may not write to the environment (and one that
# forbids it, PYTHONDONTWRITEBYTECODE) would otherwise compile it at each command.
SITE := .venv/lib/python3*/site-packages
compiled = @$(BIN)/python -m compileall -q src/maillage $(SITE)/click $(SITE)/numpy $(SITE)/rich $(SITE)/babel || true

.venv/.run: .venv/.uv requirements.txt pyproject.toml
	@test -e .venv/.dev || $(UV) pip sync -q --allow-empty-requirements --require-hashes requirements.txt requirements-uv.txt
	@$(UV) pip install -q --no-deps -e .
	$(compiled)
	@touch $@

.venv/.dev: .venv/.uv requirements-dev.txt pyproject.toml
	$(call say,Installing what tests and checks need ...,Installation de ce que demandent les tests et les vérifications ...)
	@$(UV) pip sync -q --require-hashes requirements-dev.txt requirements-uv.txt
	@$(UV) pip install -q --no-deps -e .
	$(compiled)
	@touch $@ .venv/.run

env-run: .venv/.run
	@$(BIN)/python tools/assets.py
	@$(BIN)/python tools/messages.py --compile

env-dev: .venv/.dev
	@$(BIN)/python tools/assets.py
	@$(BIN)/python tools/messages.py --compile

run: env-run
	@MAILLAGE_MODE=demo $(BIN)/maillage serve --port $(PORT)

# One process per processor, a file of tests at a time. Those with a browser come after, alone: some measure delays.
# (5: no test was found, as where TESTS has no browser's.)
test: env-dev
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m "not browser" $(TESTS) || [ $$? = 5 ]
	@$(BIN)/python -m pytest -m browser $(TESTS) || [ $$? = 5 ]

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
