"""The images of compose.yaml: stand-ins from Debian's packages under their names, and ours."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from compose.places import DEPLOY, DRIVER, ROOT, STORAGE, WORK, run

STAND_INS = {
    "docker.io/library/python:3.11-slim-bookworm": "python",
    "docker.io/library/node:22-bookworm-slim": "node",
    "docker.io/library/postgres:15-bookworm": "postgres",
    "docker.io/library/rabbitmq:3.13-management": "rabbitmq",
    "docker.io/library/caddy:2": "caddy",
    "docker.io/prom/prometheus:v2.53.4": "prometheus",
}
# What stands in only says so where nothing can: no registry that is reached has it.
LEFT_OUT = ("docker.io/grafana/grafana-oss:11.6.0",)
BASE = "docker.io/library/debian:bookworm-slim"
AUTHORITIES = Path("etc/ssl/certs/ca-certificates.crt")
SOURCES = """deb http://deb.debian.org/debian bookworm main
deb http://deb.debian.org/debian bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
"""


def build_stand_ins() -> None:
    """Make the base and what is layered on it, unless they are there as they should be."""
    _once("base", BASE, b"", _make_base)
    for name, folder in STAND_INS.items():
        place = Path(__file__).parent / "images" / folder
        content = b"".join(path.read_bytes() for path in sorted(place.iterdir()))
        _once(folder, name, content, partial(build, name, place))


def build_ours(version: str) -> None:
    """Build Casewire and the demo's mail server by their shipped Dockerfiles."""
    build(f"localhost/casewire:{version}", ROOT, DEPLOY / "Dockerfile", target="casewire")
    build(f"localhost/casewire-operator:{version}", ROOT, DEPLOY / "Dockerfile", target="operator")
    build(f"localhost/casewire-mail:{version}", DEPLOY / "mail")


def build(name: str, context: Path, file: Path | None = None, target: str | None = None) -> None:
    """Build one image, or a stage of it; its base images have to be here."""
    named = ("--file", str(file)) if file else ()
    named += ("--target", target) if target else ()
    options = ("--isolation", "chroot", "--pull-never", "--layers", "--tag", name)
    options += ("--label", f"tag={name}")  # so that no two versions are one image
    run("buildah", *STORAGE, "bud", *options, *named, str(context))


def size_of(name: str) -> int:
    """The bytes of an image with all its layers."""
    return int(run("podman", *STORAGE, "image", "inspect", name, "--format", "{{.Size}}"))


def _once(what: str, name: str, content: bytes, make: Callable[[], None]) -> None:
    mark = WORK / DRIVER / "marks" / what
    wanted = sha256(content).hexdigest()
    if mark.exists() and mark.read_text() == wanted and _is_there(name):
        return
    print(f"compose-test: making {name}", flush=True)
    make()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(wanted)


def _is_there(name: str) -> bool:
    listed = run("podman", *STORAGE, "images", "--format", "{{.Repository}}:{{.Tag}}")
    return name in listed.split()


def _make_base() -> None:
    """Debian's smallest root, with the authorities that this machine believes."""
    root = WORK / "root"
    shutil.rmtree(root, ignore_errors=True)
    mirror = SOURCES.split()[1]
    run(
        "debootstrap",
        "--variant=minbase",
        "--include=ca-certificates",
        "bookworm",
        str(root),
        mirror,
    )
    (root / "etc/apt/sources.list").write_text(SOURCES)
    (root / AUTHORITIES).write_bytes((Path("/") / AUTHORITIES).read_bytes())
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    archive = WORK / "base.tar"
    run("tar", "-C", str(root), "-cf", str(archive), ".")
    run("podman", *STORAGE, "import", str(archive), BASE)
    archive.unlink()
    shutil.rmtree(root)
