"""`python -m deploy.compose.ready PORT`: whether the service in this container is ready."""

from __future__ import annotations

import sys
import urllib.request
from urllib.error import HTTPError, URLError

PATIENCE_SECONDS = 8


def main() -> int:
    """0 when /readyz answers 200, else 1 with what is missing."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{int(sys.argv[1])}/readyz", timeout=PATIENCE_SECONDS
        ):
            return 0
    except HTTPError as error:
        print(error.read().decode(errors="replace"))
    except (URLError, TimeoutError) as error:
        print(error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
