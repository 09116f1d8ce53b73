"""Has imported a service's modules, and forks each time one more process of it is wanted.

`python -m support.nursery_process FD SERVICE`: orders come in on the socket FD, answers go out
there. The import is by far the longest part of a start, and the same for all.
"""

from __future__ import annotations

import os
import sys

# Before the library is made cooperative: this side waits as any program does. Nothing else may
# be imported before that is done, or what it took of the library would stay as it was.
read, write, wait_for_end = os.read, os.write, os.waitpid

LONGEST_ORDER_BYTES = 1 << 20


def import_service(name: str) -> None:
    """Import what `python -m services.NAME run` will import, in the same order."""
    if name == "web":
        import services.web.server  # noqa: F401

        return
    from services.runtime.green import patch

    patch()
    from importlib import import_module

    for needed in ("messaging.broker_check", "messaging.tracing", "runtime.process"):
        import_module(f"services.{needed}")
    import_module(f"services.{name}.service")


def obey(socket: int) -> dict[str, object] | None:
    """Carry out orders until none can come any more; in a child, the order it is to run."""
    import json
    from contextlib import suppress

    children: set[int] = set()
    codes: dict[int, int] = {}  # of those that have ended; two may ask for the same
    with suppress(ConnectionError):
        while order := read(socket, LONGEST_ORDER_BYTES):
            asked = json.loads(order)
            if "ended" in asked:
                if asked["ended"] in children:
                    ended, status = wait_for_end(asked["ended"], os.WNOHANG)
                    if ended:
                        children.remove(ended)
                        codes[ended] = os.waitstatus_to_exitcode(status)
                answer = codes.get(asked["ended"])
            else:
                answer = fork_leader()
                if answer == 0:
                    os.close(socket)
                    return dict(asked)
                children.add(answer)
                codes.pop(answer, None)
            write(socket, json.dumps(answer).encode())
    for child in children:
        end_group(child)
    return None


def fork_leader() -> int:
    """As os.fork, but the child leads a session of its own by the time that this answers."""
    seen, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
    os.close(told)
    if child:
        read(seen, 1)  # its end, for the child has closed the other side
    os.close(seen)
    return child


def end_group(child: int) -> None:
    """Whoever would have stopped it is gone."""
    from contextlib import suppress
    from signal import SIGKILL

    with suppress(ProcessLookupError):
        os.killpg(child, SIGKILL)


def become(order: dict[str, object]) -> None:
    """Run the module as `python -m` would, with a log of its own."""
    import runpy

    take_own_hub()
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    module, *arguments = order["module"]  # type: ignore[misc]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def take_own_hub() -> None:
    """Eventlet's hub waits by a file that a fork shares; with it brothers would wake each other."""
    if "eventlet" in sys.modules:
        from eventlet import hubs

        hubs.use_hub()


def main() -> None:
    """Serve as a nursery; in a child, be the service."""
    socket, service = int(sys.argv[1]), sys.argv[2]
    import_service(service)
    order = obey(socket)
    if order is not None:
        become(order)


if __name__ == "__main__":
    main()
