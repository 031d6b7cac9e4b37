"""
Whether a guard can turn a caller away: its definition is looked up and its body asked, never its name.

A guard in the repository counts when a denial in its body, or in what the body calls, depends on who is asking. One of
a package is judged by known_guards.py. One that leads nowhere is *unknown*: that is said, and lowers confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Denial, Expr, Function, Import
from checks.facts.routes.known_guards import AROUND, DOUBTFUL, HANDS_OVER, READ_ONLY, ruling_on

#: What part a body plays; it decides which of its denials count.
HANDLER, MIDDLEWARE, DECORATOR, DEPENDENCY, PERMISSION = (
    "handler",
    "middleware",
    "decorator",
    "dependency",
    "permission",
)
LAYOUT = "layout"  # the loader of a page around this one
#: A dependency whose result nobody looks at: what it checks itself counts, what it only hands over does not.
UNUSED = "unused"
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
#: Methods by which a guard that is a class is asked.
_ASKED = (
    *("__call__", "dispatch", "process_request", "process_view", "has_permission", "test_func", "canActivate", "use"),
    *(
        "authenticate",
        "handle",
        "intercept",
        "__init__",
        "constructor",
        "get_permissions",
        "get_queryset",
        "initial",
        "prepare",
        "check",
    ),
)
#: What a package's middleware is made with, `session(sessionSettings)`, guards nothing by itself.
_OPTIONS = re.compile(r"(?:settings|options|opts|config|store|params)$", re.IGNORECASE)
_DEPTH = 9  # expressions within expressions
_CALLS_DEEP = 5
_CALLER = frozenset({"identity", "own", "presence", "signed"})
_ALWAYS = Denial(0, "401", "identity")


@dataclass(frozen=True, slots=True)
class Ruling:
    """
    What is said of a guard.

    *state* is denies, passes, unknown, waived or unchecked (what it asks for is looked at by nobody); *denials* say for
    which paths and methods; *name* is for people.
    """

    state: str
    name: str = ""
    denials: tuple[Denial, ...] = ()


PASSES = Ruling("passes")


class Judge:
    """Judges guards and handlers of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._asked: set[tuple[str, str, str]] = set()
        self._bodies: dict[tuple[str, str], tuple[tuple[Denial, ...], tuple[Denial, ...]]] = {}

    def guard(self, path: str, scope: str, value: Expr | None, role: str, depth: int = 0) -> Ruling:
        """Return the ruling on *value*, an expression in *scope* of *path* that stands where a guard may stand."""
        if value is None or depth > _DEPTH:
            return PASSES
        if value.kind in {"list", "join", "either"}:
            return self._any(self.guard(path, scope, item, role, depth + 1) for item in value.items)
        if value.kind == "call":
            return self._of_call(path, scope, value, role, depth)
        if value.kind == "text":  # Django's settings name classes by their dotted path
            module, _, name = value.name.rpartition(".")
            return self.found(self.program.imported(path, Import("", module, name)), name, role, depth)
        if value.kind in {"name", "function", "from"}:
            found = self.program.evaluate(path, scope, value)
            return self.found(found, value.name.rpartition(".")[2] or value.name, role, depth)
        return PASSES

    def found(self, found: Found, name: str, role: str, depth: int = 0) -> Ruling:
        """Return the ruling on what a guard called *name* leads to."""
        match found.kind:
            case "external":
                return self._external(found.name, name, role)
            case "function":
                return self._answer(found, name) if role == PERMISSION else self._body(found, name, role)
            case "class":
                return self._class(found, name, role, depth)
            case "value" if found.value is not None:
                return self.guard(found.path, found.scope, found.value, role, depth + 1)
            case "unknown" | "parameter" if DOUBTFUL.search(name) and not _OPTIONS.search(name):
                return Ruling("unknown", name)
        return PASSES

    def _answer(self, found: Found, name: str) -> Ruling:
        """Return the ruling on a callback that answers whether somebody may pass; its cases are not followed."""
        ruling = self._body(found, name, PERMISSION)
        function = self.program.function(found)
        answers = function.returns if function is not None else ()
        if ruling.state == "denies" or not answers or all(_says(one, "true") for one in answers):
            return ruling
        if len(answers) == 1:
            return Ruling("denies", name or "authorized", (_ALWAYS,))
        return Ruling("unknown", "authorized")

    def handler(self, path: str, function: Function) -> tuple[Denial, ...]:
        """Return the denials within *function*, a handler, and in what it calls."""
        own, called = self._denials(path, function.name, 0)
        return tuple(denial for denial in own if _counts(denial, HANDLER)) + called

    def waived(self, path: str, function: Function) -> str:
        """Return the name of a guard that *function* calls with an option that switches it off, or nothing."""
        module = self.program.modules[path]
        for one in (function, *(module.functions[name] for name in function.inner if name in module.functions)):
            for name in one.waived:
                found = self.program.resolve(path, one.name, name)
                if self._body(found, name, DEPENDENCY).state == "denies":
                    return name
        return ""

    @staticmethod
    def _any(rulings: Iterable[Ruling]) -> Ruling:
        unknown = PASSES
        for ruling in rulings:
            if ruling.state == "denies":
                return ruling
            if ruling.state in {"unknown", "waived"}:
                unknown = ruling
        return unknown

    @staticmethod
    def _external(origin: str, name: str, role: str) -> Ruling:
        if role == UNUSED and HANDS_OVER.match(origin):
            return Ruling("unchecked", name)
        if origin in READ_ONLY:
            return Ruling("denies", name, (Denial(0, "401", "identity", methods=_UNSAFE),))
        state = ruling_on(origin)
        return Ruling(state, name, (_ALWAYS,) if state == "denies" else ())

    def _of_call(self, path: str, scope: str, call: Expr, role: str, depth: int) -> Ruling:
        callee = self.program.callee(path, scope, call)
        name = call.name.rpartition(".")[2] or (callee.name.rpartition(".")[2])
        ruling = self.found(callee, name, role, depth + 1)
        if _waived(call):
            return Ruling("waived", name) if ruling.state == "denies" else PASSES
        if ruling.state == "denies":
            return ruling
        # asyncHandler(requireAuth), method_decorator(login_required): what is wrapped may be the guard.
        wrapped = [item for item in call.items if item.kind in {"name", "function", "call", "list"}]
        inner = self._any(self.guard(path, scope, item, role, depth + 2) for item in wrapped[:6])
        if inner.state != "passes":
            return inner
        return self._of_chain(path, scope, call, role, depth) if ruling.state == "passes" else ruling

    def _of_chain(self, path: str, scope: str, call: Expr, role: str, depth: int) -> Ruling:
        """Return the ruling on what a call hangs on: `client.use(guard)` in `client.use(guard).action(handler)`."""
        if call.base is not None:
            return self.guard(path, scope, call.base, role, depth + 1)
        owner = call.name.rpartition(".")[0]
        found = self.program.resolve(path, scope, owner) if owner else Found("unknown")
        return self.found(found, owner, role, depth + 1) if found.kind == "value" else PASSES

    def _body(self, found: Found, name: str, role: str) -> Ruling:
        own, called = self._denials(found.path, found.name, 0)
        denials = tuple(denial for denial in own if _counts(denial, role)) + called
        if denials:
            return Ruling("denies", name, denials)
        returned = self._returned(found, role)
        return Ruling(returned.state, name, returned.denials) if returned.state != "passes" else PASSES

    def _returned(self, found: Found, role: str) -> Ruling:
        """Return the ruling on what a factory hands back, such as expressJwt({...}) or a dependency."""
        function = self.program.function(found)
        if function is None or found.key in self._asked:
            return PASSES
        self._asked.add(found.key)  # factories that hand each other back end here
        handed = [value for value in function.returns if value.kind in {"call", "name", "list"}]
        ruling = self._any(self.guard(found.path, found.name, value, role, _DEPTH - 1) for value in handed[:6])
        self._asked.discard(found.key)
        return ruling

    def _class(self, found: Found, name: str, role: str, depth: int) -> Ruling:
        module = self.program.modules[found.path]
        for method in _ASKED:
            function = module.functions.get(f"{found.name}.{method}")
            if function is None:
                continue
            if role == PERMISSION and method in {"has_permission", "test_func", "has_object_permission", "canActivate"}:
                return _by_answer(function, name)
            ruling = self._body(Found("function", found.path, found.name, function.name), name, role)
            if ruling.state == "denies":
                return ruling
        lenient = module.functions.get(f"{found.name}.handleRequest")
        if lenient is not None and not lenient.denials:
            return PASSES  # Nest's AuthGuard, told to let those without a token in
        one = module.classes[found.name]
        return self._any(self.guard(found.path, found.scope, base, role, depth + 1) for base in one.bases[:10])

    def _denials(self, path: str, name: str, depth: int) -> tuple[tuple[Denial, ...], tuple[Denial, ...]]:
        """Return the denials of a body with its inner functions, and those that count in what it calls."""
        key = (path, name)
        if key in self._bodies:
            return self._bodies[key]
        module = self.program.modules.get(path)
        function = module.functions.get(name) if module is not None else None
        if function is None or depth > _CALLS_DEEP:
            return (), ()
        self._bodies[key] = ((), ())  # a cycle ends here
        own: list[Denial] = list(function.denials)
        called: list[Denial] = []
        for inner in function.inner:
            inner_own, inner_called = self._denials(path, inner, depth + 1)
            own.extend(inner_own)
            called.extend(inner_called)
        for callee in function.calls:
            called.extend(self._by_call(path, name, callee, depth))
        self._bodies[key] = (tuple(own), tuple(dict.fromkeys(called)))
        return self._bodies[key]

    def _by_call(self, path: str, scope: str, callee: str, depth: int) -> list[Denial]:
        found = self.program.body_of(self.program.resolve(path, scope, callee))
        if found.kind == "external" and ruling_on(found.name) == "denies":
            return [_ALWAYS]
        if found.kind == "class":
            return []
        if found.kind != "function":
            return []
        own, called = self._denials(found.path, found.name, depth + 1)
        if callee.partition(".")[0] not in {"self", "this"} and not self._asks_around(found.path):
            own = tuple(denial for denial in own if denial.about != "own")
            called = tuple(denial for denial in called if denial.about != "own")
        function = self.program.function(found)
        for decorator in function.decorators if function is not None and depth < _CALLS_DEEP else ():
            ruling = self.guard(found.path, found.scope, decorator, DECORATOR, depth + 1)
            if ruling.state == "denies":
                return list(ruling.denials)
        # Far from the route only a denial that speaks of the caller counts; an early return there is an answer.
        return [one for one in own if one.about in _CALLER and one.how != "exit"] + list(called)

    def _asks_around(self, path: str) -> bool:
        """Whether *path* gets at the request from anywhere, so that what its objects ask for may be the caller's."""
        module = self.program.modules[path]
        return any(one.name in AROUND or one.module in AROUND for one in module.imports.values())


