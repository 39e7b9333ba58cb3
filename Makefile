# `make run` and `make test` need Python 3.11 or newer and nothing else of ours. See README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests share nothing, so each core runs its own; with BESIDE= they run one after the other.
BESIDE ?= --numprocesses=auto --dist=worksteal
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test test-full lint format bench man packages-run packages-test clean

help:
	@echo "make run        open the window (without a display: serve, and say where)"
	@echo "make test       run every test"
	@echo "make test-full  run the slow matrices too"
	@echo "make lint       ruff, mypy --strict, import contracts"
	@echo "make bench      measure, side by side with peers"

run: $(STAMP) packages-run
	@$(BIN)/python -m cheeseboard $(ARGS)

test: $(STAMP) packages-test
	$(BIN)/python -m pytest $(BESIDE) -m "not full" $(ARGS)

test-full: $(STAMP) packages-test
	$(BIN)/python -m pytest $(BESIDE) $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(STAMP)
	$(BIN)/python -m tests.benchmarks $(ARGS)

man: $(STAMP)
	$(BIN)/python packaging/linux/make-man-page.py > packaging/linux/cheeseboard.1

# uv first, from this Python's own pip, then everything else with uv.
$(STAMP): pyproject.toml
	@sh packaging/linux/make-venv.sh "$(PYTHON)" "$(VENV)"
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable . --group dev
	@touch $@

packages-run:
	@sh packaging/linux/system-packages.sh run

packages-test:
	@sh packaging/linux/system-packages.sh test

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
