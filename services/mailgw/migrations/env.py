"""Alembic's entry to the gateway's migrations."""

from services.mailgw.tables import metadata
from services.runtime.migration import run_env

run_env(metadata)
