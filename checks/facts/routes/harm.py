"""What an anonymous person could do with a route, and whether that is enough to hold an app back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checks.facts.code.bodies import is_personal
from checks.facts.routes.served import Served

_MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: Words of a path under which nothing is for everybody, and those that need a look at what is read.
_NEVER_OPEN = re.compile(r"\b(?:_?debug|export\w*|dump|backup\w*|env|secrets?|phpinfo|shell|console)\b", re.IGNORECASE)
_SENSITIVE = re.compile(r"\b(?:admin\w*|internal|private|logs?)\b", re.IGNORECASE)
#: Of the words for people's data those that as often name something else; they do not make a fault grave.
_VAGUE_WORDS = """
log logs mark marks response responses record records card cards memory session sessions client clients audit vote votes
grade grades chat token tokens ticket tickets register registration waitlist feedback subscribe lead leads contact
contacts cart basket
"""
_VAGUE = frozenset(_VAGUE_WORDS.split())
#: What POST is asked to do where the path says that something is there already.
_CHANGES = re.compile(
    r"\b(?:update|edit|delete|remove|reset|cancel|approve|reject|change|set|assign|import|merge|bulk)\w*", re.IGNORECASE
)
_READS = frozenset({"reads", "environment"})
_RESETS = re.compile(
    r"\b(?:create_?db|init_?db|reset\w*|seed\w*|drop\w*|wipe\w*|clear\w*|delete\w*|remove\w*|truncate)\b",
    re.IGNORECASE,
)
#: Words of a path that asks for an answer and changes nothing: a calculator, a check of a text.
_ANSWERS = re.compile(
    r"\b(?:calculat\w*|analy[sz]e|analysis|estimat\w*|convert\w*|compar\w*|simulat\w*|preview|validat\w*|pars\w*"
    r"|recommend\w*|predict\w*|lookup|score|quick check|calcular|berechnen)\b",
    re.IGNORECASE,
)
#: What a scheduler calls, with a plain GET.
_JOBS = re.compile(r"\b(?:crons?|cronjobs?|scheduler)\b", re.IGNORECASE)
_SETS_OFF = frozenset({"stores", "writes", "mails", "service_role"})


@dataclass(frozen=True, slots=True)
class Harm:
    """
    *what* completes "anyone can ..."; *blocks* False where it is for the owner to say.

    *grave* says that people's data, or everything the server holds, is read or changed: such an app belongs nowhere.
    """

    what: str
    blocks: bool
    grave: bool = False


def harm_of(route: Served) -> Harm | None:
    """Return what *route* lets an anonymous person do, or None where it is nothing to speak of."""
    harm = _harm(route)
    return harm if harm is None else replace(harm, grave=harm.blocks and _is_grave(route))


def _is_grave(route: Served) -> bool:
    """
    Whether anyone can read or change what is people's, wipe the database, or run programs.

    A new record that anyone can add (an order, a message) is no such thing: nobody's data is read or changed by it.
    """
    if route.wipes or route.traits & {"destroys", "runs", "listing", "hands_out"}:
        return True
    segments = [part for part in re.split(r"[/:]", route.path) if part and part[0] not in "{<[:*"]
    words = {word.lower() for part in segments for word in re.findall(r"[A-Z]?[a-z]+", part)}
    personal = any(is_personal(name) and name.lower() not in _VAGUE for name in route.reads) or any(
        is_personal(word) and word not in _VAGUE for word in words
    )
    if route.method in _MUTATING and route.method != "POST":
        return personal
    if route.method == "POST":
        named = re.search(r"[{<\[]|/:", route.path) is not None
        return personal and bool(named or _CHANGES.search(re.sub(r"[-_/]", " ", route.path)))
    return personal or _NEVER_OPEN.search(re.sub(r"[-/.]", " ", route.path)) is not None


def _harm(route: Served) -> Harm | None:
    if route.framework == "Next.js action" and not route.traits & {"writes", "destroys", "runs"}:
        return _disclosure(route, "", "") or Harm("call it and have the server act", blocks=False)
    if "page" in route.traits and not route.traits & (_READS | {"looks_up", "service_role"}):
        return None  # a page that fetches nothing on the server shows nobody anything of anybody
    if route.method in _MUTATING:
        # A form that is answered with a page and stores nothing: a calculator, a search, a choice of language.
        if "stub" in route.traits:
            return Harm(_change(route), blocks=False)  # it answers the same to everybody, and keeps nothing
        kept = route.traits & {"stores", "destroys", "runs"}
        asks = "renders" in route.traits or _only_answers(route)
        return Harm(_change(route), blocks=bool(kept) or not asks)
    if route.method == "ANY" and route.traits & {"body", "stores", "destroys"}:
        return Harm(_change(route), blocks=True)
    literal = re.sub(r"[{<:\[][^/]*", "", route.path)
    words = re.sub(r"[-/.]", " ", literal)
    return _effect(route, words) or _disclosure(route, literal, words)


def _only_answers(route: Served) -> bool:
    """Whether a POST is named for the answer that it gives, and nothing is known of it but that it answers."""
    if route.method != "POST" or route.reads or route.traits & {*_SETS_OFF, "keyed", "hashes", "forwards"}:
        return False
    return _ANSWERS.search(re.sub(r"[-_/]", " ", "/".join(route.path.split("/")[-2:]))) is not None


def _change(route: Served) -> str:
    if route.wipes:
        return "wipe the database, or make themselves an administrator"
    if "destroys" in route.traits:
        return "wipe data"
    if "runs" in route.traits:
        return "make the server start programs"
    if route.method == "DELETE":
        return "delete what it names"
    if route.method in {"PUT", "PATCH"}:
        return "change what it names"
    return "write data" if "writes" in route.traits else "call it and have the server act"


def _effect(route: Served, words: str) -> Harm | None:
    """Return what a plain link to a GET route sets off."""
    if route.wipes:
        return Harm("wipe the database, or make themselves an administrator, with a plain link", blocks=True)
    if "listing" in route.traits:
        return Harm("list and fetch the files of this folder", blocks=True)
    if "destroys" in route.traits or (_RESETS.search(words) and "stores" in route.traits):
        return Harm("change or wipe data with a plain link", blocks=True)
    jobs = _job(route, words)
    if jobs is not None or "hands_out" in route.traits:
        return jobs or Harm("read a secret of the server's own settings", blocks=True)
    if route.traits >= {"runs", "body"}:
        return Harm("have the server run what they send", blocks=True)
    return None


def _job(route: Served, words: str) -> Harm | None:
    """Return what it does that anybody sets off what a scheduler is to call."""
    if _JOBS.search(words) is None or "renders" in route.traits or not route.traits & _SETS_OFF:
        return None
    return Harm("set off this job with a plain link", blocks=bool(route.traits & (_SETS_OFF - {"service_role"})))


def _disclosure(route: Served, literal: str, words: str) -> Harm | None:
    """Return what a GET route gives away; a page for people is left to its owner, data for programs is not."""
    page = "renders" in route.traits
    names = ", ".join(dict.fromkeys(name.lower() for name in route.reads))
    never, sensitive = _NEVER_OPEN.search(words), _SENSITIVE.search(words)
    fetches = "reads" in route.traits and not page
    found = never or (sensitive if route.traits & _READS else None)
    if found:
        return Harm(f'read what its address calls "{found[0]}"', blocks=not page or bool(route.traits & _READS))
    personal = any(is_personal(segment) for segment in literal.split("/"))
    if names or sensitive:
        blocks = not page and (bool(names) or personal)
        return Harm(f"read {names} records" if names else "read what it answers", blocks=blocks)
    if "metrics" in words.split():
        return Harm("read what the app measures of itself", blocks=False)
    if fetches:
        return Harm("read what it returns from the database", blocks=personal)
    one = (
        personal and re.search(r"[{<\[]|/:", route.path) is not None and not route.traits & {"stub", "page", "renders"}
    )
    return _use(route) or (
        Harm("read what it answers of one of them", blocks=False) if one and route.resolved else None
    )


#: What a GET route does by these traits, for its owner to judge: has all of the first, none of the second.
_USES: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    (frozenset({"runs"}), frozenset(), "have the server start programs"),
    (
        frozenset({"service_role"}),
        frozenset({"page", "renders"}),
        "have the server ask its database with the key that may do everything",
    ),
    (frozenset({"renders", "reads", "stores", "writes"}), frozenset(), "change data by opening a page"),
    (frozenset({"socket"}), frozenset(), "connect to it and get what it sends"),
    (frozenset({"mails"}), frozenset(), "have the server send mail or messages"),
    (frozenset({"keyed"}), frozenset(), "have the server call another service with the app's own key"),
    (frozenset({"looks_up"}), frozenset({"renders"}), "read what it looks up"),
)


def _use(route: Served) -> Harm | None:
    """Return what a GET route does for whoever asks, told for its owner to judge."""
    if route.guard == "open" and route.by:
        return Harm("read what it answers", blocks=True)  # its authors asked for a login
    for having, lacking, what in _USES:
        if having <= route.traits and not lacking & route.traits:
            return Harm(what, blocks=False)
    return None
