# Two commands do all the set-up: `make verify` runs the main job, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
JOBS ?= 2

.PHONY: install verify test lab site clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable .
	touch $@

.venv/tested: .venv/installed
	$(PIP) --editable '.[test,notebook]'
	touch $@

verify: .venv/installed
	$(BIN)/workbench verify --jobs $(JOBS) --report report
	@echo "open report/index.html"

test: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest -n $(JOBS) --dist worksteal
	$(BIN)/pyright --pythonpath $(BIN)/python

.venv/sited: .venv/installed
	$(PIP) --editable '.[site]'
	touch $@

site: .venv/sited
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "open site/index.html"

lab: .venv/tested
	$(BIN)/jupyter lab examples

clean:
	rm -rf .venv .workbench report site
