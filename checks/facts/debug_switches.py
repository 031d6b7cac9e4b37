"""Places that switch a framework's debug mode on, and places that start a server made for production."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2
from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.literals import above, callee_of, keyword_of, rows_with, short
from checks.facts.code.syntax import PARSERS, language_of, line_of, nodes_of, nodes_on
from checks.facts.debug_bypasses import bypasses
from checks.facts.debug_switch import DebugSwitch, Switch
from checks.facts.debug_traces import stacks_sent, traces_sent
from checks.facts.delivery.start_commands import commands_in
from checks.facts.secrets.fallback_judgement import shape_of, speaks_of_environment
from checks.facts.tier import Tier, is_compose_file, is_for_development, tier_of


@dataclass(frozen=True, slots=True)
class SwitchesInFile:
    """One file's switches; *off* where it switches Django's DEBUG off; *server* where it starts a real server."""

    switches: tuple[DebugSwitch, ...] = ()
    off: bool = False
    server: bool = False


@dataclass(frozen=True, slots=True)
class DebugSwitches:
    """All files' switches, by path."""

    files: Mapping[str, SwitchesInFile]

    @property
    def servers(self) -> tuple[str, ...]:
        """The files that start a server made for production."""
        return tuple(sorted(path for path, part in self.files.items() if part.server))

    @property
    def off(self) -> frozenset[str]:
        """The files that switch Django's DEBUG off or read it from the environment."""
        return frozenset(path for path, part in self.files.items() if part.off)


_SETTINGS = re.compile(r"(^|/)settings[^/]*\.py$|(^|/)settings/[^/]+\.py$|(^|/)conf(ig)?/[^/]*settings[^/]*\.py$")
_COMMANDS = re.compile(
    r"(^|/)(Dockerfile[\w.-]*|[\w.-]+\.Dockerfile|Containerfile|Procfile|\.replit|render\.ya?ml|fly\.toml|railway\.(json|toml)|nixpacks\.toml"
    r"|app\.ya?ml|vercel\.json|zappa_settings\.\w+|serverless\.ya?ml|apprunner\.ya?ml|[\w-]*\.service|supervisord?\.conf|package\.json"
    r"|(start|run|entrypoint|docker-entrypoint|startup|boot|serve|deploy)[\w-]*\.sh)$",
    re.IGNORECASE,
)
# Classes of settings for production or for all places, as Flask reads them; those for development are named so.
_CONFIGS = re.compile(r"(?:Base|Default|Prod\w*)?(?:Config\w*|Settings)$")
_RUNS = re.compile(r"(?:^|\.)(?:run|run_simple|run_app)$")
_APPS = re.compile(
    r"^(?:FastAPI|Starlette|Sanic|Quart|fastapi\.FastAPI|tornado\.web\.Application|(?:web\.)?Application)$"
)
# A variable's default that switches debug mode on: getenv("DEBUG", "True"), env.bool("DEBUG", default=True).
_ON_BY_DEFAULT = re.compile(
    r"(?:getenv|environ\.get|env(?:\.bool|bool)?|config|get_?bool\w*)\([^()]{1,60},\s*(?:default\s*=\s*)?[\"']?(?:true|1|yes|on)\b",
    re.IGNORECASE,
)
_QUERY = "[(call) (assignment)] @it"
_MAY_SWITCH = re2.compile(r"(?i)debug|reload")  # without one of them nothing below switches anything
_ERRORS = re.compile(r"require\(\s*['\"]errorhandler['\"]\s*\)|from\s+['\"]errorhandler['\"]")


def kind_of(path: str) -> str | None:
    """Return as what *path* is read: a language, "settings" for Django's, or the name of a file that starts things."""
    if tier_of(path) is not Tier.CODE:
        return None
    if is_compose_file(path):
        return "compose"
    if _COMMANDS.search(path):
        name = path.rpartition("/")[2]
        return None if is_for_development(path) else name.lower() if "ocker" not in name else "dockerfile"
    language = language_of(path)
    if language == "python":
        return ("settings-dev" if is_for_development(path) else "settings") if _SETTINGS.search(path) else "python"
    return language


