"""One route as it is served: which guard holds, what its handler fetches and does."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Function
from checks.facts.routes.bodies import Body, bodies_of, looks_at_token
from checks.facts.routes.guards import DECORATOR, LAYOUT, Judge, Ruling
from checks.facts.routes.known_guards import ACTS_AS_CALLER
from checks.facts.routes.next_matchers import MATCHER, covers
from checks.facts.routes.reach import applies
from checks.facts.routes.stubs import is_stub
from checks.facts.routes.surface import Event, Guarding, Handler, Surface

_MOST_BODIES = 60  # of a handler and the functions it calls
_CALLS_DEEP = 2
_FAR_DEEP = 4  # calls that are followed to what tells enough by itself
_FAR = frozenset({"wipes"})
#: Folders that keep what the app was before, or what another app is to begin with.
_SHELVED = re.compile(
    r"(?:^|/)templates?/|(?:^|/)[\w.-]*(?:backups?|archived?|deprecated|attic|trash|unused|_old|old_\w*|-old)(?:[-_.]\w*)?/",
    re.IGNORECASE,
)
#: What lies deep in shared code is seldom this route's doing.
_GATE = re.compile(r"(?:middleware|proxy)\.[jt]s$")
_MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ACTS = frozenset({"writes", "stores", "destroys", "runs", "wipes", "mails"})
_SHALLOW = frozenset({"destroys", "runs", "reads", "environment", "looks_up", "hands_out", "first_run", "own_row"})


@dataclass(frozen=True, slots=True)
class Served:
    """
    One route that an app serves.

    *guard* is guarded, open, unknown, waived (a guard is called and told to let everybody in), elsewhere (something
    behind the route decides), layout (a page around this one asks, which a request for its data alone passes by) or
    behind (a gateway asks for something that is no secret); *by* names what guards it, or
    what could not be resolved. *resolved* says whether the handler's body was found. *reads* names personal data it
    fetches; *traits* are what its body does (Function.traits), with "listing" for a folder, "development" for what is
    registered only there, "shelved" for a folder of old code, "generic" for a framework's own view and "unmet" for an
    action that no page uses, "uncalled" for what a function registers that nothing calls, "stub" for a handler that
    only answers. *expected* says where a guard would stand, *left_out* what guards others and not this one. *body* is
    the file and the name in its outline of the handler's function, empty where it was not found; *bodies* are all the
    functions that a call of it runs, as far as they are known. *model* is as of Event.
    """

    method: str
    path: str
    framework: str
    file: str
    line: int
    handler: str
    guard: str
    by: str = ""
    resolved: bool = True
    reads: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    expected: str = ""
    body: tuple[str, str] = ("", "")
    bodies: tuple[Body, ...] = ()
    model: str = ""
    left_out: str = ""

    @property
    def wipes(self) -> bool:
        """Whether it empties the database or makes an administrator, and not only while there is nobody yet."""
        return "wipes" in self.traits and "first_run" not in self.traits


def settled(surface: Surface, judge: Judge, event: Event) -> Served:
    """Return the route of *event* with its guard resolved."""
    handler = _handler(judge.program, event.handlers)
    name = handler.name if handler is not None else ""
    state, by = ("guarded", event.known) if event.known else _guard(judge, event, name)
    function = judge.program.function(handler.found) if handler is not None and handler.found is not None else None
    reads, traits = _done(judge.program, handler, function)
    bodies = bodies_of(judge.program, _reaching(event), handler)
    if state in {"present", "signed"}:
        state, by = ("guarded", by) if _looked(judge.program, event, state, traits, bodies) else ("open", "")
    if state == "open" and "as_caller" in traits and "service_role" not in traits:
        state, by = "elsewhere", "row level security, under the caller's own session"
    elif state == "open" and "forwards" in traits and not traits & {"reads", "service_role"}:
        state, by = "elsewhere", "the service that it forwards the caller's credentials to"
    elif state == "open" and "own_row" in traits:
        state, by = "elsewhere", "a look-up of the caller's own row, which finds none for who is not signed in"
    if state == "open" and event.behind:
        state, by = "behind", event.behind
    home = handler.found.path if handler is not None and handler.found is not None else ""
    if function is not None and is_stub(judge.program, home, function):
        traits |= {"stub"}
    if event.method == "GET" and function is not None and _MUTATING.intersection(function.methods):
        traits -= _ACTS  # that is what the handler does for its other methods
    if event.site.development:
        traits |= {"development"}
    if _SHELVED.search(event.site.path):
        traits |= {"shelved"}
    return Served(
        event.method,
        event.path,
        surface.framework,
        event.site.path,
        event.line,
        name,
        state,
        by,
        function is not None,
        tuple(dict.fromkeys((*event.reads, *reads))),
        traits | event.traits,
        surface.expected,
        (handler.found.path, function.name)
        if function is not None and handler is not None and handler.found
        else ("", ""),
        bodies,
        event.model,
        _left_out(event),
    )


def _looked(program: Program, event: Event, state: str, traits: frozenset[str], bodies: tuple[Body, ...]) -> bool:
    """Whether what must be sent, by *state* a token or a webhook's signature, is looked at by anybody."""
    if state == "signed":
        return looks_at_token(program, bodies, signature=True)
    # Behind a key that every browser holds, any header is there; elsewhere that it is there may be all one needs.
    return not event.behind or bool(traits & {"as_caller", "forwards"}) or looks_at_token(program, bodies)


