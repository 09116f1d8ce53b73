"""Alembic's entry to the migrations of the web gateway."""

from services.runtime.migration import run_env
from services.web.tables import metadata

run_env(metadata)
