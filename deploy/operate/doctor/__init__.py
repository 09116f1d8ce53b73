"""Check everything that Casewire needs, and say what to do about what is not well.

One line a check: ok, warning or wrong. The exit code is 1 when something is wrong, else 0.
"""

from __future__ import annotations

from deploy.operate.doctor.command import HELP, add_arguments, run

__all__ = ["HELP", "add_arguments", "run"]
