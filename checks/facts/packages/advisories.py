"""
Which of the repository's packages known advisories are about.

The worker names the packages; the parent answers with the records of its local index (`checks.gather.advisories`); the
matching is done here, without network and without files: Python by pip-audit's service interface, npm by our own core.
What could not be matched is in `unseen` where the data is at fault (an ecosystem that it does not cover), and in `open`
where the repository is (no exact version).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from checks.fact import Question
from checks.facts.packages import versions
from checks.facts.packages.advisory import Advisory, Answer
from checks.facts.packages.bundles import first_missing
from checks.facts.packages.cvss import Rating, rate
from checks.facts.packages.dependencies import Dependencies, Dependency
from checks.facts.packages.manifests.kinds import MANIFESTS_WITHOUT_REST
from checks.facts.packages.manifests.unread import BINARY_LOCK
from checks.facts.packages.matching import affects, fixes
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.pip_audit_service import RecordService, dependency
from checks.facts.packages.ranges import bounds_of, wholly_affected
from checks.model import Severity

_WORDS = {
    "low": Severity.LOW,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One known fault, under all the *ids* it goes by, the most usual first.

    *severity* is None where no source says. *remote*: over the network (also where nothing says). *stops_only*: the
    worst it does is stop the app. *fixed* are versions that mend it, lowest first.
    """

    ids: tuple[str, ...]
    summary: str
    severity: Severity | None
    remote: bool
    stops_only: bool
    fixed: tuple[str, ...]

    @property
    def malicious(self) -> bool:
        """Whether the package itself is the attack: OSV's MAL- records name packages made to do harm."""
        return any(name.startswith("MAL-") for name in self.ids)


@dataclass(frozen=True, slots=True)
class Vulnerable:
    """
    One package at one version with its *faults*, worst first; *fixed* is the lowest version that mends them all.

    *version* is a range as the manifest writes it where every version that it allows has these faults.
    """

    ecosystem: str
    name: str
    version: str
    faults: tuple[Fault, ...]
    fixed: str | None


@dataclass(frozen=True, slots=True)
class Advisories:
    """
    What is known of the repository's packages, by (ecosystem, name, version or range).

    *unseen* is what could not be looked up; *open* what was looked up and may have another answer tomorrow: the data is
    old, or versions are not settled. Old data is much better than none, so it does not count as none.
    """

    source: str
    date: datetime | None
    vulnerable: dict[tuple[str, str, str], Vulnerable]
    unseen: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def ask(dependencies: Dependencies) -> tuple[tuple[str, str], ...]:
    """Return the (ecosystem, name) pairs whose records are wanted, each once."""
    return tuple(sorted({(one.ecosystem, one.name) for one in dependencies.packages}))


def join(answer: Answer, dependencies: Dependencies) -> Advisories:
    """Return which packages the records of *answer* are about."""
    records: dict[tuple[str, str], dict[str, Advisory]] = {}
    for advisory in answer.advisories:
        for affected in advisory.affected:
            records.setdefault((affected.ecosystem, affected.name), {})[advisory.id] = advisory
    vulnerable: dict[tuple[str, str, str], Vulnerable] = {}
    unseen = list(_not_covered(dependencies, answer))
    for one in dependencies.packages:
        known = tuple(records.get((one.ecosystem, one.name), {}).values())
        key = (one.ecosystem, one.name, one.version or one.specifier)
        if not known or key in vulnerable or (one.version is None and one.settled is not None):
            continue
        found, open_questions = _judged(one, known)
        if found is not None:
            vulnerable[key] = found
        if open_questions and not one.dev:
            unseen.append(
                f"{one.path}:{one.line}: {one.name} {one.version} cannot be compared with {open_questions[0]}"
            )
    left_open = (*filter(None, [answer.stale]), *_unsettled(dependencies))
    return Advisories(answer.source, answer.date, vulnerable, tuple(dict.fromkeys(unseen)), left_open)


def _judged(one: Dependency, known: tuple[Advisory, ...]) -> tuple[Vulnerable | None, tuple[str, ...]]:
    """Return what *known* says of *one*, by its version or else its range, and the ids that cannot be compared."""
    open_questions: tuple[str, ...] = ()
    if one.version is not None:
        lowest = one.version
        hits, open_questions = match(one.ecosystem, one.name, one.version, known)
    else:
        bounds = bounds_of(one.ecosystem, one.specifier)
        if bounds is None:
            return None, ()
        lowest = bounds.low
        hits = tuple(record for record in known if wholly_affected(record, one.ecosystem, one.name, bounds))
    found = _vulnerable(one.ecosystem, one.name, lowest, hits, known) if hits else None
    return (replace(found, version=one.version or one.specifier) if found is not None else None), open_questions


