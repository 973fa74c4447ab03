# Everything sets itself up: `make triage` and `make test` work in a fresh clone.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STORE := .sandbox/store.db
READY := .venv/.ready
# One store for `triage`, `lab` and `sandbox`; it begins at the seed's own moment and keeps its clock.
DESK := $(BIN)/deskbook sandbox --store $(STORE) --now seed
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: triage test check book pictures lab sandbox reset lock real

triage: $(READY) ## Triage a ticket of the sandbox, and show what became of it
	@$(DESK) -- $(BIN)/deskbook run triage ticket_id=$(or $(TICKET),101) --apply --output .sandbox/triage-$(or $(TICKET),101).ipynb

test: $(READY) check ## Everything that keeps the house true
	@$(BIN)/python tests/run.py

check: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/deskbook process check

book: $(READY) ## Build the handbook into _build/html
	@$(BIN)/python -m deskbook.sphinxext

pictures: $(READY) ## Take the handbook's pictures anew (needs Chromium)
	@$(BIN)/python book/pictures.py

lab: $(READY) ## JupyterLab on the runbooks, with the sandbox
	@$(DESK) -- $(BIN)/jupyter lab runbooks

sandbox: $(READY) ## The sandbox's page, for people
	@echo "Open this address in a browser; Ctrl-C stops the sandbox."
	@$(DESK)

reset: ## Forget what was done in the sandbox
	@rm -rf .sandbox && echo "The sandbox begins anew."

real: $(READY) ## Triage real requests from ../shared/data, where that folder exists
	@$(BIN)/python tests/real_input.py

lock: ## Pin every dependency by hash (needs uv)
	@uv pip compile --generate-hashes --universal --no-header --python-version 3.11 --all-extras pyproject.toml -o requirements.lock

$(READY): pyproject.toml .venv/.locked
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.locked: requirements.lock | $(BIN)/python
	@echo "Installing what Deskbook needs (once; a few minutes)…"
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Deskbook needs Python 3.11 or newer; name one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python cannot make a virtual environment here; on Debian: apt-get install -y git make python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear .venv
