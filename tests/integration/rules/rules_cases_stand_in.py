"""A cases service that knows two partner categories and nobody else.

`python -m integration.rules.rules_cases_stand_in AMQP_URI`
"""

from __future__ import annotations

from services.runtime.green import patch

patch()

import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from services.contracts.errors import NotFound  # noqa: E402


class Cases:
    name = "cases"

    @rpc
    def list_partner_categories(self) -> list[dict[str, Any]]:
        return [
            {"id": 10, "name": "Support Contract", "path": "Support Contract"},
            {"id": 11, "name": "Gold", "parent_id": 10, "path": "Support Contract / Gold"},
        ]

    @rpc
    def get_user(self, id: int) -> None:
        raise NotFound("user", id)


def main() -> None:
    """Run until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    runner = ServiceRunner({"AMQP_URI": sys.argv[1]})
    runner.add_service(Cases)
    runner.start()
    try:
        runner.wait()
    except KeyboardInterrupt:
        runner.stop()


if __name__ == "__main__":
    main()
