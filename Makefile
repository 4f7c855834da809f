# Everything there is to do here, from a fresh clone on. `make` alone lists it.
# Another Python: make run PYTHON=python3.12      Another place for the environment: make run VENV=../venv

PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
TORCH := $(shell sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt)
TORCH_CPU := https://download.pytorch.org/whl/cpu
HARDWARE ?= cpu-basic
# A little below what was reached, so that a step back is noticed.
GATES := --fail-under first_quote_right=0.88 --fail-under any_quote_right=0.91 --fail-under coverage=0.92 \
	--fail-under near_miss_held_back=0.88 --fail-under other_held_back=0.96 --fail-under emergency_recall=0.87 \
	--fail-over risk=0.07 --fail-over emergency_false_alarms=0.01

.DEFAULT_GOAL := help
.PHONY: help run test check index ask evaluate bench load hostile space deploy licences screenshots clean browser
.PHONY: need-question need-space

help:  ## list what can be done
	@sed -n 's/^\([a-z-]*\):.*##/  make \1 \t/p' Makefile | expand -t 22

run: $(VENV)/.app  ## serve the chat on http://127.0.0.1:7860, building the index first where it is missing or stale
	$(PY) app.py

test: check browser index  ## style, types, the bounds of evaluate and every test, on an index brought up to date
	@$(MAKE) --no-print-directory evaluate ARGS=
	$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(VENV)/.dev  ## style and types only
	$(PY) -m ruff check .
	$(PY) -m mypy

index: $(VENV)/.app  ## build the index of corpus/articles/
	$(PY) -m index.build

ask: need-question $(VENV)/.app  ## ask in the terminal: make ask Q="What are the symptoms of low magnesium?"
	@$(PY) -m retrieval.ask "$$Q"

evaluate: $(VENV)/.app  ## measure the answers on the golden questions of the article
	$(PY) -m retrieval.evaluate golden corpus/golden/can-hypomagnesemia-cause-seizures.jsonl $(GATES) $(ARGS)

bench: $(VENV)/.dev browser  ## time and memory beside a plain script, then a plain Space; quickly: make bench ARGS="--quick --sizes 100"
	$(PY) -m benchmarks $(ARGS)
	$(PY) -m benchmarks.plain_space

load: $(VENV)/.app  ## measure the server under 1 to 128 clients, beside a plain script
	$(PY) -m benchmarks.storm $(ARGS)

hostile: $(VENV)/.app  ## ask 10,000 hostile questions and hold every answer to its promises
	$(PY) -m benchmarks.hostile $(ARGS)

space: $(VENV)/.dev  ## write space/ for Hugging Face, check it, start it as a Space would; HARDWARE=zero for ZeroGPU
	$(PY) -m deploy.space --hardware $(HARDWARE) --simulate $(ARGS)

deploy: need-space $(VENV)/.dev  ## put the chat on Hugging Face: make deploy SPACE=name/space [HARDWARE=zero] [DRY_RUN=1]
	$(PY) -m deploy.hub $(SPACE) --hardware $(HARDWARE) $(if $(DRY_RUN),--dry-run) $(ARGS)

licences: $(VENV)/.dev  ## name the licence of everything that was installed
	@$(PY) -m piplicenses --from=mixed

screenshots: $(VENV)/.dev browser  ## take the pictures of the README again
	$(PY) -m docs.screenshots

clean:  ## remove what was built; the environment stays
	rm -rf data space reports .pytest_cache .mypy_cache .ruff_cache .hypothesis

browser: $(VENV)/.dev
	@$(PY) -m deploy.simulate --browser

# Said before anything is installed.
need-question:
	@test -n "$$Q" || { echo 'say what to ask: make ask Q="What are the symptoms of low magnesium?"'; exit 2; }

need-space:
	@test -n "$(SPACE)" || { echo "say where to: make deploy SPACE=name/space"; exit 2; }

# The environment. A stamp file is newer than the requirements it was installed from.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version 2>&1); name another: make run PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "cannot make an environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 2; }

# pip first: with pip 23.2, which Python 3.11 brings, trafilatura is installed in a state that cannot be imported.
# PyTorch's default build for Linux brings gigabytes of CUDA; its CPU build is tried briefly, then the default taken.
$(VENV)/.app: requirements.txt | $(VENV)/bin/python
	$(PIP) install --quiet --upgrade pip
	@if [ "$$(uname -s)" = Linux ] && ! $(PIP) show torch >/dev/null 2>&1; then \
		echo "installing $(TORCH) for the CPU"; \
		$(PIP) install --quiet --no-deps --timeout 5 --retries 0 --index-url $(TORCH_CPU) $(TORCH) 2>/dev/null || \
			echo "$(TORCH_CPU) is out of reach; taking torch from the default index"; \
	fi
	$(PIP) install --quiet -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	$(PIP) install --quiet -r requirements-dev.txt
	@touch $@