def _counts(denial: Denial, role: str) -> bool:
    """Whether *denial* counts in a body that plays *role*."""
    if denial.about == "state":
        return False
    if denial.how == "exit":
        return role in {HANDLER, DECORATOR}
    if role == HANDLER and denial.how == "login":
        return denial.about in _CALLER  # after a form was sent, a redirect to the login turns nobody away
    if role == HANDLER and denial.how == "403":
        return denial.about in {*_CALLER, "always"}
    return True


def _says(value: Expr, flag: str) -> bool:
    return value.kind == "flag" and value.name == flag


def _by_answer(function: Function, name: str) -> Ruling:
    """Return the ruling on a body that answers True or False: one that only ever says True guards nothing."""
    answers = function.returns
    if answers and all(value.kind == "flag" and value.name == "true" for value in answers):
        return PASSES
    methods = _UNSAFE if "GET" in function.methods or "SAFE_METHODS" in function.traits else ()
    return Ruling("denies", name, (Denial(function.line, "403", "identity", methods=methods),))


def _waived(call: Expr) -> bool:
    """Whether an option of *call* switches its check off (optional=True, auto_error=False, {required: false})."""
    options = [*call.named, *(pair for item in call.items if item.kind == "map" for pair in item.named)]
    for name, value in options:
        if value.kind == "flag" and value.name == "true" and name.lower().startswith(("optional", "skip", "public")):
            return True
        if (
            value.kind == "flag"
            and value.name == "false"
            and name in {"required", "auto_error", "enforce", "verify", "credentialsRequired"}
        ):
            return True
    return False