def read(text: str, kind: str) -> SwitchesInFile | None:
    """Return the switches of *text*, or None where it has none and starts no server."""
    if kind in {"javascript", "typescript", "tsx"}:
        found = tuple(_javascript(text, kind)) if _ERRORS.search(text) else ()
        found += (*stacks_sent(text, kind), *bypasses(text))
        return SwitchesInFile(found) if found else None
    if kind in {"python", "settings", "settings-dev"}:
        let_in = tuple(bypasses(text))
        if not let_in and not any(word in text for word in ("ebug", "DEBUG", "format_exc", "reload")):
            return None
        found = () if kind == "settings-dev" else (*_python(text, kind), *traces_sent(text), *let_in)
        off = kind != "python" and re.search(r"^DEBUG\s*=\s*(?!True\s*(?:#|$))", text, re.MULTILINE) is not None
        return SwitchesInFile(found, off=off) if found or off else None
    commands = commands_in(text, kind)
    switches = tuple(
        DebugSwitch(each.line, Switch[each.way], shape_of(each.way), sure=kind != "compose")
        for each in commands.switches
    )
    return SwitchesInFile(switches, server=commands.server) if switches or commands.server else None


def _python(text: str, kind: str) -> Iterator[DebugSwitch]:
    flask = re.search(r"\b(?:flask|quart|dash|socketio|werkzeug|bottle)\b", text, re.IGNORECASE) is not None
    for node in nodes_on(text, "python", _QUERY, rows_with(text, _MAY_SWITCH)):
        switch = _of_call(node, flask=flask) if node.type == "call" else _of_assignment(node, kind)
        if switch is None:
            continue
        conditions = [
            short(each.child_by_field_name("condition"))
            for each in above(node)
            if each.type in {"if_statement", "elif_clause"}
        ]
        main = any("__main__" in each for each in conditions)
        if not any(speaks_of_environment(each) for each in conditions if "__main__" not in each):
            sure = switch not in {Switch.DEFAULT, Switch.RELOAD} and (
                switch is not Switch.CONFIG or _class_around(node).startswith("Prod")
            )
            said = keyword_of(node, "reload") if switch is Switch.RELOAD else None
            yield DebugSwitch(line_of(said or node), switch, shape_of(switch.name), main, sure)


def _of_call(call: Node, *, flask: bool) -> Switch | None:
    function = callee_of(call)

    def on(name: str) -> bool:
        return short(keyword_of(call, name)) in {"True", "1"}

    server = flask or keyword_of(call, "host") is not None or keyword_of(call, "port") is not None
    if _RUNS.search(function) and server:
        if on("debug") or on("use_debugger"):
            return Switch.RUN
        if _ON_BY_DEFAULT.search(short(keyword_of(call, "debug"))):
            return Switch.DEFAULT
    if function == "uvicorn.run" and on("reload") and "0.0.0.0" in short(keyword_of(call, "host")):  # noqa: S104 - what repositories bind to, not this app
        return Switch.RELOAD
    if _APPS.search(function) and on("debug"):
        return Switch.APP
    if function.endswith("DebuggedApplication") and not short(keyword_of(call, "evalex")).startswith("False"):
        return Switch.DEBUGGER
    return None


def _of_assignment(node: Node, kind: str) -> Switch | None:
    left, right = (short(node.child_by_field_name(side)) for side in ("left", "right"))
    if left == "DEBUG" and kind == "settings" and _ON_BY_DEFAULT.search(right):
        return Switch.DEFAULT
    if right != "True":
        return None
    if left == "DEBUG":
        general = _CONFIGS.match(_class_around(node)) is not None
        return Switch.DJANGO if kind == "settings" else Switch.CONFIG if general else None
    if left in {"app.debug", "app.config['DEBUG']", 'app.config["DEBUG"]', "application.debug"}:
        return Switch.APP
    return None


def _class_around(node: Node) -> str:
    """Return the name of the class whose body *node* stands in, or an empty string."""
    holder = next((each for each in above(node) if each.type in {"class_definition", "function_definition"}), None)
    return short(holder.child_by_field_name("name")) if holder is not None and "class" in holder.type else ""


def _javascript(text: str, language: str) -> Iterator[DebugSwitch]:
    for call in nodes_of(text, language, "(call_expression) @it"):
        if not re.match(r"\w+\.use\(\s*(?:errorHandler|errorhandler)\(", short(call)):
            continue
        guarded = any(
            speaks_of_environment(short(each.child_by_field_name("condition")))
            for each in above(call)
            if each.type == "if_statement"
        )
        if not guarded:
            yield DebugSwitch(line_of(call), Switch.ERRORS, shape_of("errorhandler"))


def join(parts: Mapping[str, SwitchesInFile], _listing: Listing) -> DebugSwitches:
    """Return all files' switches."""
    return DebugSwitches(parts)


source = Collector(
    fact=DebugSwitches,
    part=SwitchesInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=PARSERS,
)
