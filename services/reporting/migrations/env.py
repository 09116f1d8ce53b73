"""Alembic's entry to the migrations of the reporting service."""

from services.reporting.tables import metadata
from services.runtime.migration import run_env

run_env(metadata)
