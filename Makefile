# Every command of the project. `make` alone lists them.
# Needs make and a Python >= 3.11; everything else is installed, with hashes, into folders under here.

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
SAM := SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --annotation-style line

# $(call sync,<environment>,<lock>): make the environment hold exactly what the lock says.
sync = $(UV) pip sync --quiet --require-hashes --python $(1)/bin/python $(2)
# $(call install_project,<environment>): no build isolation, which would fetch the build backend unpinned.
install_project = $(UV) pip install --quiet --no-deps --no-build-isolation --python $(1)/bin/python --editable .

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "ARGS='...' is passed on, as in: make test ARGS='-k sessions'"

# --- environments -------------------------------------------------------------------------------

$(VENV)/.bootstrapped: requirements/bootstrap.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.synced: $(VENV)/.bootstrapped requirements/dev.txt pyproject.toml
	$(call sync,$(VENV),requirements/dev.txt)
	$(call install_project,$(VENV))
	@touch $@

.venv-3.13/.synced: $(VENV)/.synced
	$(UV) venv --quiet --allow-existing --python "$$($(BIN)/python -m infra.interpreters 3.13)" .venv-3.13
	$(call sync,.venv-3.13,requirements/dev.txt)
	$(call install_project,.venv-3.13)
	@touch $@

.venv-bench/.synced: $(VENV)/.bootstrapped requirements/bench.txt
	$(UV) venv --quiet --allow-existing --python $(BIN)/python .venv-bench
	$(call sync,.venv-bench,requirements/bench.txt)
	@touch $@

.venv-sam/.synced: $(VENV)/.bootstrapped requirements/sam.txt
	$(UV) venv --quiet --allow-existing --python $(BIN)/python .venv-sam
	$(call sync,.venv-sam,requirements/sam.txt)
	@touch $@

.PHONY: setup
setup: $(VENV)/.synced ## Make .venv with everything needed to run, test and check

# --- run ----------------------------------------------------------------------------------------

.PHONY: demo
demo: setup ## The whole service on this machine, with made-up events
	$(BIN)/crm-metrics demo $(ARGS)

.PHONY: bench
bench: .venv-bench/.synced ## Benchmarks, beside the engines we compare with
	.venv-bench/bin/python -m benchmarks $(ARGS)

# --- test and check -----------------------------------------------------------------------------

.PHONY: test
test: setup ## The tests
	$(BIN)/pytest -n auto $(ARGS)

.PHONY: soak
soak: setup ## The property tests with 2 000 examples each
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -n auto tests/unit tests/faults $(ARGS)

# 3.11 is the lowest Python we support, 3.13 the one the functions run on.
.PHONY: test-all-pythons
test-all-pythons: test ## The tests, and again under Python 3.13 where there is one
	@if $(BIN)/python -m infra.interpreters 3.13 >/dev/null; then \
		$(MAKE) --no-print-directory .venv-3.13/.synced && HYPOTHESIS_PROFILE=few .venv-3.13/bin/pytest -n auto $(ARGS); \
	else \
		echo "No working Python 3.13 here: the tests ran under $$($(BIN)/python -V) only."; \
	fi

.PHONY: check check-format check-lint check-types check-template check-schema check-kpis
check: check-format check-lint check-types check-template check-schema check-kpis ## Everything the tests do not say
check-format: setup
	$(BIN)/ruff format --check
check-lint: setup
	$(BIN)/ruff check
check-types: setup
	$(BIN)/mypy
check-template: setup
	$(BIN)/cfn-lint infra/template.yaml
check-schema: setup
	$(BIN)/python -m devstack.schema --check
check-kpis: setup
	$(BIN)/python -m devstack.kpi_docs --check

.PHONY: format
format: setup ## Format, and fix what can be fixed
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

# --- dependencies -------------------------------------------------------------------------------

# dev.txt holds the versions; every other lock of ours is a subset of it or is constrained by it.
# Keeps what is pinned already; `make lock ARGS=--upgrade` takes the newest that fit.
.PHONY: lock
lock: $(VENV)/.bootstrapped ## Write requirements/*.txt anew from pyproject.toml and requirements/*.in
	$(LOCK) requirements/bootstrap.in -o requirements/bootstrap.txt $(ARGS)
	$(LOCK) pyproject.toml requirements/dev.in -o requirements/dev.txt $(ARGS)
	$(LOCK) pyproject.toml -c requirements/dev.txt -o requirements/local.txt
	for name in ingest aggregate graphql parquet; do \
		$(LOCK) requirements/$$name.in -c requirements/dev.txt -o requirements/$$name.txt || exit; \
	done
	$(LOCK) pyproject.toml requirements/bench.in -c requirements/dev.txt -o requirements/bench.txt $(ARGS)
	$(LOCK) requirements/sam.in -o requirements/sam.txt $(ARGS)

# --- package and deploy -------------------------------------------------------------------------

.PHONY: build
build: setup .venv-sam/.synced ## The three functions' artifacts, into .aws-sam/build
	$(SAM) build --build-in-source --parallel --template infra/template.yaml

# `sam build` calls these, one per function, with the folder to fill in ARTIFACTS_DIR.
.PHONY: build-IngestFunction build-AggregateFunction build-GraphqlFunction
build-IngestFunction: FUNCTION := ingest
build-AggregateFunction: FUNCTION := aggregate
build-GraphqlFunction: FUNCTION := graphql
build-IngestFunction build-AggregateFunction build-GraphqlFunction:
	$(BIN)/python -m infra.package $(FUNCTION) "$(ARTIFACTS_DIR)"

.PHONY: deploy
deploy: build ## Deploy to the AWS account of the shell's credentials (see infra/samconfig.toml)
	$(SAM) deploy --config-file infra/samconfig.toml $(ARGS)

.PHONY: clean
clean: ## Remove environments, artifacts and caches
	rm -rf .venv .venv-3.13 .venv-bench .venv-sam .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
