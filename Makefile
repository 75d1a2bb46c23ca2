# Two commands do everything on a machine with Python 3.11+ and make:
#   make demo    open the explorer on the bundled events, with live ones coming in
#   make test    every check and every test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check format bench bench-quick pictures clean

demo: $(STAMP)
	@$(BIN)/logtui demo

test: check
	$(BIN)/python -m pytest -n 2

check: $(STAMP)
	$(BIN)/ruff format --check src tests benchmarks docs data
	$(BIN)/ruff check src tests benchmarks docs data
	$(BIN)/mypy --num-workers 2
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff format src tests benchmarks docs data
	$(BIN)/ruff check --fix src tests benchmarks docs data

bench: $(STAMP)
	$(BIN)/python -m benchmarks.run

bench-quick: $(STAMP)
	$(BIN)/python -m benchmarks.peers quick

pictures: $(STAMP)
	$(BIN)/python docs/images/make.py

# --group needs pip 25.1; compiled bytecode saves a second at the first start.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "logtui needs Python 3.11 or newer: make PYTHON=python3.12 demo")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -m compileall -q src
	@touch $(STAMP)

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
