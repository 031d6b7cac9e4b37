"""Which routes spend money: each is followed through the functions it calls to what costs, and to what limits it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.code.module_graph import Program
from checks.facts.flows.callees import Callees
from checks.facts.flows.paid_calls import PaidCall, PaidCalls
from checks.facts.flows.paid_names import by_name, by_origin
from checks.facts.flows.registrations import names_before, names_of
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served

_DEEPEST = 4  # calls from a handler to what costs
_MOST_BODIES = 80  # functions looked at for one route
_LIMITING = re.compile(r"rate.?limit|limiter|throttle|slow.?down|quota|usage.?limit|arcjet|credits", re.IGNORECASE)
_LIMITING_MODULE = re.compile(
    r"rate-?limit|slow-?down|throttl|slowapi|flask_limiter|fastapi_limiter|arcjet|@upstash/ratelimit|django_ratelimit"
)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PaidRoute:
    """
    *route* reaches *call* in *path*; *limited*: something on the way counts, or a limiter stands before it.

    *aside*: something else that the route calls counts, perhaps for itself alone.
    """

    route: Served
    call: PaidCall
    path: str
    limited: bool
    aside: bool = False


@dataclass(frozen=True, slots=True)
class PaidPage:
    """A page of Streamlit, *path*, that spends money at *call*; *gated* where it asks who is there."""

    path: str
    call: PaidCall
    gated: bool
    limited: bool


@dataclass(frozen=True, slots=True)
class PaidRoutes:
    """The routes and pages that spend money; *shipped* are places that ask a model with a key that the browser gets."""

    routes: tuple[PaidRoute, ...]
    pages: tuple[PaidPage, ...] = ()
    shipped: tuple[PaidPage, ...] = ()


def derive(paid: PaidCalls, routes: Routes) -> PaidRoutes:
    """Return the routes and pages of the app that spend money."""
    walker = _Walker(paid, routes.program)
    everywhere, routers = walker.limited_before()
    found = []
    for route in routes.served:
        if not route.body[0]:
            continue
        calls, limited, aside = walker.reached(route.body)
        if calls:
            path, call = min(calls, key=lambda one: _WORST.index(one[1].what))
            limited = limited or everywhere or route.file in routers or walker.registered_with_limit(route)
            found.append(PaidRoute(route, call, path, limited, aside and not limited))
    shipped = tuple(
        PaidPage(path, next(one for one in part.calls if one.what == "model"), gated=False, limited=False)
        for path, part in sorted(paid.files.items())
        if part.shipped
    )
    return PaidRoutes(tuple(found), tuple(walker.pages()), shipped)


_WORST = ("model", "sms", "maps", "data", "mail", "payment")


class _Walker:
    """Follows calls through *program* to what *paid* knows of."""

    def __init__(self, paid: PaidCalls, program: Program) -> None:
        self.files = paid.files
        self.program = program
        self.calls: dict[Place, list[PaidCall]] = {}
        for path, part in self.files.items():
            for call in part.calls:
                self.calls.setdefault((path, call.function), []).append(call)
        self.callees = Callees(program)
        self.limits = {(path, name) for path, part in self.files.items() for name in part.limits}

    def reached(self, start: Place) -> tuple[list[tuple[str, PaidCall]], bool, bool]:
        """Return the paid calls that *start* reaches, whether something on the way limits them, or something beside."""
        found: list[tuple[str, PaidCall]] = []
        named: list[tuple[str, PaidCall]] = []
        callers: dict[Place, Place] = {}
        pending: list[tuple[Place, int, Place]] = [(start, 0, start)]
        while pending and len(callers) < _MOST_BODIES:
            place, depth, caller = pending.pop(0)
            if place in callers:
                continue
            callers[place] = caller
            found.extend((place[0], call) for call in self.calls.get(place, ()))
            named.extend(self._named(place))
            pending.extend((*following, place) for following in self._next(place, depth))
        spent = found or named
        way = {start}
        for path, call in spent:
            place = (path, call.function)
            while place not in way:
                way.add(place)
                place = callers.get(place, start)
        limits = [place for place in callers if place in self.limits]
        limited = any(place in way or callers[place] in way for place in limits)
        return spent, limited, bool(limits)

    def _named(self, place: Place) -> Iterator[tuple[str, PaidCall]]:
        """Yield what the calls of *place* cost by their names alone."""
        module = self.program.modules.get(place[0])
        function = module.functions.get(place[1]) if module is not None else None
        for name in function.calls if function is not None else ():
            imported = module.imports.get(name) if module is not None else None
            service = by_name(name) or (by_origin(imported.name, imported.module) if imported is not None else None)
            if service is not None:
                yield place[0], PaidCall(place[1], 0, service.name, service.what, sure=False)

    def _next(self, place: Place, depth: int) -> Iterator[tuple[Place, int]]:
        module = self.program.modules.get(place[0])
        function = module.functions.get(place[1]) if module is not None else None
        if function is None:
            return
        for inner in function.inner:
            yield (place[0], inner), depth
        for name in function.calls if depth < _DEEPEST else ():
            found = self.callees.function(place[0], place[1], name)
            if found is not None:
                yield (found.path, found.name), depth + 1

    def registered_with_limit(self, route: Served) -> bool:
        """Whether the call or the decorators that register *route* name a limiter."""
        return any(_LIMITING.search(name) for name in names_before(self.program, route))

    def limited_before(self) -> tuple[bool, frozenset[str]]:
        """Return whether a limiter stands before every route, and the files of routers that have one before theirs."""
        routers: set[str] = set()
        for path, module in self.program.modules.items():
            if self._gate_limits(path) or any(
                one.value.get("default_limits") is not None for one in module.outline.assigns
            ):
                return True, frozenset()
            for owner in self._limited_objects(path):
                if _ROUTER.search(owner) is None or self._mounts(path, owner):
                    return True, frozenset()
                routers.add(path)
        return False, frozenset(routers)

    def _mounts(self, path: str, owner: str) -> bool:
        """Whether router *owner* of *path* has others below it: `router.use("/users", users)`."""
        calls = (call.value for call in self.program.modules[path].outline.calls)
        return any(one.name == f"{owner}.use" and len(one.items) > 1 and one.items[0].kind == "text" for one in calls)

    def _gate_limits(self, path: str) -> bool:
        """Whether *path* is a middleware of Next's that counts calls."""
        gate, functions = _GATE.search(path), self.program.modules[path].functions
        if gate is None:
            return False
        # A file of that name elsewhere holds functions that routes may be given, or not.
        entries = [gate[1]] if gate[1] in functions else list(functions) if gate[0][:1] != "/" else []
        return any(any(self.reached((path, name))[1:]) for name in entries[:_MOST_ENTRIES])

    def _limited_objects(self, path: str) -> Iterator[str]:
        """Yield the names of the apps and routers of *path* that are told to use a limiter: `app.use(limiter)`."""
        module = self.program.modules[path]
        limiters = {one.local for one in module.outline.imports if _LIMITING_MODULE.search(one.module)}
        limiters |= {one.name for one in module.outline.assigns if set(names_of(one.value)) & limiters}
        for call in module.outline.calls:
            owner, _, last = call.value.name.rpartition(".")
            if last in {"use", "add_middleware", "register"} and len(call.value.items) >= 1:
                names = set(names_of(call.value))
                plain = call.value.items[0].kind != "text" or call.value.items[0].name in {"/", "/api", "/api/"}
                if plain and (names & limiters or any(_LIMITING.search(name) for name in names)):
                    yield owner

    def pages(self) -> Iterator[PaidPage]:
        """Yield the Streamlit pages that spend money, themselves or by the functions they call."""
        gated = any(part.gate for part in self.files.values())
        told: set[PaidCall] = set()
        for path, part in sorted(self.files.items()):
            if not part.streamlit:
                continue
            for call, limited in self._spent(path):
                if call.what in {"model", "sms"} and call not in told:
                    told.add(call)
                    yield PaidPage(path, call, gated, limited)
                    break

    def _spent(self, path: str) -> Iterator[tuple[PaidCall, bool]]:
        """Yield what the page at *path* pays for, at the line of the page, and whether it is limited."""
        part = self.files[path]
        for call in part.calls:
            yield call, (path, call.function) in self.limits
        for name, line in part.asked:
            found = self.callees.function(path, "", name)
            if found is None or found.path == path:
                continue
            calls, limited, aside = self.reached((found.path, found.name))
            for _, call in calls:
                yield replace(call, line=line), limited or aside


#: What only some routes hang on, by its name.
_ROUTER = re.compile(r"rou?te", re.IGNORECASE)
#: Next's own middleware: at the root of an app, or where its name is its function's.
_GATE = re.compile(r"(?:^(?:(?:apps|packages|frontend|web|client)/(?:[\w-]+/)?)?(?:src/)?|/)(middleware|proxy)\.[jt]s$")
_MOST_ENTRIES = 40  # functions of one middleware


source = Derived(fact=PaidRoutes, needs=(PaidCalls, Routes), derive=derive)
