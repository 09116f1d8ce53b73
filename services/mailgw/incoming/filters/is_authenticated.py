"""Did our own mail server find that the mail comes from the domain in its From (RFC 8601)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import authres
from authres.core import AuthenticationResult

from services.mailgw.incoming.authentication_results import MOST_CHARACTERS
from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

MOST_COMMENTS = 60  # the library reads comments inside each other by recursion
Finding = Literal["", "pass", "fail"]
_FEATURES = authres.all_features()
_REFUSED = {"spf": frozenset({"fail", "hardfail"}), "dkim": frozenset({"fail"})}


@dataclass(frozen=True)
class _Found:
    """A finding and the result that it comes from, in words."""

    finding: Finding
    why: str


def is_authenticated(mail: Mail) -> Verdict:
    """What the trusted host found: "pass", "fail", or nothing.

    DMARC (RFC 7489) decides, where it was asked about this domain and the domain has a policy;
    else a signature (DKIM) or sending host (SPF) of the From domain, or of one above it. Of
    several headers the topmost that finds something counts. What cannot be read is a failure: a
    sender may have a hand in it, by the names that the host repeats.
    """
    if not mail.trusted_host:
        return Verdict("is_authenticated", "not asked", "its account trusts no host to tell")
    for value in mail.authentication_results:
        found = _read(value, _domain(mail.sender.address))
        if found.finding:
            why = f"{mail.trusted_host}: {found.why}"[:500]
            return Verdict("is_authenticated", found.finding, why, authentication=found.finding)
    return Verdict("is_authenticated", "nothing told", f"{mail.trusted_host} tells of neither")


def _read(value: str, domain: str) -> _Found:
    # Nobody quotes in these headers what has to be kept, and servers write <> and a last
    # semicolon that the grammar does not know.
    text = value.encode("ascii", "replace").decode().replace("<", "").replace(">", "")
    text = text.rstrip("; \t")
    if ";" not in text:
        return _Found("", "")  # the name of the host alone, as some write who found nothing
    if len(text) > MOST_CHARACTERS or text.count("(") > MOST_COMMENTS:
        return _Found("fail", "its results are too long to be read")
    try:
        header = _FEATURES.parse_value(text)
    except (authres.AuthResError, ValueError) as error:
        return _Found("fail", f"its results cannot be read ({error})")
    results: list[AuthenticationResult] = [
        one for one in header.results if isinstance(one, AuthenticationResult)
    ]
    return _by_policy(results, domain) or _by_parts(results, domain)


def _by_policy(results: Sequence[AuthenticationResult], domain: str) -> _Found | None:
    """What DMARC says, where it says yes or no."""
    for one in results:
        if one.method != "dmarc" or one.result not in ("pass", "fail"):
            continue
        asked = _ascii(_property(one, "header", "from"))
        if one.result == "pass" and asked != domain:
            return _Found("fail", f"dmarc=pass for {asked or 'no domain'}, not for {domain}")
        return _Found(one.result, f"dmarc={one.result} for {asked or domain}")
    return None


def _by_parts(results: Sequence[AuthenticationResult], domain: str) -> _Found:
    """What the signatures and the sending host say of the domain: one yes is enough."""
    refused = ""
    for one in results:
        about = _about(one)
        if one.method not in _REFUSED or not _covers(about, domain):
            continue
        if one.result == "pass":
            return _Found("pass", f"{one.method}=pass for {about}")
        if one.result in _REFUSED[one.method]:
            refused = refused or f"{one.method}={one.result} for {about}"
    return _Found("fail" if refused else "", refused)


def _about(result: AuthenticationResult) -> str:
    """The domain that a result is about."""
    if result.method == "dkim":
        told = _property(result, "header", "d") or _property(result, "header", "i")
    else:
        told = _property(result, "smtp", "mailfrom") or _property(result, "smtp", "helo")
    return _domain(told)


def _covers(about: str, domain: str) -> bool:
    """Whether who speaks for one domain speaks for the other: the same, or one above it."""
    return "." in about and (domain == about or domain.endswith(f".{about}"))


def _property(result: AuthenticationResult, kind: str, name: str) -> str:
    for one in result.properties:
        if (one.type, one.name) == (kind, name):
            return str(one.value or "")
    return ""


def _domain(address: str) -> str:
    return _ascii(address.rpartition("@")[2])


def _ascii(domain: str) -> str:
    """A domain as the DNS knows it, so that two spellings of it are the same."""
    lower = domain.strip().rstrip(".").lower()
    try:
        return lower.encode("idna").decode()
    except UnicodeError:
        return lower
