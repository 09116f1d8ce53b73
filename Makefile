.DEFAULT_GOAL := help
.PHONY: help run demo test every-test check bench audit compose-test faults words lock environment

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

run: ## Do all set-up, start everything on this machine and print its address; Ctrl-C stops it
	@deploy/local/run.sh

demo: ## Fill a running system through its front door with a month of a support team
	@.venv/bin/python -m deploy.demo

# One more than there are cores: tests wait for mails and pages, too.
WORKERS = $(shell expr $$(nproc) + 1)

test: environment ## Do all set-up, then run every check and every test
	@deploy/local/test_packages.sh
	@deploy/local/static.sh
	@$(MAKE) --no-print-directory --jobs 2 check every-test

every-test: environment
	.venv/bin/pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: environment ## Style, types and layers
	.venv/bin/ruff check services deploy tests
	.venv/bin/ruff format --check services deploy tests
	.venv/bin/mypy services deploy
	.venv/bin/lint-imports

bench: environment ## Speed and memory of the main job, beside a bare nameko round trip
	@deploy/local/test_packages.sh
	@deploy/local/peers.sh
	@PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench

# Where no registry is reached: make audit ADVISORIES=FOLDER (see docs/operators.md).
audit: $(if $(ADVISORIES),environment) ## Ask the registries, or a saved database, for known holes in what we build on
	@$(if $(ADVISORIES),.venv/bin/python -m deploy.audit $(ADVISORIES),deploy/local/audit.sh)

compose-test: environment ## Build all images and run the compose file for real, as root, without Docker (about 20 min)
	@tests/compose/tools.sh
	@PYTHONPATH=.:tests .venv/bin/python -m compose

# As the command's options: make faults MINUTES=60 MAILS=25000 FAULTS=220 POSTGRESQL=1
STORM = $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) \
	$(if $(MAILS),--mails $(MAILS)) $(if $(FAULTS),--faults $(FAULTS)) \
	$(if $(POSTGRESQL),--postgresql) $(if $(RECORD),--record $(RECORD))

faults: environment ## Strike everything at random while mails flow, and check that nothing is lost; MINUTES=60 for longer
	@deploy/local/test_packages.sh
	@PYTHONPATH=.:tests .venv/bin/python -W ignore -m faults.storm $(STORM)

words: environment ## Gather the texts of the pages and bring the catalogues of translations up to them
	@deploy/local/words.sh

lock: environment ## Pin the dependencies anew, with hashes
	.venv/bin/pip install --quiet uv
	.venv/bin/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	.venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header requirements-peers.in -o requirements-peers.lock
	.venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header requirements-audit.in -o requirements-audit.lock

environment:
	@deploy/local/prepare.sh
