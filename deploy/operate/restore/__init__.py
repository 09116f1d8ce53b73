"""Put a back-up in place of an empty, or with --replace of the present, installation.

The services have to be stopped, and the broker's queues empty: what waits there belongs to a time
that the back-up knows nothing of. Messages that were on their way when the back-up was made are
sent again when the services start; each takes effect once (docs/decisions/0015-back-up.md).
"""

from __future__ import annotations

from deploy.operate.restore.command import HELP, add_arguments, run

__all__ = ["HELP", "add_arguments", "run"]
