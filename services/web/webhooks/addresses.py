"""Where webhooks may go: to the internet, and into our own networks only where that is allowed.

An address that an administrator sets must not make us ask what only we can reach (SSRF).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

IpAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_ADDRESS = 2000
# Each holds an IPv4 address that it leads to: NAT64 (RFC 6052 §2.1), IPv4-compatible (RFC 4291).
_ENDS_WITH_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
# Local-use NAT64 (RFC 8215) can lead anywhere; so can the relays of 6to4, which are no more.
_NEVER = (IPv6Network("64:ff9b:1::/48"), IPv4Network("192.88.99.0/24"))


class NotAllowed(ValueError):
    """A webhook may not go there; the message says why and what to do."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks with commas between, such as "10.1.0.0/16, ::1/128". Raises ValueError."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def check_address(address: str, allowed: Sequence[Network]) -> None:
    """Raises NotAllowed for an address that no webhook can have, as far as it tells by itself.

    What its host's name stands for is looked at with each delivery.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed("give an address such as https://example.com/hook") from error
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        raise NotAllowed(f"give an address of at most {LONGEST_ADDRESS} characters of ASCII")
    if " " in address or not host or parts.scheme not in ("https", "http"):
        raise NotAllowed("give an address such as https://example.com/hook")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("leave name and password out of the address: deliveries are signed")
    if parts.fragment:
        raise NotAllowed("leave out what follows the #: it is never sent")
    if parts.scheme == "http" and not allowed:
        raise NotAllowed("it has to begin with https://")
    try:
        literal = ip_address(host.partition("%")[0])
    except ValueError:
        return
    check_reachable(literal, parts.scheme, allowed)


def check_reachable(address: IpAddress, scheme: str, allowed: Sequence[Network]) -> None:
    """Raises NotAllowed when this IP address is not one to deliver to by http or https."""
    inner = _within(address)
    if any(one in network for network in allowed for one in (address, inner)):
        return
    if not _is_public(inner) or any(address in network for network in _NEVER):
        raise NotAllowed(f"{address} is no public address; WEB_WEBHOOK_NETWORKS can allow it")
    if scheme != "https":
        raise NotAllowed("it has to begin with https://")


def _within(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address leads to, where it does; else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _ENDS_WITH_IPV4) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: IpAddress) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved
