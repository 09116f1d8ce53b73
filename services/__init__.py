"""Casewire's services.

psycopg 3 stalls a whole eventlet process unless it waits through select(), and it
reads this setting once, when it is imported. Every service imports this package
first, so here it cannot be forgotten.
"""

import os

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
