"""
What the app answers, without a login, to those routes of its code that can be asked without changing anything.

Asked are GET routes only, whose handler was found and writes nothing as far as its body tells, whose path needs no
value and does not sound like an order: a GET of one well-known demo app drops its database. The owner switches it on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.fact import Question
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served
from checks.facts.site.replies import Front, Reply, Wanted

_MOST = 60
_LARGEST = 4096  # bytes; enough to tell data from a page
_ACTS = frozenset(
    {"writes", "stores", "destroys", "runs", "hashes", "forwards", "body", "development", "unmet", "listing"}
)
#: Words of a path that sound like an order, whatever the handler's body seems to do, or that set off costly work.
_STEMS = """
    accept activat add approv backfill backup broadcast build buy bump callback cancel captur charg claim clean
    cleanup clear clos collect comput confirm connect consum convert copy creat cron deactivat declin delet
    deploy destroy detect disabl disconnect dispatch download drop edit enabl eras exchang exec execut export
    fetch fix flush forc gc generat import increment index ingest init initializ inngest insert install invok
    job join kick kill launch leav listen load lock log-?out mail merg migrat mint mov mutat new notif
    optimi[sz] pay ping-?back poll predict process provision publish purg push queu rebuild recalculat reconcil
    record recycl redeem refresh refund regenerat reindex reject reload remov renew repair replay replac reset
    resend restart restor resum retr retrain retry revok rotat run save scan schedul scrap seed send set setup
    shutdown sign-?out simulat solv spend sse start stop store stream submit subscrib switch sync synthesi[sz]
    tick toggl track train transcri[bp]t? transfer translat trigger truncat tts undo uninstall unlock unsub
    unsubscrib updat upgrad upload verif vot wak warm webhook wip withdraw writ ws socket test debug event
"""
_ENDING = "(?:e|y|s|es|ed|er|ers|ing|ion|ions|ation|up|down|in|out|all|now|db)?"
_ORDERS = re.compile(
    rf"(?:^|[/_\-.])(?:{'|'.join(_STEMS.split())}){_ENDING}{_ENDING}(?=$|[/_\-.])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN = re.compile(r"/[A-Za-z0-9._~/-]{0,500}")
_UNRESOLVED = re.compile(r"\w\.[A-Z_]{3}")  # a name of the code that stands in the path: settings.BASE_PATH


@dataclass(frozen=True, slots=True)
class Asked:
    """One route and its answer: *status*, with data (*is_data*) or a page (*is_page*); *trouble* where none came."""

    route: Served
    status: int
    is_data: bool = False
    is_page: bool = False
    sends_on: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class AskedRoutes:
    """The routes that were *asked*, and those *left* alone because asking might change data."""

    asked: tuple[Asked, ...]
    left: tuple[Served, ...]


def may_be_asked(route: Served) -> bool:
    """Whether a GET of *route* changes nothing, as far as its path and its handler's body tell."""
    path = _CAMEL.sub("-", route.path)
    quiet = route.method == "GET" and route.resolved and not route.traits & _ACTS
    plain = _PLAIN.fullmatch(route.path) is not None and _UNRESOLVED.search(route.path) is None
    return quiet and plain and _ORDERS.search(path) is None


def _chosen(front: Front, routes: Routes) -> dict[str, Served]:
    """Return the routes to be asked, by the path to ask."""
    if not front.base or not front.asks_routes:
        return {}
    # A path that any method of writes with a GET, too, is left alone.
    acting = {one.path for one in routes.served if one.method in {"GET", "ANY"} and not may_be_asked(one)}
    chosen = {
        front.folder.rstrip("/") + one.path: one
        for one in routes.served
        if may_be_asked(one) and one.path not in acting and one.framework != "Next.js action"
    }
    return dict(list(chosen.items())[:_MOST])


def ask(front: Front, routes: Routes) -> Wanted:
    """Want the routes that may be asked."""
    return Wanted(front.base, tuple(_chosen(front, routes)), _LARGEST)


def join(replies: tuple[Reply, ...], front: Front, routes: Routes) -> AskedRoutes:
    """Return what each of them answered; of the answers' content only its kind is kept."""
    chosen = _chosen(front, routes)
    by_path = {one.path: one for one in replies}
    asked = tuple(
        _answered(by_path.get(path, Reply(path, trouble="it was not asked")), route, front)
        for path, route in chosen.items()
    )
    routes_asked = set(map(id, chosen.values()))
    return AskedRoutes(asked, tuple(one for one in routes.served if id(one) not in routes_asked))


def _answered(reply: Reply, route: Served, front: Front) -> Asked:
    same = front.missing.is_there and reply.body[:_LARGEST] == front.missing.body[:_LARGEST]
    came = reply.is_there and not same and bool(reply.body)
    kind = reply.headers.get("content-type", "").lower()
    is_data = came and not reply.is_page and ("json" in kind or "csv" in kind or reply.body.lstrip()[:1] in b"{[")
    return Asked(route, reply.status, is_data, came and reply.is_page, reply.is_redirect, reply.trouble)


source = Question(
    fact=AskedRoutes, topic="site_routes", needs=(Front, Routes), ask=ask, answer=tuple[Reply, ...], join=join
)
