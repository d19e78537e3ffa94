# Two commands are enough: `make run` and `make test`. Both set up what is missing first.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
endif
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check install -qq
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help run test lint format types shots qt screen clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.demo ## Set up, then open the demo (without a screen: do the same job headless)
	@bash scripts/run_demo.sh $(BIN)

test: $(VENV)/.test screen lint types ## Set up, then run every check: style, types, tests
	@echo "Tests of core and train where PySide6 cannot be imported:"
	@CASCADECLIP_WITHOUT_QT=1 $(PY) -m pytest -q -p no:pytest-qt tests/unit/core tests/unit/train
	@echo "The other tests:"
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q --ignore tests/unit/core --ignore tests/unit/train

lint: $(VENV)/.test ## Check style and format
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format: $(VENV)/.test ## Put the code into shape
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

types: $(VENV)/.test ## Check types strictly
	@$(PY) scripts/link_packages.py
	@$(PY) -m mypy

shots: $(VENV)/.demo qt ## Take pictures of the window in all its states into docs/screenshots
	@bash scripts/take_shots.sh $(BIN)

qt: $(VENV)/.demo
	@bash scripts/setup_qt.sh $(PY)

screen: $(VENV)/.test
	@bash scripts/setup_qt.sh $(PY) --screen

clean: ## Remove what was built, keep .venv
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache

# --- Set-up; the stamps are older than pyproject.toml when packages may have changed ----------

$(BIN)/pip:
	@python=$$(bash scripts/find_python.sh) && "$$python" -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/pip
	@echo "Installing packages into $(VENV) (torch alone is several gigabytes, once)..."
	@$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/pip
	@echo "Installing packages into $(VENV) (torch alone is several gigabytes, once)..."
	@$(PIP) --editable '.[demo,test]'
	@touch $(VENV)/.demo $@
