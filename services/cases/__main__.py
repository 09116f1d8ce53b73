"""`python -m services.cases {run,migrate}`."""

from __future__ import annotations

import sys

from services.runtime.command_line import service_parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done."""
    parser, _ = service_parser("cases")
    chosen = parser.parse_args(arguments)
    if chosen.command == "run":
        from services.messaging.serve import serve

        serve("cases")
        return 0
    from services.runtime.migration import migrate
    from services.runtime.settings import Settings

    migrate(Settings.load(), "cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
