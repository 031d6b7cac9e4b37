# Two commands do everything: `make run` and `make test`. Each makes the environment it needs.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export GROUNDCREW_HOME ?= $(CURDIR)/.groundcrew

.DEFAULT_GOAL := help
.PHONY: help run test format lock docs screenshots reliability clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY)  ## start the bot: in Slack where SLACK_BOT_TOKEN and SLACK_APP_TOKEN are set, else the local workspace
	@exec $(BIN)/groundcrew run

test: $(READY)  ## formatting, lint, types, contracts and all tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder

format: $(READY)  ## format the code and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

lock: $(READY)  ## pin every dependency with its hashes in requirements.lock
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --all-extras --no-emit-index-url \
	  --no-header --no-annotate --python-version 3.11 --output-file requirements.lock

docs: $(READY)  ## make what is generated: docs/, manifest.yml and the README's command help
	$(BIN)/python docs/generate.py

screenshots: $(READY)  ## drive the local workspace in a browser and keep its pictures in docs/images
	GROUNDCREW_SCREENSHOTS=1 GROUNDCREW_REQUIRE=browser $(BIN)/pytest tests/bot/test_browser_story.py

reliability: $(READY)  ## every figure of docs/reliability.md in full, and the page anew (hours; most of it is waiting)
	@for name in $$($(BIN)/python -m benchmarks.reliability list | cut -d ' ' -f 1); do \
	  $(BIN)/python -m benchmarks.reliability $$name --write || echo "$$name does not hold" >&2; done

clean:  ## remove the environment; the registry in .groundcrew/ stays
	rm -rf $(VENV)

# The environment: the pinned packages, checked against their hashes, then the checkout itself in place.
$(READY): requirements.lock pyproject.toml .ci/prerequisites
	@python=$$(.ci/prerequisites) && \
	  { [ -x $(BIN)/python ] || { echo "making the environment in $(VENV) (about a minute)"; "$$python" -m venv $(VENV); }; } && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . && \
	  touch $@
