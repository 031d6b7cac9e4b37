"""What is shipped to run the bot with: each file has the form its reader wants, and names only what there is."""

import configparser
import importlib
import re
import shlex
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.__main__ import COMMANDS
from bot.app import ROLES
from bot.setting_names import NAMES, SECRET_NAMES
from tests.requirements_of_machine import needs

ROOT = Path(__file__).resolve().parent.parent
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
SETTINGS = {*NAMES, *(f"{name}_FILE" for name in SECRET_NAMES)}
#: https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json: what of it we use, and its kinds
SERVICE = {
    "build": dict, "cap_drop": list, "command": list, "depends_on": dict, "deploy": dict, "env_file": list,
    "environment": dict, "healthcheck": dict, "image": str, "init": bool, "ports": list, "read_only": bool,
    "restart": str, "secrets": list, "security_opt": list, "shm_size": str, "stop_grace_period": str,
    "tmpfs": list, "volumes": list,
}  # fmt: skip


def compose(waiting: str = "") -> dict[str, Any]:
    """What compose.yaml says, as its reader merges it; with the lines that wait for the secret *waiting* taken in."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    if waiting:
        text, lines = re.subn(rf"^( *)# (.*\b{waiting}\b.*)$", r"\1\2", text, flags=re.MULTILINE)
        assert lines == 3
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def rules() -> list[dict[str, Any]]:
    """The alerts in deploy/alerts.yml."""
    read = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def code_blocks() -> list[str]:
    """The lines of every block of commands in docs/operate.md."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", OPERATE, re.MULTILINE | re.DOTALL)
    return [line for kind, block in blocks if kind in {"", "sh"} for line in block.splitlines()]


def test_compose_has_the_form_that_compose_wants() -> None:
    """Top level and services have known keys of the right kind; what a service names is declared below."""
    read = compose()
    assert {key for key in read if not key.startswith("x-")} == {"name", "services", "volumes", "secrets"}
    for name, service in read["services"].items():
        for key, value in service.items():
            assert isinstance(value, SERVICE[key]), f"{name}.{key}"
        assert set(service.get("secrets", ())) <= set(read["secrets"]), name
        for volume in service["volumes"]:
            named, _, inside = volume.partition(":")
            assert (inside and named in read["volumes"]) or named.startswith("/"), name
        assert set(service.get("depends_on", ())) <= set(read["services"]), name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
    assert all(set(one) == {"file"} for one in read["secrets"].values())


@pytest.mark.parametrize("waiting", ["", "github_token"])
def test_the_bot_in_compose_is_set_by_settings_that_there_are(waiting: str) -> None:
    """No secret stands in an environment; each is named by its file, which the service is given."""
    read = compose(waiting)
    assert not waiting or read["secrets"][waiting] == {"file": f"./secrets/{waiting}"}
    for name in ("bot", "standby", "worker"):
        service = read["services"][name]
        assert set(service["environment"]) <= SETTINGS
        assert not set(service["environment"]) & set(SECRET_NAMES)
        files = {value.removeprefix("/run/secrets/") for key, value in service["environment"].items() if "_FILE" in key}
        assert files == set(service["secrets"])
        assert service["command"][:2] == ["run", "--role"]
        assert service["command"][2] in ROLES
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["env_file"] == ["groundcrew.env"]
        assert "${" not in str(service), "every `docker compose` command would need it set in its shell"
    assert "healthcheck" in read["services"]["db"]


def test_no_two_processes_in_compose_share_a_home_or_a_port() -> None:
    """Not those of two services, nor those of one that is scaled: a volume with a name would be one for all of them."""
    services = {name: one for name, one in compose()["services"].items() if name != "db"}
    homes = [volume for one in services.values() for volume in one["volumes"] if ":" in volume]
    ports = [port.rpartition(":")[0] for one in services.values() for port in one.get("ports", ())]
    assert len(homes) == len(set(homes))
    assert len(ports) == len(set(ports))
    assert services["worker"]["volumes"] == ["/var/lib/groundcrew"]
    assert "ports" not in services["worker"]


