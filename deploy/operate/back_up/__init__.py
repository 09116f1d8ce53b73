"""Copy all databases and attachments as of one moment, while Casewire runs.

TARGET is a folder to be made, or a file that ends in .tar, .tar.gz or .tgz. The keys, which open
the stored passwords and sign the sessions, are only copied with --with-keys, into TARGET.keys:
keep that apart from the back-up. What is left out then: the broker (what waits there is sent
again after a restore; dead letters are copied) and logs.
"""

from __future__ import annotations

from deploy.operate.back_up.command import HELP, add_arguments, run

__all__ = ["HELP", "add_arguments", "run"]