def match(
    ecosystem: str, name: str, version: str, known: tuple[Advisory, ...]
) -> tuple[tuple[Advisory, ...], tuple[str, ...]]:
    """Return those of *known* that are about the package at *version*, and the ids of those that cannot be compared."""
    if ecosystem == PYPI:
        _, results = RecordService(known).query(dependency(name, version))
        # pip-audit puts the ids of a record into an order of its own; together they still name it.
        named = {frozenset((result.id, *result.aliases)) for result in results}
        hits = tuple(one for one in known if frozenset((one.id, *one.aliases)) in named)
    else:
        hits = tuple(one for one in known if affects(one, ecosystem, name, version))
    rest = (one for one in known if one not in hits)
    return hits, tuple(one.id for one in rest if affects(one, ecosystem, name, version) is None)


def _vulnerable(
    ecosystem: str, name: str, version: str, hits: tuple[Advisory, ...], known: tuple[Advisory, ...]
) -> Vulnerable:
    order = list(Severity)
    faults = [_fault(group, ecosystem, name, version) for group in grouped(hits)]
    faults.sort(key=lambda fault: (-order.index(fault.severity or Severity.HIGH), fault.ids))
    candidates = {fixed for fault in faults for fixed in fault.fixed}
    mended = None
    for candidate in sorted(candidates, key=lambda one: versions.parse(ecosystem, one)):
        # A version that mends these may have a fault of its own.
        if not any(affects(advisory, ecosystem, name, candidate) is not False for advisory in known):
            mended = candidate
            break
    return Vulnerable(ecosystem, name, version, tuple(faults), mended)


def grouped(advisories: Iterable[Advisory]) -> tuple[tuple[Advisory, ...], ...]:
    """Return *advisories* in groups that share an id or an alias: one fault has a CVE, a GHSA and a PYSEC record."""
    groups: list[tuple[set[str], list[Advisory]]] = []
    for advisory in advisories:
        names = {advisory.id, *advisory.aliases}
        members = [advisory]
        apart = []
        for group in groups:
            if group[0].isdisjoint(names):
                apart.append(group)
            else:
                names |= group[0]
                members = group[1] + members
        groups = [*apart, (names, members)]
    return tuple(tuple(members) for _, members in groups)


def _fault(group: tuple[Advisory, ...], ecosystem: str, name: str, version: str) -> Fault:
    prefixes = ("CVE-", "GHSA-")
    ids = sorted(
        {identifier for one in group for identifier in (one.id, *one.aliases)},
        key=lambda one: (next((rank for rank, start in enumerate(prefixes) if one.startswith(start)), 2), one),
    )
    order = list(Severity)
    ratings = [rating for one in group for vector in one.cvss if (rating := rate(vector)) is not None]
    said = [_WORDS[one.severity] for one in group if one.severity in _WORDS]
    fixed = {one for advisory in group for one in fixes(advisory, ecosystem, name, version)}
    return Fault(
        tuple(ids),
        next((one.summary for one in sorted(group, key=lambda one: len(one.summary)) if one.summary), ""),
        max(said or [rating.severity for rating in ratings], key=order.index, default=None),
        remote=not ratings or any(rating.remote for rating in ratings),
        stops_only=_stops_only(ratings),
        fixed=tuple(sorted(fixed, key=lambda one: versions.parse(ecosystem, one))),
    )


def _stops_only(ratings: list[Rating]) -> bool:
    return bool(ratings) and all(rating.stops_only for rating in ratings)


def _not_covered(dependencies: Dependencies, answer: Answer) -> Iterator[str]:
    """Yield, in words, the ecosystems of what runs that the data holds nothing of."""
    for ecosystem in (PYPI, NPM):
        of_it = [one for one in dependencies.packages if one.ecosystem == ecosystem and not one.dev]
        if of_it and ecosystem not in answer.ecosystems:
            yield f"the advisory data ({answer.source}) holds nothing of {ecosystem}: {len(of_it)} packages not matched"


def _unsettled(dependencies: Dependencies) -> Iterator[str]:
    """Yield, in words, the packages of an app that runs of which nothing says which version is installed."""
    running = [one for one in dependencies.packages if not one.dev and not one.library]
    for one in running:
        # What a binary lock settles is said of the lock.
        if one.direct and one.version is None and one.settled is None and not (one.lock or "").endswith(BINARY_LOCK):
            yield f"{one.path}:{one.line}: {one.as_written} has no exact version"
    for path in _without_the_rest(running):
        yield f"{path}: no lock file beside it: the packages that its packages bring are not seen"


def _without_the_rest(running: list[Dependency]) -> tuple[str, ...]:
    """Return the files that pin some packages, have no lock, and do not name what these packages bring."""
    named = {one.name for one in running if one.ecosystem == PYPI}
    pinned = [one for one in running if not one.locked and one.version is not None and one.settled is None]
    return tuple(
        dict.fromkeys(
            one.path
            for one in pinned
            if one.path.endswith(MANIFESTS_WITHOUT_REST)
            or (one.ecosystem == PYPI and first_missing([one.name], named) is not None)
        )
    )


source = Question(fact=Advisories, topic="advisories", needs=(Dependencies,), ask=ask, answer=Answer, join=join)
