# Everything here sets itself up first, and only once: see tools/setup.
PYTHON := .venv/bin/python

.PHONY: setup demo test lint bench screenshots lock

setup: .venv/ready

demo: .venv/ready
	@$(PYTHON) -m idp.demo

test: .venv/ready
	@$(PYTHON) -m tests $(ARGS)

bench: .venv/ready
	@$(PYTHON) -m tests.bench $(ARGS)

# Every page, light, dark and on a phone; needs Chromium.
screenshots: .venv/ready
	@$(PYTHON) -m pytest -q tests/browser/test_pages.py --pictures=$(or $(FOLDER),screenshots)

lint: .venv/ready
	@tools/lint

# For maintainers, with uv: the newest releases that pyproject.toml allows.
lock:
	@tools/lock

.venv/ready: requirements.txt requirements-dev.txt tools/setup .venv/bin/python
	@tools/setup

# No recipe: where the Python behind .venv has gone, set-up runs again.
.venv/bin/python:
