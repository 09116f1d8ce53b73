"""Asking another service and waiting for its answer, with a deadline."""

from __future__ import annotations

from queue import Empty, LifoQueue
from typing import Any

from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from nameko.exceptions import RpcTimeout, UnknownService, get_module_path, registry
from nameko.standalone.rpc import ClusterRpcProxy

from services.contracts.errors import CROSSING, ServiceAway
from services.messaging import metrics

for _error in CROSSING:
    registry[get_module_path(_error)] = _error


class RpcClient:
    """A pool of nameko proxies: one of them is not for several threads, the pool is."""

    def __init__(self, amqp_uri: str, timeout_seconds: float) -> None:
        self._config = {"AMQP_URI": amqp_uri}
        self._timeout_seconds = timeout_seconds
        self._idle: LifoQueue[tuple[ClusterRpcProxy, Any]] = LifoQueue()

    def call(self, service: str, method: str, /, **arguments: Any) -> Any:
        """The answer of `service.method(**arguments)`.

        Raises the errors of services.contracts.errors as they were raised there, and
        ServiceAway when no answer comes within the deadline or no broker is there.
        """
        try:
            with metrics.RPC_SECONDS.labels(service, method).time():
                return self._ask(service, method, arguments)
        except ServiceAway:
            metrics.RPC_FAILURES.labels(service, "away").inc()
            raise
        except CROSSING:
            raise  # an answer, too
        except Exception:
            metrics.RPC_FAILURES.labels(service, "broken").inc()
            raise

    def _ask(self, service: str, method: str, arguments: dict[str, Any]) -> Any:
        try:
            owner, proxy = self._take()
        except (OSError, AMQPError, OperationalError) as error:
            raise ServiceAway(service, self._timeout_seconds) from error
        try:
            answer = getattr(getattr(proxy, service), method)(**arguments)
        except (RpcTimeout, UnknownService, OSError, AMQPError, OperationalError) as error:
            self._discard(owner)
            raise ServiceAway(service, self._timeout_seconds) from error
        except RuntimeError as error:
            self._discard(owner)
            if "disconnected" in str(error) or "stopped" in str(error):
                raise ServiceAway(service, self._timeout_seconds) from error
            raise
        except Exception:
            self._idle.put((owner, proxy))
            raise
        self._idle.put((owner, proxy))
        return answer

    def close(self) -> None:
        """Close the idle connections."""
        while True:
            try:
                owner, _ = self._idle.get_nowait()
            except Empty:
                return
            self._discard(owner)

    def _take(self) -> tuple[ClusterRpcProxy, Any]:
        try:
            return self._idle.get_nowait()
        except Empty:
            owner = ClusterRpcProxy(self._config, timeout=self._timeout_seconds)
            return owner, owner.start()

    def _discard(self, owner: ClusterRpcProxy) -> None:
        try:
            owner.stop()
        except (OSError, AMQPError, RuntimeError):
            return  # it was broken already, which is why it is thrown away
