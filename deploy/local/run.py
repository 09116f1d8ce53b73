"""`python -m deploy.local.run`: Casewire on this machine, in the foreground, until Ctrl-C.

Exit 0 when it was stopped, 1 when it could not start.
"""

from __future__ import annotations

import sys

from deploy.local.errors import CannotStart
from deploy.local.stop_signal import StopSignal


def main() -> int:
    """Listen to signals first: what is imported next takes its time."""
    stop_signal = StopSignal()
    stop_signal.listen()
    from deploy.local.printing import Console
    from deploy.local.start import start

    try:
        start(Console(), stop_signal)
    except CannotStart as error:
        print(f"casewire: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