def _reaching(event: Event) -> list[Guarding]:
    """Return the guards of *event* that are not limited to other paths."""
    return [guard for guard in event.guards if not guard.under or _below(guard, event.path)]


def _left_out(event: Event) -> str:
    """Return words that name the middleware that leaves the route of *event* out, if there is one."""
    for guard in event.guards:
        name = guard.site.path.rpartition("/")[2]
        if guard.under and _GATE.match(name) and not _below(guard, event.path):
            return f"your {name} leaves it out"
    return ""


def _guard(judge: Judge, event: Event, endpoint: str) -> tuple[str, str]:
    """Return guarded, open, unknown, waived, present or signed (that something is sent) for *event*, and by what."""
    unknown, unchecked, present = ("open", ""), "", ("", "")
    reaching = [guard for guard in _reaching(event) if guard.role != LAYOUT]
    rulings = [judge.guard(guard.site.path, guard.site.scope, guard.value, guard.role) for guard in reaching]
    rulings += [_in_body(judge, one) for one in event.handlers]
    for guard in event.guards:
        if guard.role == LAYOUT and judge.guard(guard.site.path, guard.site.scope, guard.value, LAYOUT).denials:
            unknown = ("layout", guard.site.path)
    for ruling in rulings:
        if ruling.state == "denies" and applies(ruling.denials, event.method, event.path, endpoint):
            told = [denial for denial in ruling.denials if denial.about not in {"presence", "signed"}]
            if applies(told, event.method, event.path, endpoint):
                return "guarded", ruling.name or "its body"
            unsigned = [denial for denial in ruling.denials if denial.about != "signed"]
            state = "present" if applies(unsigned, event.method, event.path, endpoint) else "signed"
            present = (state, ruling.name or "its body")
        if ruling.state in {"unknown", "waived"} and not unknown[1]:
            unknown = (ruling.state, ruling.name)
        elif ruling.state == "unchecked":
            unchecked = f"anything sent to {ruling.name}, which nobody looks at"
    if present[0]:
        return present
    if unknown == ("open", "") and unchecked and not event.waived:
        return "open", unchecked
    return ("waived", event.waived) if event.waived else unknown


