"""Finds secrets that a compose file gives its services as literals or as fallbacks, by its lines alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts.assigned_secrets import Strength
from checks.facts.fallback_judgement import Fallback, judge, shape_of
from checks.facts.secret_names import Sort, sort_of
from checks.facts.secret_values import Look, look_of

_SERVICE = re.compile(r"^ {1,8}([\w.-]+):\s*(?:#.*)?$")
_SETTING = re.compile(r"^\s*(?:-\s*)?[\"']?([A-Za-z_][\w.]*)[\"']?\s*[:=]\s*[\"']?([^\"'\n#]{1,400})")
_DEFAULT = re.compile(r"^\$\{\w+:?[-=]([^}]*)\}$")
_PORT = re.compile(r"^\s*-\s*[\"']?(?:0\.0\.0\.0:|\$?\{?[\w:-]+\}?:|\d+:)?[\w${}:-]+:\d+")
_LOCAL_PORT = re.compile(r"127\.0\.0\.1:|localhost:")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    name: str
    value: str
    how: str
    service: int


def read(text: str) -> Iterator[Fallback]:
    """Yield the secrets of the compose file *text*; a weak database password blocks only where its port is published."""
    published: set[int] = set()
    settings: list[_Line] = []
    service, in_ports = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if _SERVICE.match(line) and len(line) - len(line.lstrip()) <= 4:  # noqa: PLR2004 - deeper keys are the service's own
            top = len(line) - len(line.lstrip())
            service, in_ports = (service, in_ports) if top > 2 and "environment" in line else (number, False)  # noqa: PLR2004
        stripped = line.strip()
        if stripped.endswith(":") or ": [" in stripped:
            in_ports = stripped.startswith("ports:")
        elif in_ports and _PORT.match(line) and not _LOCAL_PORT.search(line):
            published.add(service)
        match = None if stripped.startswith("#") else _SETTING.match(line)
        if match:
            value = match[2].strip()
            default = _DEFAULT.match(value)
            settings.append(
                _Line(number, match[1], default[1] if default else value, "fallback" if default else "written", service)
            )
    for each in settings:
        found = judge(each.name, each.value)
        if found is None:
            continue
        look = look_of(each.value)
        mild = look is Look.PLACEHOLDER or (look is not Look.STRONG and each.service not in published)
        if sort_of(each.name) is Sort.SIGNING and look is not Look.PLACEHOLDER:
            mild = False
        reachable = found[1] is Strength.LIKELY or each.service in published
        yield Fallback(each.number, found[0], each.how, shape_of(each.name, each.how), blocking=reachable and not mild)
