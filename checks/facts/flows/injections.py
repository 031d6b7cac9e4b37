"""Which flows are injections, how sure that is, and in words what they let happen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.facts.flows.flow import Reach
from checks.facts.flows.flows import Flow
from checks.facts.flows.trust import ALLOWED, TYPED
from checks.facts.flows.value import ADDRESS, MODEL, REQUEST
from checks.facts.routes.served import Served
from checks.facts.tier import Tier, is_run_by_hand, tier_of


@dataclass(frozen=True, slots=True)
class Words:
    """*kind* of injection as findings name it; *where* the value goes and *harm* that it does there."""

    kind: str
    where: str
    harm: str

    @property
    def mend(self) -> str:
        """What mends it, in an imperative sentence without full stop."""
        return _MENDS[self.kind]


_MENDS = {
    "sql": "Give values to SQL as parameters, never inside its text",
    "shell": "Start commands with a list of arguments and without a shell",
    "code": "Never run nor load as objects what was sent",
    "template": "Give values to templates as data, never inside their text",
    "path": "Take the bare name of a file, join it to the folder, and check that the result still lies in it",
    "ssrf": "Fetch only from a list of hosts, and build the path from parts that were checked",
    "redirect": "Redirect only to paths of your own",
    "html": "Let the template escape what is shown, or use textContent or a sanitizer",
    "nosql": "Take from the request only texts and numbers into a database filter, never whole objects",
    "filter": "Build filters with the library's own methods, never as text",
}
_WORDS = {
    "sql": Words("sql", "into an SQL statement as text", "read, change and delete everything in the database"),
    "shell": Words("shell", "into a command that the server runs", "run any program on the server"),
    "code": Words("code", "into code that is run", "run their own code"),
    "load": Words("code", "into a loader that runs what the data says", "run their own code on the server"),
    "template": Words("template", "into the text of a template", "run their own code on the server"),
    "path": Words("path", "into the path of a file", "read or overwrite files outside the folder, with ../"),
    "request": Words(
        "ssrf",
        "into the address that the server fetches",
        "have the server ask the internal network, and read its answers",
    ),
    "below": Words(
        "ssrf",
        "whole into the path of an address that the server fetches",
        "reach, with ../, whatever else that server answers",
    ),
    "redirect": Words(
        "redirect", "into a redirect", "send people from this app's own address to a page that imitates it"
    ),
    "html": Words("html", "into the page as markup, not as text", "run their script in other people's browsers"),
    "query": Words("nosql", "whole into a database filter", "ask for every record, or sign in without a password"),
    "field": Words("nosql", "into a database filter", "send an operator such as {$ne: null} in place of a text"),
    "filter": Words("filter", "into a filter expression as text", "add conditions of their own to the query"),
}
_SERVER = frozenset({"sql", "shell", "code", "load", "template", "query"})
_ANONYMOUS = frozenset({"open", "behind"})
#: Kinds that are worth a word even where it cannot be told whether a request reaches them.
_LIKELY = frozenset({"sql", "shell", "code", "template", "load", "html"})
_SURE_MARKUP = re.compile(
    r"innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML|srcdoc|document\.write|Markup|mark_safe"
)
_LEFT_BEHIND = re.compile(
    r"(^|/)[\w.-]*(?:back-?up|archived?|deprecated|legacy|unused|[_-]old|old[_-]|codefix|disabled)[\w.-]*/",
    re.IGNORECASE,
)
# Starts the program that a value names.
_STARTS = re.compile(r"^(?:child_process\.|cp\.)?(?:spawn|spawnSync|execFile|execFileSync|execa)$")
# Multer and express-fileupload cut the name down to its last part, and choose the path themselves.
_STRIPPED = re.compile(r"req\.files?\b")
_BY_ITSELF = re.compile(
    r"(?:^|\.)(?:setTimeout|setInterval|require|import|compile|import_module|Response|send|end|markdown|write)$"
)


@dataclass(frozen=True, slots=True)
class Injection:
    """A flow that is an injection: *sure* holds the app back, the rest is advice. *who* can do it: anyone, or users."""

    flow: Flow
    words: Words
    sure: bool
    who: str

    @property
    def message(self) -> str:
        """What is told: what goes where, by which route, and what that lets happen."""
        reach = self.flow.reach
        route = next(iter(self.flow.served), None)
        by = f" ({route.method} {route.path})" if route is not None else ""
        if reach.origin not in {REQUEST, ADDRESS}:
            ever = "if it ever comes from a request, its sender can"
            return f"A value goes {self.words.where} ({reach.via}): {ever} {self.words.harm}"
        source = "the page's address" if reach.origin == ADDRESS else "the request"
        through = f", through {self.flow.through[-1]}" if self.flow.through else ""
        # A name such as request.GET.next says by itself whose it is.
        whose = "" if reach.name.startswith(("request.", "req.")) else f" of {source}"
        return f"{reach.name}{whose}{by} goes {self.words.where}{through}: {self.who} can {self.words.harm}"


def injection_of(flow: Flow) -> Injection | None:
    """Return *flow* as an injection, or None where it is none or nothing is known that makes it one."""
    reach = flow.reach
    words = _WORDS.get(reach.kind)
    if words is None or reach.origin == MODEL or reach.trust >= ALLOWED:
        return None
    who = _who(reach.kind, flow.served)
    if reach.origin not in {REQUEST, ADDRESS}:
        said = _worth_a_word(reach) or (_STARTS.search(reach.via) is not None and not _aside(flow))
        return Injection(flow, words, sure=False, who=who) if said else None
    return Injection(flow, words, _sure(flow) and not _aside(flow), who)


def _sure(flow: Flow) -> bool:
    """Whether what *flow* does is plain: nothing on the way has looked at the value's type."""
    reach = flow.reach
    looked_at = reach.trust >= TYPED or reach.schema
    match reach.kind:
        case "field" | "filter" | "below":
            return False
        case "request":
            return not looked_at and any(route.guard in _ANONYMOUS for route in flow.served)
        case "redirect":
            return not looked_at and not reach.built and reach.origin == REQUEST
        case "path":
            chosen = not reach.name.startswith("params") and _STRIPPED.match(reach.name) is None
            return not looked_at and reach.origin == REQUEST and chosen
        case "html":
            page = not looked_at and not reach.via.endswith(("markdown", "write"))
            return page and (reach.origin == ADDRESS or reach.built or bool(_SURE_MARKUP.search(reach.via)))
    return not looked_at and (reach.origin == REQUEST or reach.kind == "code")


def _aside(flow: Flow) -> bool:
    """Whether the file is not part of what is served: an example, a script run by hand, something left behind."""
    path = flow.path
    return tier_of(path) is not Tier.CODE or is_run_by_hand(path) or _LEFT_BEHIND.search(path) is not None


def _worth_a_word(reach: Reach) -> bool:
    """Whether a value of unknown origin is worth a word at what *reach* ends in."""
    if reach.kind not in _LIKELY or reach.trust >= TYPED:
        return False
    if reach.kind == "html":
        return _SURE_MARKUP.search(reach.via) is not None
    if reach.kind in {"sql", "shell"}:
        return reach.built
    return _BY_ITSELF.search(reach.via) is None


def _who(kind: str, served: tuple[Served, ...]) -> str:
    """Return who can do it: anyone, those who are signed in, or who sends a link."""
    if kind in {"redirect", "html"}:
        return "whoever gets somebody to follow a link"
    if any(route.guard in _ANONYMOUS for route in served):
        return "anyone"
    return "whoever is signed in" if any(route.guard == "guarded" for route in served) else "whoever sends it"
