"""
Where data goes through the whole app: what one function hands to another is followed, over files, a few calls deep.

A flow begins where a request is read, where a route's own parameter is filled from its address, or where a model
answers. It ends in what acts on it, and knows the routes it begins in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.code.module_graph import Program
from checks.facts.flows.callees import Callees
from checks.facts.flows.file_flows import FlowsByFile
from checks.facts.flows.flow import Argument, Handed, Reach
from checks.facts.flows.mattering import matters
from checks.facts.flows.sources import from_path
from checks.facts.flows.value import ADDRESS, CALL, MODEL, PARAMETER, REQUEST, Origin
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served

_DEEPEST = 4  # calls from where a value comes in to where it acts
_MOST = 20_000  # steps over all calls of a repository
Place = tuple[str, str]  # file and function


@dataclass(frozen=True, slots=True)
class Flow:
    """
    A value goes from its source to what acts on it.

    *reach* is its end, in the file *path*, with the kind and the name of its first origin; *start* is the file and
    function where it comes in, *through* what is called on the way, *served* the routes it begins in.
    """

    path: str
    reach: Reach
    start: Place
    through: tuple[str, ...] = ()
    served: tuple[Served, ...] = ()


@dataclass(frozen=True, slots=True)
class Flows:
    """Every flow, by file and line; *truncated* are the files of which only a part was read."""

    flows: tuple[Flow, ...]
    truncated: tuple[str, ...] = ()

    @property
    def unseen(self) -> tuple[str, ...]:
        """What was not looked at, as sentences."""
        return tuple(f"{path} is too large to be read whole" for path in self.truncated)


@dataclass(frozen=True, slots=True)
class _Filled:
    """Parameter *place* of a function is filled with *origin*, *name*."""

    where: Place
    place: str
    origin: str
    name: str
    start: Place
    safe: frozenset[str]
    trust: int
    schema: bool
    leads: bool
    whole: bool
    through: tuple[str, ...]


def derive(by_file: FlowsByFile, routes: Routes) -> Flows:
    """Return the flows of all files, joined by the calls between them."""
    joiner = _Joiner(by_file, routes)
    found = sorted(joiner.flows(), key=lambda one: (one.path, one.reach.line, one.reach.kind, one.reach.name))
    return Flows(tuple(found), tuple(path for path, part in by_file.files.items() if part.truncated))


class _Joiner:
    """Follows what is handed on through *by_file*, by the names of the program."""

    def __init__(self, by_file: FlowsByFile, routes: Routes) -> None:
        self.files = by_file.files
        self.program: Program = routes.program
        self.bodies: dict[Place, list[Served]] = {}
        for route in routes.served:
            if route.body[0]:
                self.bodies.setdefault(route.body, []).append(route)
        self.handed: dict[Place, list[Handed]] = {}
        self.reaches: dict[Place, list[Reach]] = {}
        for path, part in self.files.items():
            for handed in part.handed:
                for owner in {one.owner for one in handed.arguments if one.origin == PARAMETER}:
                    self.handed.setdefault((path, owner), []).append(handed)
            for reach in part.reaches:
                if reach.origin == PARAMETER:
                    self.reaches.setdefault((path, reach.function), []).append(reach)
        self.callees = Callees(self.program)
        self.answers = {(path, name) for path, part in self.files.items() for name in part.answers}

    def flows(self) -> Iterator[Flow]:
        """Yield every flow once."""
        met: set[tuple[str, Reach]] = set()
        for filled in self._filled():
            for reach in self.reaches.get(filled.where, ()):
                if _ends_in(filled, reach):
                    met.add((filled.where[0], reach))
                    end = _filled_in(reach, filled)
                    yield Flow(filled.where[0], end, filled.start, filled.through, self._routes(filled.start))
        for path, part in self.files.items():
            for reach in part.reaches:
                if (path, reach) not in met:
                    start = (path, reach.function)
                    yield Flow(path, self._answered(path, reach), start, (), self._routes(start))

    def _answered(self, path: str, reach: Reach) -> Reach:
        """Return *reach* as one that comes from a model where the function it comes from asks one."""
        called = self.callees.function(path, reach.function, reach.name) if reach.origin == CALL else None
        answers = called is not None and (called.path, called.name) in self.answers
        return replace(reach, origin=MODEL) if answers else reach

    def _routes(self, start: Place) -> tuple[Served, ...]:
        """Return the routes that the function *start*, or one around it, answers."""
        path, name = start
        module = self.program.modules.get(path)
        for _ in range(6):
            if (path, name) in self.bodies:
                return tuple(self.bodies[path, name])
            if module is None or not name:
                return ()
            name = module.parents.get(name, "")
        return ()

    def _filled(self) -> Iterator[_Filled]:
        """Yield every parameter that is filled from a source: first where it comes in, then what is handed on."""
        pending = deque(self._first())
        # By what was looked at too: who checks a value before the call checks nothing for the next one that calls.
        seen: set[tuple[Place, str, str, frozenset[str], int, bool]] = set()
        for _ in range(_MOST):
            if not pending:
                return
            filled = pending.popleft()
            key = (filled.where, filled.place, filled.origin, filled.safe, filled.trust, filled.schema)
            if key in seen:
                continue
            seen.add(key)
            yield filled
            if len(filled.through) >= _DEEPEST:
                continue
            for handed in self.handed.get(filled.where, ()):
                for argument in handed.arguments:
                    if argument.origin == PARAMETER and (argument.owner, argument.name) == (
                        filled.where[1],
                        filled.place,
                    ):
                        given = replace(
                            argument,
                            origin=filled.origin,
                            name=filled.name,
                            safe=tuple(filled.safe | set(argument.safe)),
                            trust=max(argument.trust, filled.trust),
                            schema=argument.schema or filled.schema,
                            leads=argument.leads and filled.leads,
                            whole=argument.whole and filled.whole,
                        )
                        pending.extend(self._into(filled.where[0], handed, given, filled.start, filled.through))

    def _first(self) -> Iterator[_Filled]:
        for where, served in self.bodies.items():
            yield from self._by_address(where, served[0])
        for path, part in self.files.items():
            for handed in part.handed:
                for argument in handed.arguments:
                    if argument.origin in {REQUEST, ADDRESS, MODEL}:
                        yield from self._into(path, handed, argument, (path, handed.function), ())

    def _by_address(self, where: Place, route: Served) -> Iterator[_Filled]:
        """Yield the parameters of a route's function that pieces of its address fill: `/users/<name>`."""
        module = self.program.modules.get(where[0])
        function = module.functions.get(where[1]) if module is not None else None
        if function is None or not where[0].endswith(".py"):
            return
        names = [one.name for one in function.parameters if one.name not in {"self", "cls"}]
        for number, name in enumerate(names):
            value = from_path(route.path, name)
            for origin in value.origins if value is not None else ():
                yield _Filled(where, str(number), REQUEST, origin.name, where, origin.safe, 0, False, True, False, ())

    def _into(
        self, path: str, handed: Handed, argument: Argument, start: Place, through: tuple[str, ...]
    ) -> Iterator[_Filled]:
        """Yield the parameters of the called function that *argument* fills."""
        found = self.callees.function(path, handed.function, handed.callee)
        function = self.program.function(found) if found is not None else None
        if found is None or function is None:
            return
        where = (found.path, function.name)
        names = [one.name for one in function.parameters if one.name not in {"self", "cls"}]
        place = str(names.index(argument.place)) if argument.place in names else argument.place
        places = [place]
        whole = place.partition(".")[0]
        if whole == place and not any(one.place.startswith(f"{place}.") for one in handed.arguments):
            # A whole object is handed over: each member that the function takes of it is filled.
            used = [*self.reaches.get(where, ())]
            places += [one.name for one in used if one.name.startswith(f"{place}.")]
            places += [
                inner.name
                for one in self.handed.get(where, ())
                for inner in one.arguments
                if inner.origin == PARAMETER and inner.name.startswith(f"{place}.")
            ]
        for one in dict.fromkeys(places):
            yield _Filled(
                where,
                one,
                argument.origin,
                argument.name,
                start,
                frozenset(argument.safe),
                argument.trust,
                argument.schema,
                argument.leads,
                argument.whole,
                (*through, handed.callee),
            )


def _ends_in(filled: _Filled, reach: Reach) -> bool:
    """Whether what fills the parameter matters to what *reach* ends in."""
    if reach.name != filled.place or (reach.kind == "query" and not filled.whole):
        return False
    return matters(reach.kind, Origin(filled.origin, filled.name, filled.safe, leads=filled.leads and reach.leads))


def _filled_in(reach: Reach, filled: _Filled) -> Reach:
    """Return *reach* with what fills its parameter in place of the parameter."""
    return replace(
        reach,
        origin=filled.origin,
        name=filled.name,
        trust=max(reach.trust, filled.trust),
        schema=reach.schema or filled.schema,
        whole=reach.whole or filled.whole,
    )


source = Derived(fact=Flows, needs=(FlowsByFile, Routes), derive=derive)
