# On a fresh machine with Python and make: `make app` opens the app, `make test` runs every test.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Half as many processes again as cores, since tests wait for browsers and databases; those that
# share a server or a module stay in one.
SHARED  = -n $(shell $(PYTHON) -c "import os; print(min(6, (os.cpu_count() or 2) * 3 // 2))") \
	--dist loadgroup --no-loadscope-reorder
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
FTM    := .venv-ftm/.installed

.PHONY: app test quick setup dev browser neo4j ftm check lint bench bench-small benchmarks clean

app: setup
	$(BIN)/sutra app

test: dev browser neo4j ftm
	$(BIN)/python -m pytest -m "" $(SHARED)

quick: dev
	$(BIN)/python -m pytest

setup: $(STAMP)

dev: $(DEV)

$(STAMP): pyproject.toml requirements.txt constraints.txt
	@$(PYTHON) -c "import sys; v = sys.version_info; sys.exit(v < (3, 11) and 'Sutra needs Python 3.11 or later; this is %d.%d. Name another with make PYTHON=...' % v[:2])"
	@echo "Setting up $(VENV): this takes a minute or two the first time."
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV): $(STAMP) requirements-dev.txt
	@echo "Setting up what the tests need."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@touch $@

# Chromium for the browser tests, where the platform's package manager can give it.
browser:
	@$(PYTHON) tests/support/install_browser.py

# Java and Maven for the tests on Neo4j, likewise.
neo4j:
	@$(PYTHON) tests/support/neo4j_server.py install

# The FollowTheMoney library, in an environment of its own: it pins an older networkx.
ftm: $(FTM)

$(FTM): tests/support/ftm/requirements.txt
	@echo "Setting up what validates the FollowTheMoney export."
	@test -d .venv-ftm || $(PYTHON) -m venv .venv-ftm
	@.venv-ftm/bin/python -m pip install -qq --disable-pip-version-check --only-binary :all: -r $<
	@touch $@

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything of docs/performance.md, measured side by side in one run.
bench: benchmarks
	$(BIN)/python -m bench

bench-small: benchmarks
	$(BIN)/python -m bench --loads 10000 --reads 10000 --others 0 --embedded --faults 3 --rounds 2 --pairs 5 \
		--register 0.1 --view 25

benchmarks: dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt

clean:
	rm -rf $(VENV) .venv-ftm build *.egg-info .mypy_cache .ruff_cache .pytest_cache
