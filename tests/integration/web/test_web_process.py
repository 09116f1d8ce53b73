"""The gateway as a process: its commands, its ports, and how it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from support.ports import free_port
from support.system import PASSWORD, ROOT, Api, RunningSystem, wait_for


def run(
    system: RunningSystem, *arguments: str, given: str = "", **settings: str
) -> tuple[int, str]:
    """Exit code and all output of one command."""
    done = subprocess.run(
        [sys.executable, "-m", "services.web", *arguments],
        cwd=ROOT,
        env={**system.environment, **settings},
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_administrator_is_printed_once(system: RunningSystem, tmp_path: Path) -> None:
    home = {"CASEWIRE_HOME": str(tmp_path)}
    assert run(system, "migrate", **home)[0] == 0
    assert run(system, "create-admin", **home) == (0, f"name: admin\npassword: {PASSWORD}\n")
    assert run(system, "create-admin", **home) == (0, "")


def test_a_generated_password_signs_in(system: RunningSystem, tmp_path: Path) -> None:
    home = {"CASEWIRE_HOME": str(tmp_path), "CASEWIRE_ADMIN_PASSWORD": ""}
    run(system, "migrate", **home)
    code, told = run(system, "create-admin", **home)
    assert code == 0 and len(told.partition("password: ")[2].strip()) >= 12


def test_a_short_password_is_refused(system: RunningSystem, tmp_path: Path) -> None:
    home = {"CASEWIRE_HOME": str(tmp_path), "CASEWIRE_ADMIN_PASSWORD": "short"}
    run(system, "migrate", **home)
    code, told = run(system, "create-admin", **home)
    assert code == 1 and "CASEWIRE_ADMIN_PASSWORD is too short" in told


def test_a_new_password_is_set_from_the_command_line(system: RunningSystem, api: Api) -> None:
    api.post("/users", login="lost", name="Lost", role="agent")
    assert run(system, "set-password", "lost", given="a new password\n") == (0, "")
    Api(system.web).sign_in("lost", "a new password").get("/me")
    assert run(system, "set-password", "nobody", given="a new password\n")[0] == 1


@pytest.mark.parametrize("setting", ["WEB_PORT", "WEB_MANAGEMENT_PORT"])
def test_a_taken_port_is_named_with_its_setting(system: RunningSystem, setting: str) -> None:
    taken = system.environment[setting]
    ports = {name: str(free_port()) for name in ("WEB_PORT", "WEB_MANAGEMENT_PORT")}
    code, told = run(system, "run", **{**ports, setting: taken})
    assert code != 0
    assert f"port {taken} is taken" in told and f"set {setting} to a free one" in told


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_stopping_finishes_what_is_in_hand(system: RunningSystem, sent: signal.Signals) -> None:
    """Each request checks a password, so that most are in hand when the signal comes."""
    address, body = f"{system.web}/api/v1/tokens", {"name": "admin", "password": PASSWORD}

    def sign_in(_: int) -> int:
        with requests.post(address, json=body, timeout=30, stream=True) as answer:
            return answer.status_code

    assert sign_in(0) == 201
    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(sign_in, n) for n in range(6)]
        next(one for one in waiting if one.result() == 201)
        os.killpg(system.processes["web"].pid, sent)
        ended = system.processes.pop("web").wait(30)
        answers = [_answer(one) for one in waiting]
    system.start_service("web")
    system.wait_until_ready("web")
    assert ended == 0
    assert set(answers) <= {201, None} and answers.count(201) >= 2


def _answer(one: Future[int]) -> int | None:
    """The status; None for a request that came too late to be taken up."""
    try:
        return one.result()
    except requests.ConnectionError:
        return None


def test_O1_readiness_tells_what_is_missing(system: RunningSystem) -> None:
    management = f"http://127.0.0.1:{system.ports['web_management']}"
    assert requests.get(f"{management}/livez", timeout=5).text == "alive\n"
    assert requests.get(f"{management}/readyz", timeout=5).json() == {"ready": True, "missing": {}}
    port, management_port = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "services.web", "run"],
        cwd=ROOT,
        env={
            **system.environment,
            "WEB_PORT": str(port),
            "WEB_MANAGEMENT_PORT": str(management_port),
            "AMQP_URI": f"amqp://guest:secret@127.0.0.1:{free_port()}//",
        },
    )
    try:
        answer = _patient_get(f"http://127.0.0.1:{management_port}/readyz")
        assert answer.status_code == 503
        assert list(answer.json()["missing"]) == ["broker"] and "secret" not in answer.text
    finally:
        process.terminate()
        assert process.wait(30) == 0


def _patient_get(address: str) -> requests.Response:
    def get() -> list[requests.Response]:
        try:
            return [requests.get(address, timeout=10)]
        except requests.ConnectionError:
            return []

    return wait_for(get, address)[0]
