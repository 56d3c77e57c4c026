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
CASES ?= 20000
SEED ?= 1
PYTHON_CODE := crossmargin keepers scripts examples tests tools
SOLIDITY = $(shell find contracts tests -name '*.sol')
# A compiler works on one core; what runs beside it leaves it that core.
BEHIND := nice -n 10
# a choice of tests may leave one half without any, which pytest calls 5
no_test_is_fine = $(if $(PYTEST_ARGS),|| [[ $$? == 5 ]])
# ape's plugin would start an Anvil, and --disable-isolation is an option of it
WITHOUT_APE := -p no:ape_test -o addopts="--import-mode=importlib --strict-config --strict-markers"
FORGE_TESTS := FOUNDRY_CONFIG=foundry.tests.toml
forge_profile = $(if $(filter dev,$(PROFILE)),default,$(PROFILE))

.PHONY: help setup setup-volatility build build-tests test test-forge test-python test-chain test-offchain check check-solidity check-python check-built bench bench-update bench-keeper sizes-update differential mutants prove demo venue deploy-local fmt lock clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-17s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install the pinned tools (again only where a lock changed)
	@tools/setup.sh

setup-volatility: setup ## Make build/volatility, an environment for training forests (python -m crossmargin.volatility)
	@uv venv -q --allow-existing build/volatility
	@uv pip sync -q --python build/volatility/bin/python --require-hashes requirements-volatility.lock
	@echo "$(CURDIR)" > "$$(build/volatility/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/crossmargin.pth"

build: setup ## Compile the contracts with forge; scripts and all tests read its artifacts
	@forge build

build-tests: setup ## Compile the Foundry tests, apart from what they test (foundry.tests.toml)
	@$(FORGE_TESTS) forge build

test: setup ## Run every test and proof (PROFILE=dev, pr or deep; WORKERS=2)
	@$(MAKE) -j4 build build-tests test-offchain prove
	@$(MAKE) test-forge test-chain

test-forge: build ## Run the Foundry tests (SEED=1; other profiles take a new one each time)
	@rm -f build/reached.txt
	@tools/corpus.sh $(PROFILE)
	@$(FORGE_TESTS) FOUNDRY_PROFILE=$(forge_profile) forge test --no-match-path 'tests/foundry/bench/*' \
	  $(if $(filter dev,$(PROFILE)),--fuzz-seed $(SEED)) | sed -u '/"event":"pulse"/d'
	@python tools/reached.py

test-python: test-offchain test-chain ## Run the Python tests

test-chain: build ## Run the Python tests that need a chain, on Anvil
	@SKIP_BUILD=1 HYPOTHESIS_PROFILE=$(PROFILE) ape test tests --ignore tests/offchain -n $(WORKERS) -q $(PYTEST_ARGS) $(no_test_is_fine)

test-offchain: setup ## Run the Python tests that need neither a chain nor compiled contracts
	@HYPOTHESIS_PROFILE=$(PROFILE) $(BEHIND) python -m pytest $(WITHOUT_APE) --confcutdir=tests/offchain tests/offchain \
	  -n $(WORKERS) -q $(PYTEST_ARGS) $(no_test_is_fine)

check: setup ## Check format, lint, types, code sizes and gas (what CI checks)
	@$(MAKE) -j2 check-built check-solidity check-python
	@echo "check: all passed"

check-solidity: setup
	@forge fmt --check contracts tests
	@FOUNDRY_PROFILE=lint forge lint --quiet
	@solhint --disc --noPoster --max-warnings 0 $(SOLIDITY)
	@python tools/natspec.py
	@python tools/casts.py
	@python tools/words.py
	@python tools/layers.py

check-python: setup
	@python tools/prose.py
	@ruff format --check -q $(PYTHON_CODE)
	@ruff check -q $(PYTHON_CODE)
	@mypy --no-error-summary tools/*.py examples/*.py
	@mypy -p crossmargin -p keepers
	@tsc -p .
	@python tools/worked_examples.py --check
	@python tools/option_examples.py --check

check-built: build
	@python tools/abis.py --check
	@python tools/manual.py --check
	@python tools/typescript.py --check
	@python tools/sizes.py
	@python tools/bench.py --quiet

bench: build ## Measure gas, compare with the goals and with tests/snapshots/gas.json
	@python tools/bench.py

bench-update: build ## Measure gas and write tests/snapshots/gas.json
	@python tools/bench.py --update

bench-keeper: setup ## Measure how fast the keeper starts, replays, catches up and marks a million accounts
	@PYTHONPATH=$(CURDIR) python tools/bench_keeper.py

sizes-update: build ## Write tests/snapshots/bytecode.json
	@python tools/sizes.py --update

differential: build ## Compare engine and simulator with the model, in process (CASES=20000 SEED=1 WORKERS=2)
	@PYTHONPATH=$(CURDIR) python tools/differential.py --cases $(CASES) --seed $(SEED) --workers $(WORKERS)

mutants: build build-tests ## Make faults in a copy, one at a time, and require that tests catch them (ONLY="A:" for some)
	@python tools/mutants.py $(if $(ONLY),--only "$(ONLY)")

prove: setup ## Prove with Halmos what holds for every input (tests/symbolic)
	@$(BEHIND) tools/prove.sh

demo: setup ## Play a crash on a chain of its own (SCENARIO=name, file or two-chains, PRICES="ETH=a.csv BTC=b.csv", WINDOW=2024-08-05T00:00/24h, OUT=folder, KEEPERS=3, RUNS=5)
	@ape run demo $(if $(SCENARIO),--scenario "$(SCENARIO)") $(if $(PRICES),--prices "$(PRICES)") \
	  $(if $(WINDOW),--window "$(WINDOW)") $(if $(OUT),--out "$(OUT)") $(if $(KEEPERS),--keepers $(KEEPERS)) \
	  $(if $(RUNS),--runs $(RUNS))

venue: setup ## Keep a venue alive until Ctrl-C (PORT=8545, CRASH=october-2025, CALM=60, SPEED=10, KEEPERS=2, OUT=folder); STATUS=1 shows how it is
	@python -m crossmargin.simulation.live $(if $(STATUS),status,run) $(if $(OUT),--out "$(OUT)") $(if $(STATUS),,\
	  $(if $(PORT),--port $(PORT)) $(if $(CRASH),--crash "$(CRASH)") $(if $(SPEED),--speed $(SPEED)) $(if $(CALM),--calm $(CALM)) $(if $(KEEPERS),--keepers $(KEEPERS)))

deploy-local: build ## Deploy a venue to a local Anvil of its own and verify it (PORT=8545)
	@SKIP_BUILD=1 PORT=$(PORT) tools/local_venue.sh

fmt: setup ## Format everything
	@forge fmt contracts tests
	@ruff format -q $(PYTHON_CODE)
	@ruff check -q --fix $(PYTHON_CODE) || true

lock: setup ## Resolve the dependencies anew and write all locks
	@uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	  --custom-compile-command "make lock" --group dev pyproject.toml -o requirements.lock
	@uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	  --custom-compile-command "make lock" --constraints requirements.lock --group volatility pyproject.toml \
	  -o requirements-volatility.lock
	@npm install --package-lock-only

clean: ## Remove what was built (not the installed tools)
	@rm -rf build .build out cache broadcast .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './node_modules/*' -not -path './.venv/*' -prune -exec rm -rf {} +
