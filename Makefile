# Everything is set up in .venv, everything made goes to _build. `make` alone lists the targets.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
NODE := _build/node/ready

.PHONY: help setup demo test book check-book pdf site lint bench bench-grading lock clean

help:
	@echo 'make demo    set up, build the book, make an assignment, grade a small class: everything once'
	@echo 'make test    set up, check the code, run all tests'
	@echo 'make book    build the site only: _build/html/index.html'
	@echo 'make check-book  build the site and check it in a browser: needs Chromium or Chrome, Node.js 18.20 or newer'
	@echo 'make pdf     build the site and print it as one PDF: _build/html/graded-digits.pdf; needs Chromium or Chrome'
	@echo 'make site    build what is published, the site with its PDF and the notebooks: _build/site'
	@echo 'make bench   time an epoch of NumPy against Keras, scikit-learn and bare matrix products'
	@echo 'make bench-grading  time stock `nbgrader autograde` against `autograder grade`, about ten minutes'
	@echo 'make lint    ruff, mypy and codespell only'
	@echo 'make lock    resolve requirements.lock anew from pyproject.toml'
	@echo 'make clean   remove _build and .venv'

setup: $(READY)

# pip compiles the byte code while it installs: importing TensorFlow takes half the time then
$(READY): requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'Python 3.11, 3.12 or 3.13 is needed and none was found; install one, or: make PYTHON=/path/to/python'; exit 1; }
	@echo '== setting up .venv with $(PYTHON) (once; about two minutes, most of it downloads) =='
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)
	@echo '== .venv is ready =='

demo: $(READY)
	$(BIN)/autograder demo

# Two files at a time: that takes little more than half the time
test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

book: $(READY)
	$(BIN)/jupyter-book build . --toc book/_toc.yml -W --keep-going

# The tests find Chromium or Chrome on the PATH, or where CHROMIUM points
check-book: pdf $(NODE)
	$(BIN)/python -m pytest tests/book/browser

# The browser is found as for the tests
pdf: book
	$(BIN)/python book/_ext/paper.py

# Each folder in _build/site is the content of the branch of its name
site: pdf
	$(BIN)/python book/_ext/site_tree.py

$(NODE): package.json package-lock.json
	@mkdir -p $(@D)
	cp package.json package-lock.json $(@D)
	npm ci --prefix $(@D) --no-audit --no-fund --ignore-scripts
	@touch $@

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/codespell

bench: $(READY)
	$(BIN)/python tests/solutions/bench_epoch.py

bench-grading: $(READY)
	$(BIN)/python tests/autograder/bench_grading.py

# uv is needed for this one only, by whoever changes a dependency
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-header --output-file requirements.lock

clean:
	rm -rf _build .venv
