"""`python -m services.reporting {run,migrate,rebuild}`."""

from __future__ import annotations

import sys

from services.runtime.command_line import service_parser

MOST_SHOWN = 50


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
    from services.runtime.migration import migrate
    from services.runtime.settings import Settings

    migrate(Settings.load(), "reporting")
    return 0


def _rebuild() -> int:
    from services.contracts.errors import ServiceAway
    from services.messaging.rpc_client import RpcClient
    from services.reporting.actions.rebuild_facts import rebuild_facts
    from services.reporting.errors import RebuildUnderWay
    from services.reporting.wiring import build

    wiring = build()
    client = RpcClient(wiring.settings.amqp_uri, wiring.settings.rpc_timeout_seconds)
    try:
        rebuilt = rebuild_facts(
            wiring.transactions,
            lambda after, limit: client.call("cases", "read_events", after=after, limit=limit),
            lambda count: print(f"read {count} events", flush=True),
        )
    except (ServiceAway, RebuildUnderWay) as error:
        print(f"rebuild: {error}; the facts are as they were", file=sys.stderr)
        return 1
    finally:
        client.close()
        wiring.close()
    _show("events left out", rebuilt.left_out)
    _show("differences found", rebuilt.differences)
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
