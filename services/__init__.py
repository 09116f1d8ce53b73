"""Casewire's services.

psycopg 3 stalls a whole eventlet process unless it waits through select(), and it
reads this setting once, when it is imported. Every service imports this package
first, so here it cannot be forgotten.

That eventlet is in maintenance only is known and decided (docs/decisions/0004); saying so
at each start of each process would bury what an operator has to read.
"""

import os
import warnings

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
