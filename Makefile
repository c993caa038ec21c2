# Two commands do all: `make report` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export QUARTO_PYTHON := $(CURDIR)/$(BIN)/python
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help report chapter preview test lint format format-fix bench reconstruct reference lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/runtime.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: Python >= 3.11 is needed; set PYTHON=..." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) \
	  || { echo "make: the venv module is missing (Debian: apt install python3-venv)" >&2; exit 1; }
	@echo "Installing the report's packages"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@echo "Installing the packages of the tests"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

report: $(VENV)/runtime.stamp ## build the whole book, HTML and PDF, into _book/
	@$(BIN)/python -m scripts.report

chapter: $(VENV)/runtime.stamp ## re-run one chapter: make chapter C=04b-utilisation
	@$(BIN)/python -m scripts.report --chapter "$(C)"

preview: $(VENV)/runtime.stamp ## build the book and serve it on this machine
	@$(BIN)/python -m scripts.report --preview

test: $(VENV)/dev.stamp ## run every test
	@$(BIN)/python -m pytest -q -n auto --dist loadgroup

lint: $(VENV)/dev.stamp ## check style, types, spelling and the chapters' lines
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/codespell README.md CHANGELOG.md CONTRIBUTING.md analysis builder bench scripts tests
	$(BIN)/python -m scripts.sentences --check
	$(BIN)/python -m scripts.spelling

format: $(VENV)/dev.stamp ## say which files are not formatted
	$(BIN)/ruff format --check .
	$(BIN)/python -m scripts.sentences --check

format-fix: $(VENV)/dev.stamp ## format them
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/python -m scripts.sentences

bench: $(VENV)/dev.stamp ## measure speed and memory, beside R and Quarto where they are
	@$(BIN)/python -m bench

reconstruct: $(VENV)/dev.stamp ## rebuild the respondents from print (minutes)
	@$(BIN)/python -m analysis reconstruct

reference: ## make the reference fixtures again, with R and FactoMineR
	@for script in tests/reference/*.R; do echo "Rscript $$script"; Rscript $$script || exit 1; done

lock: $(VENV)/dev.stamp ## pin every version again, after a change in pyproject.toml
	@$(BIN)/python -m scripts.lock

clean: ## remove what the commands made
	rm -rf $(VENV) _book .quarto .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
