"""Alembic's entry to the migrations of the rules service."""

from services.rules.tables import metadata
from services.runtime.migration import run_env

run_env(metadata)
