"""Lines are cut or slow, the disk is full, the broker has no room."""

from __future__ import annotations

import time
from contextlib import suppress

from faults.storm.plan import Fault
from faults.storm.site import Site
from support.broker import BrokerAway

USUAL_MEMORY, USUAL_DISK = "0.4", "50MB"


def reset_line(site: Site, fault: Fault) -> str:
    """Every connection is reset; new ones are taken at once."""
    site.lines[fault.target].reset()
    return ""


def silence_line(site: Site, fault: Fault) -> str:
    """Connections stay open and nothing comes through; in the end it does, or they are reset."""
    line = site.lines[fault.target]
    line.silence(tuple(fault.details["ways"]))
    time.sleep(fault.seconds)
    if fault.details["then"] == "reset":
        line.reset()
    line.heal()
    return ""


def slow_line(site: Site, fault: Fault) -> str:
    """Each chunk takes long, and few bytes go through in a second."""
    line = site.lines[fault.target]
    line.seconds = fault.details["milliseconds"] / 1000
    line.bytes_a_second = fault.details["bytes_a_second"]
    time.sleep(fault.seconds)
    line.heal()
    return ""


def refuse_line(site: Site, fault: Fault) -> str:
    """Every connection is reset, and no new one taken for a while."""
    line = site.lines[fault.target]
    line.refuse()
    time.sleep(fault.seconds)
    line.heal()
    return ""


def fill_disk(site: Site, fault: Fault) -> str:
    """The disk with the databases and attachments has no byte left for a while."""
    assert site.disk is not None, "there is no disk to fill up; that needs root"
    used = site.disk.used_megabytes()
    site.disk.fill()
    time.sleep(fault.seconds)
    site.disk.free()
    site.revive_database()
    return f"{used} MB were in use"


def alarm_memory(site: Site, fault: Fault) -> str:
    """The broker believes that its memory is used up, and takes nothing from who publishes."""
    return _alarm(site, fault, "set_vm_memory_high_watermark", "0", USUAL_MEMORY)


def alarm_disk(site: Site, fault: Fault) -> str:
    """The broker believes that its disk is full."""
    return _alarm(site, fault, "set_disk_free_limit", "900000GB", USUAL_DISK)


def _alarm(site: Site, fault: Fault, command: str, struck: str, usual: str) -> str:
    try:
        site.broker.control(command, struck)
        time.sleep(fault.seconds)
    except BrokerAway:
        return "the broker was away"
    finally:
        # One that was killed meanwhile has forgotten the alarm by itself.
        with site.broker_turn, suppress(BrokerAway):
            site.broker.control(command, usual)
    return ""
