"""Alembic's entry to the migrations of the cases service."""

from services.cases.tables import metadata
from services.runtime.migration import run_env

run_env(metadata)
