# Every target leaves the tree as it was, but for build/, .venv/ and node_modules/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export SOLCX_BINARY_PATH := $(CURDIR)/tools/solc
export FOUNDRY_DISABLE_NIGHTLY_WARNING := 1

WORKERS ?= 2
PROFILE ?= dev
PYTHON_CODE := $(wildcard crossmargin keepers scripts tests tools)
TYPED := $(foreach package,crossmargin keepers,$(if $(wildcard $(package)/*.py),-p $(package)))
SOLIDITY := $(shell find contracts tests -name '*.sol' 2>/dev/null)
OWN_SOLIDITY := $(shell find contracts -name '*.sol' 2>/dev/null)
FORGE_TESTS := $(shell find tests -name '*.t.sol' -not -path '*/bench/*' 2>/dev/null)
BENCHES := $(wildcard tests/foundry/bench/*.t.sol)
PYTHON_TESTS := $(shell find tests -name 'test_*.py' 2>/dev/null)
forge_profile = $(if $(filter dev,$(PROFILE)),default,$(PROFILE))

.PHONY: help setup build test test-forge test-python check bench bench-update sizes-update demo fmt lock clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install the pinned tools (again only where a lock changed)
	@tools/setup.sh

build: setup ## Compile with forge and with ape
	@if [[ -n "$(SOLIDITY)" ]]; then forge build; else echo "no Solidity yet"; fi
	@if [[ -n "$(OWN_SOLIDITY)" ]]; then ape compile --verbosity WARNING; fi

test: test-forge test-python ## Run every test (PROFILE=dev, pr or deep; WORKERS=2)

test-forge: setup ## Run the Foundry tests
	@if [[ -n "$(FORGE_TESTS)" ]]; then \
	  FOUNDRY_PROFILE=$(forge_profile) forge test --no-match-path 'tests/foundry/bench/*'; \
	else echo "no Foundry tests yet"; fi

test-python: build ## Run the Python tests, on Anvil where they need a chain
	@if [[ -n "$(PYTHON_TESTS)" ]]; then \
	  HYPOTHESIS_PROFILE=$(PROFILE) ape test tests -n $(WORKERS) -q $(PYTEST_ARGS); \
	else echo "no Python tests yet"; fi

check: build ## Check format, lint, types, code sizes and gas (what CI checks)
	@if [[ -n "$(SOLIDITY)" ]]; then forge fmt --check && forge lint && solhint --disc --max-warnings 0 $(SOLIDITY); fi
	@ruff format --check -q $(PYTHON_CODE)
	@ruff check -q $(PYTHON_CODE)
	@mypy --no-error-summary tools/*.py
	@python tools/abis.py --check
	@python tools/worked_examples.py --check
	@if [[ -n "$(TYPED)" ]]; then mypy $(TYPED); fi
	@if [[ -n "$(OWN_SOLIDITY)" ]]; then python tools/sizes.py; fi
	@if [[ -n "$(BENCHES)" ]]; then python tools/bench.py --quiet; fi
	@echo "check: all passed"

bench: setup ## Measure gas, compare with the goals and with tests/snapshots/gas.json
	@if [[ -n "$(BENCHES)" ]]; then python tools/bench.py; else echo "no gas benchmarks yet"; fi

bench-update: setup ## Measure gas and write tests/snapshots/gas.json
	@python tools/bench.py --update

sizes-update: build ## Write tests/snapshots/bytecode.json
	@python tools/sizes.py --update

demo: setup ## Play a crash on a chain of its own (SCENARIO=name or file, PRICES=file.csv, OUT=folder, KEEPERS=3)
	@ape run demo $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(PRICES),--prices $(PRICES)) \
	  $(if $(OUT),--out $(OUT)) $(if $(KEEPERS),--keepers $(KEEPERS))

fmt: setup ## Format everything
	@if [[ -n "$(SOLIDITY)" ]]; then forge fmt; fi
	@ruff format -q $(PYTHON_CODE)
	@ruff check -q --fix $(PYTHON_CODE) || true

lock: setup ## Resolve the dependencies anew and write both locks
	@uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	  --custom-compile-command "make lock" --group dev pyproject.toml -o requirements.lock
	@npm install --package-lock-only

clean: ## Remove what was built (not the installed tools)
	@rm -rf build .build out cache broadcast .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './node_modules/*' -not -path './.venv/*' -prune -exec rm -rf {} +
