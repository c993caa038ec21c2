# Two commands do all: `make report` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN     = @$(BIN)/python -m
export QUARTO_PYTHON := $(CURDIR)/$(BIN)/python
export PYTHONDONTWRITEBYTECODE := 1
export PYTHONUTF8 := 1
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONSTARTUP PYTHONWARNINGS

.DEFAULT_GOAL := help
.PHONY: help environment environment-dev report chapter quarto preview test bare lint format format-fix \
        bench reconstruct reference lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

environment:
	@$(PYTHON) scripts/environment.py $(VENV) runtime

environment-dev:
	@$(PYTHON) scripts/environment.py $(VENV) dev

report: environment ## build the whole book, HTML and PDF, into _book/
	$(RUN) scripts.report

chapter: environment ## re-run one chapter: make chapter C=04b-utilisation
	$(RUN) scripts.report --chapter "$(C)"

quarto: environment ## install Quarto, where its download is within reach
	$(RUN) scripts.quarto

preview: environment ## build the book and serve it on this machine
	$(RUN) scripts.report --preview

# What one worker has compiled, the others and the next run read.
test: export PYTHONDONTWRITEBYTECODE :=
test: environment-dev ## run every test
	$(RUN) pytest -q -n auto --maxprocesses 8 --dist loadgroup

bare: ## build and test in a Debian root that has nothing: make bare [SUITE=trixie]
	@scripts/bare.sh $(SUITE)

lint: environment-dev ## check style, types, spelling, terms and the chapters' lines
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) codespell_lib README.md CHANGELOG.md CONTRIBUTING.md analysis builder bench scripts tests
	$(RUN) scripts.sentences --check
	$(RUN) scripts.spelling
	$(RUN) scripts.terms

format: environment-dev ## say which files are not formatted
	$(RUN) ruff format --check .
	$(RUN) scripts.sentences --check

format-fix: environment-dev ## format them
	$(RUN) ruff format .
	$(RUN) ruff check --fix-only --quiet .
	$(RUN) scripts.sentences

bench: environment-dev ## measure speed and memory, beside R and Quarto where they are
	$(RUN) bench

reconstruct: environment-dev ## rebuild the respondents from print (minutes)
	$(RUN) analysis reconstruct

reference: ## make the reference fixtures again, with R, FactoMineR and survey
	@for script in tests/reference/*.R; do echo "Rscript $$script"; Rscript $$script || exit 1; done

lock: environment-dev ## pin every version again, after a change in pyproject.toml
	$(RUN) scripts.lock

clean: ## remove what the commands made
	rm -rf $(VENV) _book ._book.* .quarto .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
