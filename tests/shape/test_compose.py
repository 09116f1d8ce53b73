"""O2: the compose file is one, holds no secret, confines all it starts and names every setting."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.runtime.setting_files import secret_variables
from services.web.settings import WebSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
EXAMPLE = (DEPLOY / ".env.example").read_text(encoding="utf-8")
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
SETTABLE = set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.M))
INTERPOLATED = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
# Read where no model of settings is: by the gateway's vault, and by `make run` alone.
BESIDE_THE_MODELS = {"CASEWIRE_MAILGW_KEY_FILE", "BROKER_PORT"}
# Of the compose file itself, and of the programs beside Casewire.
OF_THE_FILE = {
    *("SITE_HOST", "SITE_TLS", "HTTP_PORT", "HTTPS_PORT", "CASEWIRE_VERSION", "POSTGRES_MEMORY"),
    *("PROMETHEUS_PORT", "PROMETHEUS_RETENTION", "GRAFANA_PORT", "RABBITMQ_MANAGEMENT_PORT"),
    *("MAIL_IMAP_PORT", "MAIL_SMTP_PORT"),
}


@cache
def variables() -> set[str]:
    """Every variable that a service reads by its model of settings."""
    fields = WebSettings.model_fields.items()
    return {str(field.validation_alias or name).upper() for name, field in fields}


def test_O2_docker_compose_takes_the_file() -> None:
    # The project's name is newer than the docker-compose of some distributions.
    text = re.sub(r"^name: .*\n", "", TEXT, flags=re.M)
    command = ["docker-compose", "-f", "-", "config", "-q"]
    done = subprocess.run(
        command, cwd=DEPLOY, input=text, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_O2_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].partition(":")[0]) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "cpus", "pids_limit", "restart"} <= set(service)
    assert service["restart"] == "no" or "healthcheck" in service
    assert not service.get("privileged") and "network_mode" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_O2_only_the_proxy_is_reached_from_elsewhere(name: str) -> None:
    ports = SERVICES[name].get("ports", [])
    assert name == "proxy" or all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", SERVICES)
def test_O3_secrets_are_files_and_each_volume_of_them_has_one_reader(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    secret = re.compile(r"PASSWORD|SECRET|DATABASE_URL|AMQP_URI")
    assert all(variable.endswith("_FILE") for variable in environment if secret.search(variable)), (
        environment
    )
    for volume in SERVICES[name].get("volumes", []):
        source, target, *mode = volume.split(":")
        if source.startswith("secrets-") and name != "passwords":
            second = source == "secrets-web" and name == "operator"
            assert target == ("/run/web" if second else "/run/secrets")
            assert mode == ([] if name == "new-web-key" else ["ro"])
            assert source.removeprefix("secrets-") in readers_of(name)


def readers_of(name: str) -> set[str]:
    """Whose secrets a service of the compose file may mount."""
    as_another = {
        **dict.fromkeys(("database", "broker"), "operator"),
        **dict.fromkeys(("administrator", "new-web-key"), "web"),
        "demo-accounts": "mailgw",
    }
    also = {"web"} if name == "operator" else set()  # its keys are part of a back-up
    return {as_another.get(name, name.removeprefix("migrate-")), *also}


def test_O2_every_setting_is_in_the_example_and_for_operators() -> None:
    named = set(re.findall(r"[A-Z][A-Z_]+", EXAMPLE))
    assert variables() - named == set()
    table = OPERATORS.partition("## Settings")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([A-Z_]+)`", "\n".join(re.findall(r"^\|([^|]*)\|", table, re.M))))
    told -= {f"{name}_FILE" for name in secret_variables(WebSettings)}
    assert told - BESIDE_THE_MODELS == variables()


def test_O2_what_the_example_offers_is_what_the_file_takes() -> None:
    assert SETTABLE == INTERPOLATED
    files = {f"{name}_FILE" for name in secret_variables(WebSettings)}
    assert variables() | files >= SETTABLE - OF_THE_FILE


@pytest.mark.parametrize("name", sorted(SETTABLE))
def test_O2_the_example_shows_the_values_that_the_file_has(name: str) -> None:
    (shown,) = re.findall(rf"^#{name}=(.*)$", EXAMPLE, re.M)
    for default in re.findall(rf"\$\{{{name}:-([^}}]*)\}}", TEXT):
        assert shown == default or name == "SITE_TLS"  # an example says more than nothing does


def test_O2_the_guide_names_services_that_there_are() -> None:
    guide = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    acts = re.findall(r"^docker compose (?:exec|run --rm(?: --no-deps)?) (\S+)", guide, re.M)
    stopped = re.findall(r"^docker compose stop (.*)", guide, re.M)
    named = {*acts, *" ".join(stopped).split(), *re.findall(r"--scale (\w+)=", guide)}
    assert len(acts) >= 5 and named <= set(SERVICES)
