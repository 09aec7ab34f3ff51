# Two commands do all the set-up: `make verify` runs the main job, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
JOBS ?= 2

.PHONY: install verify test lab student site clean

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
	@# The types are checked beside the tests, whose last one leaves cores idle; both are waited for and both count.
	$(BIN)/pyright --pythonpath $(BIN)/python & types=$$!; \
		$(BIN)/pytest -n $(JOBS) --dist worksteal; tested=$$?; \
		wait $$types && exit $$tested

.venv/sited: .venv/installed
	$(PIP) --editable '.[site,notebook]'
	touch $@

site: .venv/sited
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "open site/index.html"

# A double click on a notebook in percent format opens it as a notebook; the setting stays within .venv.
VIEWERS := .venv/share/jupyter/lab/settings/overrides.json

lab: .venv/tested
	mkdir -p $(dir $(VIEWERS))
	echo '{"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"python": "Jupytext Notebook"}}}' > $(VIEWERS)
	$(BIN)/jupyter lab examples

# The notebooks for a class: the page of solutions stays with the teacher.
student: .venv/tested
	mkdir -p $@ && rm -f $@/*
	for notebook in $$(grep -l '^# %%' examples/*.py); do \
		$(BIN)/jupytext --quiet --to ipynb --output $@/$$(basename $$notebook .py).ipynb $$notebook || exit 1; \
	done
	cp docs/syllabus.md $@/
	@echo "open $@/syllabus.md"

clean:
	rm -rf .venv .workbench report site student
