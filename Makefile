.DEFAULT_GOAL := help
.PHONY: help test check lock environment

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

environment:
	@deploy/local/prepare.sh

check: environment ## Style, types and layers
	.venv/bin/ruff check services tests
	.venv/bin/ruff format --check services tests
	.venv/bin/mypy services
	.venv/bin/lint-imports

test: environment ## Do all set-up, then run every check and test
	@deploy/local/test_packages.sh
	@$(MAKE) --no-print-directory check
	.venv/bin/pytest

lock: environment ## Pin the dependencies anew, with hashes
	.venv/bin/pip install --quiet uv
	.venv/bin/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
