# Everything runs in .venv, which `setup` makes from the lock file with nothing but Python 3.11+ and its pip.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
EXTRAS := .venv/.extras

.PHONY: setup sandbox check test bench-content bench-bot bench-memory bench-match bench-scale soak lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tier1 needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up .venv (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(EXTRAS): extras.lock $(STAMP)  # what only some install: the semantic matcher, and what benches compare with
	@echo "Adding the extras to .venv (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r extras.lock
	@touch $@

sandbox: setup
	@$(BIN)/tier1 sandbox

check: setup  # the entries' own tests are for `tier1 kb test` and for the whole suite
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tier1 kb check
	$(BIN)/tier1 kb fmt --check
	$(BIN)/tier1 rules check
	$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=quick -m "not wire and not whole and not long"

test: setup $(EXTRAS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tier1 kb check
	$(BIN)/tier1 kb fmt --check
	$(BIN)/tier1 kb test
	$(BIN)/tier1 rules check
	$(BIN)/tier1 rules test
	$(BIN)/pytest -n 5 --dist worksteal

bench-content: setup  # loading, checking and testing 1,000 entries, beside plain YAML; ENTRIES=10000 for more
	$(BIN)/python bench/content.py $(ENTRIES)

# DATA is a folder of sets; bench/matching/sets.py says what is in one, and bench/sets has two
# SETS=, KS=, SEEDS= and METHODS= (names with commas) and SAMPLE=300 (messages) leave out the rest, for a glance
bench-match: setup $(EXTRAS)  # our matcher beside rapidfuzz, BM25 and nearest neighbours; DATA=DIR, TIER=semantic for the other
	@$(BIN)/python -m bench.matching --data "$(DATA)" --sets "$(SETS)" --ks "$(KS)" $(if $(SEEDS),--seeds $(SEEDS)) --methods "$(METHODS)" $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(TIER),--tier $(TIER)) $(if $(JSON),--json $(JSON)) $(if $(PICTURE),--picture $(PICTURE))

bench-scale: setup $(EXTRAS)  # what 1,000 to 100,000 phrasings cost, in time and memory; DATA=DIR as above, SIZES=1000,10000 for less
	@$(BIN)/python -m bench.matching.scale --data "$(DATA)" $(if $(SIZES),--sizes $(SIZES)) $(if $(TIER),--tier $(TIER)) $(if $(JSON),--json $(JSON))

bench-bot: setup  # the whole bot beside a bare echo: latency and answers a second, in 4 minutes; ROUNDS=1 SECONDS=3 for a glance
	$(BIN)/python -m bench.answers $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SECONDS),--seconds $(SECONDS))

bench-memory: setup  # the bot's memory over 100,000 messages; MESSAGES=20000 for less
	$(BIN)/python -m bench.flood $(if $(MESSAGES),--messages $(MESSAGES))

soak: setup  # the bot killed 500 times while many people write, in about a quarter of an hour; KILLS=60 for less, SEED=7 to repeat one
	$(BIN)/python -m bench.soak $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
lock:  # needs `uv` at hand; the lock names no registry, so it works with whichever yours is
	$(COMPILE) --extra dev -o requirements.lock
	$(COMPILE) --extra semantic --extra bench --constraint requirements.lock -o extras.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
