"""Asking another service and waiting for its answer, with a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, LifoQueue
from typing import Any

from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from nameko.exceptions import RpcTimeout, UnknownService, get_module_path, registry
from nameko.standalone.rpc import ClusterRpcProxy

from services.contracts.errors import CROSSING, ServiceAway
from services.messaging import metrics
from services.messaging.call_spans import asking

for _error in CROSSING:
    registry[get_module_path(_error)] = _error


@dataclass(frozen=True)
class Connected:
    """One of nameko's proxies; what is put into `context` goes out with its next calls."""

    owner: ClusterRpcProxy
    proxy: Any
    context: dict[str, str]


class RpcClient:
    """A pool of nameko proxies: one of them is not for several threads, the pool is."""

    def __init__(self, amqp_uri: str, timeout_seconds: float) -> None:
        self._config = {"AMQP_URI": amqp_uri}
        self._timeout_seconds = timeout_seconds
        self._idle: LifoQueue[Connected] = LifoQueue()

    def call(self, service: str, method: str, /, **arguments: Any) -> Any:
        """The answer of `service.method(**arguments)`.

        Raises the errors of services.contracts.errors as they were raised there, and
        ServiceAway when no answer comes within the deadline or no broker is there.
        """
        try:
            with (
                asking(service, method) as context,
                metrics.RPC_SECONDS.labels(service, method).time(),
            ):
                return self._ask(service, method, arguments, context)
        except ServiceAway:
            metrics.RPC_FAILURES.labels(service, "away").inc()
            raise
        except CROSSING:
            raise  # an answer, too
        except Exception:
            metrics.RPC_FAILURES.labels(service, "broken").inc()
            raise

    def _ask(
        self, service: str, method: str, arguments: dict[str, Any], context: dict[str, str]
    ) -> Any:
        try:
            connected = self._take()
        except (OSError, AMQPError, OperationalError) as error:
            raise ServiceAway(service, self._timeout_seconds) from error
        connected.context.clear()
        connected.context.update(context)
        try:
            answer = getattr(getattr(connected.proxy, service), method)(**arguments)
        except (RpcTimeout, UnknownService, OSError, AMQPError, OperationalError) as error:
            self._discard(connected)
            raise ServiceAway(service, self._timeout_seconds) from error
        except RuntimeError as error:
            self._discard(connected)
            if "disconnected" in str(error) or "stopped" in str(error):
                raise ServiceAway(service, self._timeout_seconds) from error
            raise
        except Exception:
            self._idle.put(connected)
            raise
        self._idle.put(connected)
        return answer

    def close(self) -> None:
        """Close the idle connections."""
        while True:
            try:
                connected = self._idle.get_nowait()
            except Empty:
                return
            self._discard(connected)

    def _take(self) -> Connected:
        try:
            return self._idle.get_nowait()
        except Empty:
            context: dict[str, str] = {}
            owner = ClusterRpcProxy(self._config, context, timeout=self._timeout_seconds)
            return Connected(owner, owner.start(), context)

    def _discard(self, connected: Connected) -> None:
        try:
            connected.owner.stop()
        except (OSError, AMQPError, RuntimeError):
            return  # it was broken already, which is why it is thrown away