def _below(guard: Guarding, path: str) -> bool:
    """Whether *path* is the one *guard* is limited to or lies below it; a parameter stands for any one segment."""
    if guard.under.startswith(MATCHER):
        return covers(guard.under.removeprefix(MATCHER), path)
    above, own = guard.under.strip("/*").split("/"), path.strip("/").split("/")
    return len(own) >= len(above) and all(
        left == right or left[:1] in ":{[<*" for left, right in zip(above, own, strict=False)
    )


def _handler(program: Program, handlers: tuple[Handler, ...]) -> Handler | None:
    """Return the last of *handlers* with its function looked up."""
    if not handlers:
        return None
    last = handlers[-1]
    found = last.found or program.evaluate(last.site.path, last.site.scope, last.value)
    if found.kind == "value" and found.value is not None and found.value.kind == "call":
        found = _unwrapped(program, found)
    return replace(last, found=found, name=last.name or found.name.rpartition(".")[2])


def _unwrapped(program: Program, found: Found) -> Found:
    """Return the function that a wrapping call, asyncHandler(f) or factory(), has within."""
    pending = deque([found.value])
    for _ in range(12):
        if not pending:
            break
        value = pending.popleft()
        if value is None or value.kind != "call":
            continue
        for item in reversed(value.items):
            inner = program.evaluate(found.path, found.scope, item)
            if inner.kind == "function":
                return inner
        nested = [item for item in reversed(value.items) if item.kind == "call"]
        if not nested:
            callee = program.callee(found.path, found.scope, value)
            if callee.kind == "function":
                return callee
        pending.extendleft(reversed([*nested, value.base]))
    return Found("unknown")


def _in_body(judge: Judge, handler: Handler) -> Ruling:
    """Return the ruling on the handler's own body, or on the wrapper it stands in."""
    found = handler.found or judge.program.evaluate(handler.site.path, handler.site.scope, handler.value)
    function = judge.program.function(found)
    if function is not None:
        denials = judge.handler(found.path, function)
        if denials:
            return Ruling("denies", "its body", denials)
        waived = judge.waived(found.path, function)
        return Ruling("waived", waived) if waived else Ruling("passes")
    if found.kind == "value":
        return judge.guard(found.path, found.scope, found.value, DECORATOR)
    if found.kind == "external":
        return judge.found(found, found.name, DECORATOR)
    return Ruling("passes")


def _done(
    program: Program, handler: Handler | None, function: Function | None
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the personal data and the traits of *function* and of what it calls, two calls deep; some from deeper."""
    if handler is None or handler.found is None or function is None:
        return (), frozenset()
    reads: dict[str, None] = {}
    traits: set[str] = set()
    pending = deque([(handler.found.path, function, 0)])
    seen: set[tuple[str, str]] = set()
    while pending and len(seen) < _MOST_BODIES:
        path, one, depth = pending.popleft()
        if (path, one.name) in seen:
            continue
        seen.add((path, one.name))
        if depth <= _CALLS_DEEP:
            reads.update(dict.fromkeys(one.reads))
        traits.update(_told(one, depth))
        module = program.modules[path]
        pending += [(path, module.functions[inner], depth) for inner in one.inner if inner in module.functions]
        for name in one.calls:
            found = program.body_of(program.resolve(path, one.name, name))
            if depth <= _CALLS_DEEP and found.kind == "external" and ACTS_AS_CALLER.match(found.name):
                traits.add("as_caller")
            called = program.function(found)
            if called is not None and depth < _FAR_DEEP:
                pending.append((found.path, called, depth + 1))
    own = {"development"} & set(function.traits)  # what is said of a helper is not said of the route
    return tuple(reads), frozenset(traits - {"development"} | own)


def _told(function: Function, depth: int) -> set[str]:
    """Return the traits of *function*, *depth* calls below a route, that say something about that route."""
    if depth > _CALLS_DEEP:
        return set(_FAR.intersection(function.traits))
    return set(function.traits) if depth < _CALLS_DEEP else set(function.traits) - _SHALLOW