def test_the_image_runs_as_nobody_special_from_pinned_packages() -> None:
    """Fetched against hashes, installed without an index, as a user of its own, with its health asked for."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert "pip download --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock" in text
    assert "PIP_NO_INDEX=1" in text
    assert "USER 10001:10001" in lines
    assert lines.index("USER 10001:10001") > max(n for n, line in enumerate(lines) if line.startswith(("RUN", "COPY")))
    assert "/healthz" in text
    assert {line.split()[1].partition(":")[0] for line in lines if line.startswith("FROM")} == {"python"}
    set_in_it = set(re.findall(r"\b(GROUNDCREW_\w+)=", text))
    assert set_in_it <= SETTINGS
    assert not set_in_it & set(SECRET_NAMES)


def test_every_alert_asks_for_metrics_that_there_are_and_has_its_mend() -> None:
    """A metric that was renamed would make an alert that never rings; each has a row in the runbook."""
    exposed = {one.name for one in metrics.DECLARED}
    exposed |= {f"{one.name}{end}" for one in metrics.DECLARED for end in ("_bucket", "_count", "_sum")}
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for part in ("slack", "ears", "registry", "sender", "clock", "audit", "reliability channel"):
        assert re.search(rf"^\| GroundcrewPartFails .*`{part}`", OPERATE, re.MULTILINE), part
    for rule in rules():
        assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert set(re.findall(r"groundcrew_\w+", rule["expr"])) <= exposed, rule["alert"]
        assert re.search(rf"^\|.*\b{rule['alert']}\b", OPERATE, re.MULTILINE), rule["alert"]
    named = set(re.findall(r"\bGroundcrew[A-Z]\w+", OPERATE))
    assert named == {rule["alert"] for rule in rules()}


def test_the_metrics_are_those_that_a_scrape_shows() -> None:
    """What docs/operate.md lists is what Prometheus gets."""
    families = text_string_to_metric_families(metrics.exposition()[0].decode())
    shown = {one.name + ("_total" if one.type == "counter" else "") for one in families if "groundcrew_" in one.name}
    assert shown == {one.name for one in metrics.DECLARED}


def test_every_command_and_setting_in_the_manual_is_one() -> None:
    """What somebody copies from docs/operate.md at night is understood by the command line."""
    found = 0
    for line in code_blocks():
        for words in re.findall(
            r"(?:(?:^|/|\s)groundcrew|compose run .* bot) ([a-z]+(?: [^#|;&]*)?)", re.sub(r"\$\(.*?\)", "x", line)
        ):
            name, *arguments = shlex.split(words)
            if name not in COMMANDS:
                continue
            parser = ArgumentParser()
            importlib.import_module(f"bot.cli.{name}").add_arguments(parser)
            parser.parse_args(arguments)
            found += 1
    assert found >= 11
    assert set(re.findall(r"\bGROUNDCREW_[A-Z_]+[A-Z]", OPERATE)) <= SETTINGS


def test_files_of_an_installation_are_no_part_of_the_project() -> None:
    """What the manual puts beside compose.yaml is neither committed nor in the image."""
    for name in ("secrets", "backups", "groundcrew.env"):
        assert name in OPERATE
        ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        assert {f"/{name}", f"/{name}/"} & set(ignored), name
        assert name in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines(), name


def test_root_types_commands_as_the_service(tmp_path: Path) -> None:
    """The settings of the unit come before the words, which stay as they are; secrets are read where root has them."""
    said = (
        "GROUNDCREW_HOME=/var/lib/groundcrew SLACK_BOT_TOKEN_FILE=/run/credentials/groundcrew.service/slack_bot_token"
    )
    program(
        tmp_path / "systemctl", f'[ "$*" = "show --property=Environment --value groundcrew.service" ] && echo {said}'
    )
    program(tmp_path / "systemd-run", 'printf "%s\\n" "$@"')
    done = as_service(tmp_path, "restore", "a b", "$x")
    assert done.returncode == 0, done.stderr
    given = done.stdout.splitlines()
    assert given[-4:] == ["/opt/groundcrew/bin/groundcrew", "restore", "a b", "$x"]
    assert {one.removeprefix("--setenv=") for one in given if one.startswith("--setenv=")} == {
        "GROUNDCREW_HOME=/var/lib/groundcrew",
        "SLACK_BOT_TOKEN_FILE=/etc/groundcrew/slack_bot_token",
    }
    unit = (ROOT / "deploy" / "groundcrew.service").read_text(encoding="utf-8")
    (file,) = re.findall("^EnvironmentFile=(.*)$", unit, re.MULTILINE)
    assert f"--property=EnvironmentFile={file}" in given
    assert all(f":/etc/groundcrew/{name}\n" in unit for name in re.findall(r"=%d/(\w+)", unit))
    assert given[0] == "--pipe"


def test_without_the_service_nothing_is_run(tmp_path: Path) -> None:
    """Else a command would see to a registry that nobody has."""
    program(tmp_path / "systemctl", "true")
    program(tmp_path / "systemd-run", "echo ran")
    done = as_service(tmp_path, "doctor")
    assert (done.returncode, done.stdout) == (1, "")
    assert "install it first (docs/operate.md)" in done.stderr


def program(path: Path, script: str) -> None:
    """Put a stand-in for a program of systemd's at *path*."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)


def as_service(programs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command that root has, with *programs* in front of the system's."""
    return subprocess.run(
        [ROOT / "deploy" / "groundcrew-as-service", *words],
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_links_in_the_manual_lead_somewhere() -> None:
    """Each file that it points to is there, and each heading."""
    headings = {re.sub(r"[^\w -]", "", line.strip("# ").lower()).replace(" ", "-") for line in OPERATE.splitlines()}
    for link in re.findall(r"\]\(([^)]+)\)", OPERATE):
        if link.startswith("#"):
            assert link[1:] in headings
        else:
            assert (ROOT / "docs" / link).exists(), link


def test_the_unit_has_the_form_that_systemd_wants(tmp_path: Path) -> None:
    """Where there is a systemd, it finds nothing to say about it; its settings are ours in any case."""
    text = (ROOT / "deploy" / "groundcrew.service").read_text(encoding="utf-8")
    set_in_it = set(re.findall(r"^Environment=(\w+)=", text, re.MULTILINE))
    assert set_in_it <= SETTINGS
    assert not set_in_it & set(SECRET_NAMES)
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(text)
    assert unit.sections() == ["Unit", "Service", "Install"]
    here = tmp_path / "groundcrew.service"
    here.write_text(text.replace("/opt/groundcrew/bin/groundcrew", "/bin/true"))
    done = subprocess.run([needs("systemd-analyze"), "verify", here], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "name",
    ["compose.yaml", "Containerfile", "deploy/groundcrew.service", "deploy/alerts.yml", "deploy/groundcrew-as-service"],
)
def test_what_is_shipped_holds_no_secret(name: str) -> None:
    """Each file may be shown to anybody."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"xox[bap]-\w|xapp-\w|password:\s*[^\s{]", text, re.IGNORECASE)
