# The commands of this project; `make help` lists them. Both `make report` and `make test` set up what they need.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PLACE ?= Bochum
UNIVERSE ?= ruhr
BIN := .venv/bin

.PHONY: help report batch cluster test lint lab bench docs data check lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: .venv/run.stamp ## make the report of PLACE (default Bochum) in UNIVERSE (default ruhr), with further ARGS
	$(BIN)/cityreport render "$(PLACE)" --universe $(UNIVERSE) $(ARGS)

batch: .venv/run.stamp ## make the reports of all places of UNIVERSE that are not up to date, with further ARGS
	$(BIN)/cityreport batch --universe $(UNIVERSE) $(ARGS)

cluster: .venv/cluster.stamp ## add what a batch needs on more than one machine, see docs/cluster.md

test: .venv/dev.stamp lint ## run the linters and all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: .venv/dev.stamp ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: .venv/run.stamp ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: .venv/dev.stamp ## measure a report, the index engine, a batch against its limits, and how cost grows with the places
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_batch.py
	$(BIN)/python tests/bench_scale.py

docs: .venv/run.stamp ## render docs/api.md from the docstrings
	$(BIN)/python docs/api.py

data: .venv/run.stamp ## check the data and seal a change: write sizes and hashes into datapackage.json
	$(BIN)/cityreport data seal

check: .venv/run.stamp ## check every table, universe and hash of the data
	$(BIN)/cityreport data check

lock: .venv/dev.stamp ## resolve the dependencies anew (needs a package index)
	$(BIN)/uv lock --quiet --upgrade
	$(BIN)/uv export --quiet --frozen --no-dev --group build --no-emit-project --no-header --format requirements.txt -o requirements.lock
	$(BIN)/uv export --quiet --frozen --only-dev --no-emit-project --no-header --format requirements.txt -o requirements-dev.lock
	$(BIN)/uv export --quiet --frozen --only-group cluster --no-emit-project --no-header --format requirements.txt -o requirements-cluster.lock

clean: ## remove the environment and all output
	rm -rf .venv output build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/run.stamp: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cityreport needs Python 3.11 or newer, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --compile -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --compile -r requirements-dev.lock
	touch $@

.venv/cluster.stamp: .venv/run.stamp requirements-cluster.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --compile -r requirements-cluster.lock
	touch $@
