# What a user says on the command line reaches the recipes as environment variables, unexpanded by
# make, so that no value is ever read as a command. A variable that the shell happens to export
# (HOST is the machine's name in some) is not taken for it.
HOST = reference
PLAN =
OUT =
ARGS =
unexport HOST PLAN OUT ARGS
export GIVEN_HOST := $(value HOST)
export GIVEN_PLAN := $(value PLAN)
export GIVEN_OUT := $(value OUT)
export GIVEN_ARGS := $(value ARGS)

# ARGS is split into words, and nothing else is made of it.
ARGUMENTS = set -f; set -- $$GIVEN_ARGS
BIN = .venv/bin

.PHONY: help certify test damage corpus fuzz faults mutation lab lab-all bench wheel installs lock
.PHONY: check check-style check-types check-features check-coverage coverage sbom man clean
.SILENT:

help:
	echo 'make certify   certify a host: HOST=reference (a recorded one, default), HOST=local (this machine)'
	echo '               PLAN=file  what it is meant for; OUT=folder  for the reports; ARGS="--strict ..."'
	echo 'make test      run every test, on every core; ARGS="-k name" for some, ARGS="-n0 -k name" on one'
	echo 'make damage    damage every file of every recorded host, and answer of UCS Manager (an hour)'
	echo 'make corpus    hold our reading of libvirt'\''s own test documents against a second one (some minutes)'
	echo 'make fuzz      feed made-up evidence to all that reads some; ARGS="--minutes 5" (CONTRIBUTING.md)'
	echo 'make faults    end a hundred runs at random moments, and take disk and memory away (half an hour)'
	echo 'make mutation  change each condition of the rules: does a test notice? ARGS="checks/rules/pool.py"'
	echo 'make lab       certify an SR-IOV host in QEMU (docs/lab.md); ARGS="pf-down ..." for some scenarios'
	echo 'make lab-all   run every test of the lab, and ask three generations of libvirt (hours)'
	echo 'make check     formatting, lint, types, features, coverage of the judging functions'
	echo 'make coverage  run every test and measure what they run: build/coverage/html; ARGS="tests/rules" for some'
	echo 'make bench     measure the speed; ARGS="growth ..." for some benchmarks'
	echo 'make wheel     the one file to install elsewhere, build/vmfex-*.whl (docs/installing.md)'
	echo 'make installs  try every way to install from nothing (an hour; some need root); ARGS="uv pex" for some'
	echo 'make lock      resolve the locked dependencies anew'
	echo 'make sbom      what the locks pin, in CycloneDX; OUT=folder (build/sbom)'
	echo 'make man       man pages of every command; OUT=folder (build/man)'
	echo 'make clean     remove everything that was generated'

# make itself ends with 2 for any failure and names vmfex's own exit status as its "Error N".
certify:
	tools/setup.sh certify
	$(ARGUMENTS); exec $(BIN)/vmfex certify --html \
	    $${GIVEN_PLAN:+--plan "$$GIVEN_PLAN"} $${GIVEN_OUT:+--out "$$GIVEN_OUT"} "$$@" -- "$$GIVEN_HOST"

# As many processes as there are cores; one of them begins with the lab (tests/support/workers.py).
test:
	tools/setup.sh test
	$(ARGUMENTS); exec $(BIN)/python -m pytest --numprocesses auto "$$@"

lab:
	tools/setup.sh test
	$(ARGUMENTS); exec $(BIN)/python -m tests.lab "$$@"

damage:
	tools/setup.sh test
	$(ARGUMENTS); DAMAGE=all exec $(BIN)/python -m pytest --numprocesses auto tests/rules/test_damaged.py \
	    tests/rules/test_damaged_fabric.py "$$@"

# The documents are fetched from the mirror that apt uses, once; they are no part of this project.
corpus:
	tools/setup.sh certify
	tools/corpus.sh
	$(ARGUMENTS); CORPUS=libvirt exec $(BIN)/python -m pytest --numprocesses auto tests/corpus/libvirt "$$@"

fuzz:
	tools/setup.sh test
	$(ARGUMENTS); exec $(BIN)/python -m tests.fuzz "$$@"

# FAULTS is how many runs are ended, FAULTS_SEED chooses the moments; each time they are others.
faults:
	tools/setup.sh test
	$(ARGUMENTS); export FAULTS="$${FAULTS:-100}" FAULTS_SEED="$${FAULTS_SEED:-$$$$}"; \
	    echo "FAULTS_SEED=$$FAULTS_SEED"; \
	    exec $(BIN)/python -m pytest --numprocesses auto tests/vmfex/faults tests/vmfex/folder "$$@"

mutation:
	tools/setup.sh test
	$(ARGUMENTS); exec nice -n 5 $(BIN)/python -m tests.mutation "$$@"

lab-all:
	tools/setup.sh test
	tools/generations.sh
	$(ARGUMENTS); LAB=all exec $(BIN)/python -m pytest tests/lab "$$@"

check: check-style check-types check-features check-coverage

check-style:
	tools/setup.sh certify
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet

check-types:
	tools/setup.sh certify
	$(BIN)/python -m mypy

check-features:
	tools/setup.sh certify
	$(BIN)/vmfex rules --check

# What a judging function does is told by its own tests, in some seconds (docs/decisions/0044).
check-coverage:
	tools/setup.sh certify
	tools/coverage.sh checks 92 --quiet tests/checks

coverage:
	tools/setup.sh test
	$(ARGUMENTS); exec tools/coverage.sh all 75 "$$@"

bench:
	tools/setup.sh certify
	$(ARGUMENTS); exec $(BIN)/python -m benchmarks "$$@"

wheel:
	tools/setup.sh certify
	rm -f build/vmfex-*.whl
	$(BIN)/python -m pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir build .
	ls build/vmfex-*.whl

installs:
	tools/setup.sh certify
	$(ARGUMENTS); exec tools/install/prove.sh "$$@"

lock:
	tools/setup.sh certify
	tools/lock.sh

sbom:
	tools/setup.sh certify
	exec $(BIN)/python tools/sbom.py "$${GIVEN_OUT:-build/sbom}"

man:
	tools/setup.sh certify
	exec $(BIN)/python tools/man.py "$${GIVEN_OUT:-build/man}"

clean:
	rm -rf .venv .setup certification reports/allure/generator/node_modules build *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
