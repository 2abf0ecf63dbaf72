# Every target prepares what it needs by itself: nothing but Python >= 3.11 and make has to be there.
PYTHON ?= python3

# Only what stands on the command line counts: some shells export a HOST of their own.
given = $(if $(filter command,$(firstword $(origin $(1)))),$($(1)))
RUN_OPTIONS = $(if $(PORT),--port $(PORT)) $(if $(call given,HOST),--host $(call given,HOST)) \
  $(if $(call given,STATE),--state $(call given,STATE)) $(if $(call given,HTTPS),--https)

BOOTSTRAP = @$(PYTHON) nonza/run/bootstrap.py
MANAGE = $(BOOTSTRAP) do --dev -m nonza.run manage
UV_LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" $(ARGS)

.DEFAULT_GOAL := help
.PHONY: setup run test check format migrate schema shell doctor soak help lock

setup: ## Prepare everything: Python packages, pages, the media server (the other targets do it by themselves)
	$(BOOTSTRAP) setup

run: ## Start Nonza on this machine; PORT=8001 chooses the port, STATE=folder another database
	$(BOOTSTRAP) run $(RUN_OPTIONS)

test: ## Run every test this machine allows; ARGS="tests/run -k stamp" runs some (NONZA_TEST_STRICT=1: skip none)
	$(BOOTSTRAP) do --dev -m nonza.run.testing $(ARGS)

check: ## Lint, types, imports, migrations, schema, pages: all of it, then a summary; ARGS="ruff mypy" runs some
	$(BOOTSTRAP) do --dev -m nonza.run.checking $(ARGS)

format: ## Format the code, and mend what can be mended by itself
	$(BOOTSTRAP) do --dev -m nonza.run.checking --format

migrate: ## Migrate the database of `make run`
	$(MANAGE) migrate

schema: ## Write the wire types of the frontend anew from the API
	$(BOOTSTRAP) do --dev -m nonza.run.checking --schema

shell: ## Open a Python shell with the models
	$(MANAGE) shell

doctor: ## Look whether everything works, and say what to do; with `make run` in another terminal
	$(BOOTSTRAP) do -m nonza.run $(if $(call given,STATE),--state $(call given,STATE)) manage doctor $(ARGS)

soak: ## Run what takes long: load, soak, fuzzing, long faults
	$(BOOTSTRAP) do --dev -m nonza.run.testing --soak $(ARGS)

lock: ## Lock the Python packages anew from pyproject.toml; ARGS=--upgrade takes newer ones
	$(BOOTSTRAP) do --dev -c ""
	$(UV_LOCK) pyproject.toml -o requirements.txt
	$(UV_LOCK) pyproject.toml --group dev -o requirements-dev.txt
	$(UV_LOCK) --group uv -o requirements-uv.txt
	$(UV_LOCK) --group node -o requirements-node.txt
	$(UV_LOCK) --group go -o requirements-go.txt

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
