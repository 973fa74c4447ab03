# Everything sets itself up: `make triage` and `make test` work in a fresh clone.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STORE := .sandbox/store.db
MOST ?= 80
PORT ?= 8642
# One store for `triage`, `lab` and `sandbox`; it begins at the seed's own moment and keeps its clock.
DESK := $(BIN)/deskbook sandbox --store $(STORE) --now seed
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: triage test check bench book pictures lab hub image sandbox reset lock real corpus torture sbom audit

triage: .venv/.run ## Triage a ticket of the sandbox, and show what became of it
	@$(DESK) -- $(BIN)/deskbook run triage ticket_id=$(or $(TICKET),101) --apply --output .sandbox/triage-$(or $(TICKET),101).ipynb

test: .venv/.test check ## Everything that keeps the house true
	@$(BIN)/python tests/run.py

check: .venv/.test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo && $(BIN)/deskbook process check

bench: .venv/.test ## How fast it is here, in ratios; make bench WRITE=1 puts them onto the handbook's page. Nothing fails by it
	@PYTHONPATH=tests $(BIN)/python -m bench $(if $(WRITE),write=1)

torture: .venv/.test ## Disturb every run at some places, or with MOST= at all; counts also onto the handbook's page
	@PYTHONPATH=tests $(BIN)/python -m torture write=1 most=$(MOST) $(if $(SEED),seed=$(SEED))

book: .venv/.book ## Build the handbook into _build/html
	@$(BIN)/python -m deskbook.handbook.build

pictures: .venv/.test book ## Take the pictures of handbook and README anew (needs Chromium)
	@$(BIN)/python book/pictures.py

lab: .venv/.lab ## JupyterLab on your copies of the runbooks, with the sandbox; LAB= are its own options
	@$(DESK) --run --port $(PORT) -- $(BIN)/deskbook lab $(LAB)

hub: .venv/.hub ## A JupyterHub on this machine: everybody of the staff, one sandbox, one sweep
	@HUB_PORT=$(HUB) SANDBOX_PORT=$(PORT) $(BIN)/jupyterhub --config book/operate/hub/jupyterhub_config.py

image: | $(BIN)/python ## Run the install steps of a hub's image in an empty environment; takes some minutes
	@$(BIN)/python -m venv --clear .venv/image
	@PATH="$(CURDIR)/.venv/image/bin:$$PATH" .binder/postBuild
	@.venv/image/bin/deskbook --version && .venv/image/bin/jupyterhub-singleuser --version

sandbox: .venv/.run ## The sandbox's page, for people
	@echo "Open this address in a browser; Ctrl-C stops the sandbox."
	@$(DESK) --port $(PORT)

reset: ## Forget what was done in the sandbox
	@rm -rf .sandbox && echo "The sandbox begins anew at its next start."

real: .venv/.run ## Triage real requests from ../shared/data, where that folder exists
	@$(BIN)/python tests/real_input.py

corpus: .venv/.test ## Weigh single words anew, and print how well mail is read, on both halves; also onto the handbook's page
	@$(BIN)/python tests/corpus/fit_words.py
	@$(BIN)/python tests/corpus/score.py --write

lock: .venv/.run ## Pin every package by hash, in one resolution; make lock UPGRADE=--upgrade takes the newest
	@$(BIN)/python requirements/packages.py lock $(UPGRADE)

sbom: .venv/audit/bin/python ## List what each lock holds, for those who ask what is in it (CycloneDX, in _build/sbom)
	@mkdir -p _build/sbom
	@for each in run book lab hub test; do \
	  PYTHONWARNINGS=ignore .venv/audit/bin/cyclonedx-py requirements requirements/$$each.lock --pyproject pyproject.toml \
	    --output-reproducible -o _build/sbom/$$each.json && echo "_build/sbom/$$each.json" || exit 1; done

audit: .venv/audit/bin/python ## Whether weaknesses are known of what the locks hold; asks PyPI, so it is no part of `make test`
	@.venv/audit/bin/pip-audit --strict --progress-spinner off --require-hashes --disable-pip -r requirements/test.lock

.venv/audit/bin/python: requirements/audit.lock | $(BIN)/python
	@$(BIN)/python -m venv --clear .venv/audit
	@$@ -m pip install -qq --require-hashes -r $<
	@touch $@

# One group of packages for each kind of work, installed when a target first asks for it.
.venv/.%: requirements/%.lock requirements/installer.lock pyproject.toml | $(BIN)/python
	@$(BIN)/python requirements/packages.py install $*
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Deskbook needs Python 3.11 or newer; name one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python cannot make a virtual environment here; on Debian: apt-get install -y git make python3-venv"; exit 1; }
	@echo "Setting up .venv (once; about a minute)…"
	@$(PYTHON) -m venv --clear .venv
