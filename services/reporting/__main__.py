"""`python -m services.reporting {run,migrate,rebuild}`."""

from __future__ import annotations

import sys

from services.runtime.command_line import service_parser

MOST_SHOWN = 50
WHOLE = 1_000  # steps of the progress bar


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 when a rebuild could not be carried out."""
    parser, commands = service_parser("reporting")
    commands.add_parser(
        "rebuild", help="make all facts anew from the event log; the service may be running"
    )
    chosen = parser.parse_args(arguments)
    if chosen.command == "run":
        from services.messaging.serve import serve

        serve("reporting")
        return 0
    if chosen.command == "rebuild":
        return _rebuild()
    from services.runtime.migration import migrate_command
    from services.runtime.settings import Settings

    return migrate_command(Settings.load(), "reporting")


def _rebuild() -> int:
    from click import progressbar

    from services.contracts.errors import ServiceAway
    from services.reporting.actions.rebuild_facts import rebuild_facts
    from services.reporting.errors import RebuildUnderWay
    from services.reporting.wiring import build

    wiring = build()
    try:
        with progressbar(length=WHOLE, label="event log") as bar:
            rebuilt = rebuild_facts(
                wiring.transactions,
                wiring.read_events,
                lambda _, share: bar.update(int(share * WHOLE) - bar.pos),
            )
    except (ServiceAway, RebuildUnderWay) as error:
        print(f"rebuild: {error}; the facts are as they were", file=sys.stderr)
        return 1
    finally:
        wiring.close()
    _show("events left out", rebuilt.left_out)
    _show("differences found", rebuilt.differences)
    if rebuilt.sums_put_right:
        print(f"{rebuilt.sums_put_right} sums of months were put right")
    print(f"{rebuilt.facts} facts from {rebuilt.events} events")
    return 0


def _show(what: str, found: tuple[object, ...]) -> None:
    print(f"{len(found)} {what}")
    for one in found[:MOST_SHOWN]:
        print(f"  {one}")
    if len(found) > MOST_SHOWN:
        print(f"  … and {len(found) - MOST_SHOWN} more")


if __name__ == "__main__":
    sys.exit(main())
