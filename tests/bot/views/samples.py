"""News of every kind, small and readable, for tests of the views."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from checks.model import (
    AdvisoryData,
    Context,
    DataClass,
    Finding,
    HeldBack,
    Outcome,
    Placement,
    Report,
    Result,
    Severity,
    Verdict,
)
from commands.affected import Affected, AffectedApp, AffectedPackage
from commands.news import (
    AppList,
    AppRow,
    Card,
    Checked,
    CheckProgress,
    CheckRefused,
    CheckStarted,
    Details,
    FixPrompt,
    LastCheck,
    NameSomebodyForm,
    News,
    OwnershipAsked,
    PrivateAsked,
    ProbeAsked,
    Registered,
    RegisterForm,
    Regressed,
    Said,
    Unchanged,
)
from commands.on_call_news import OnCallRow, OnCallShown
from commands.page_news import Paged, PageLog, PageRehearsal, Rehearsed, RehearsedPerson, StillOnIt
from storage.leave_requests import PrivateRequest, ProbeRequest
from storage.model import Acceptance, App, CheckRequest, Owner, Page, PageState, Role, Step, Told
from storage.on_call_model import Override, Rota

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
APP = App(
    "a1", "billing-bot", "billing-bot", "https://github.com/acme/billing-bot", "U0ANN", NOW,
    purpose="Sends the invoices", data=DataClass.PERSONAL, channel="C0APPS",
)  # fmt: skip
OWNER = Owner("a1", Role.OWNER, "U0ANN", Acceptance.ACCEPTED, "U0EVE", NOW, NOW)
OPEN_ROUTE = Result(
    "open-route", "exposure", Outcome.FAILED, Severity.HIGH, Placement.SANDBOX,
    findings=(
        Finding("POST /refund can be called by anybody", "src/api.py", 18, commit=COMMIT),
        Finding("GET /all can be called by anybody", "src/api.py", 30, commit=COMMIT),
    ),
)  # fmt: skip
NO_REVIEW = Result(
    "no-review", "delivery", Outcome.NOT_CHECKED, Severity.MEDIUM, Placement.ISOLATED,
    reason="only the code host's API can tell; connect GitHub",
)  # fmt: skip
ADVICE = Result(
    "no-codeowners", "delivery", Outcome.PASSED, Severity.LOW, Placement.PRODUCTION,
    findings=(Finding("there is no CODEOWNERS file", blocking=False),),
)  # fmt: skip
VERDICT = Verdict(
    Placement.SANDBOX, Placement.PRODUCTION,
    (
        HeldBack("open-route", Outcome.FAILED, "POST /refund can be called by anybody", Placement.SANDBOX),
        HeldBack("no-review", Outcome.NOT_CHECKED, "only the code host's API can tell", Placement.ISOLATED),
    ),
    ("Put a login in front of POST /refund (src/api.py:18)",),
    ("nobody said who uses it: judged as open to anyone",),
    "A sandbox: made-up data. Get in at https://sandbox.example.test, granted by the platform team.",
    Placement.ISOLATED,
)  # fmt: skip
REPORT = Report(
    APP.repository, COMMIT, NOW, 12.4, (OPEN_ROUTE, NO_REVIEW, ADVICE), VERDICT, Context(DataClass.PERSONAL),
    AdvisoryData("osv", NOW), suppressed=("src/api.py:3 says nosec",),
)  # fmt: skip
CHECKED = Checked("billing-bot", "r1", REPORT, APP)
STEPS = (
    Step("owner", "U0ANN", timedelta(minutes=5)),
    Step("backup", "U0BO", timedelta(minutes=5)),
    Step("reliability", "C0RELIABILITY", timedelta(minutes=10)),
)
PAGE = Page(
    "p1", "a1", "refunds are sent twice", "U0MAX", "C0GENERAL", NOW, STEPS,
    position=1, due_at=NOW + timedelta(minutes=5), told=(Told(0, "U0ANN", NOW),),
)  # fmt: skip
ACKNOWLEDGED = Page(
    "p1", "a1", PAGE.what, "U0MAX", "C0GENERAL", NOW, STEPS, PageState.ACKNOWLEDGED, 1,
    told=PAGE.told, acknowledged_by="U0BO", acknowledged_at=NOW,
)  # fmt: skip
GROUP = Step("group", "S0SRE", timedelta(minutes=5), "@sre", {"U0BO": "bo@acme.example"})
ON_CALL = Step("on-call", "s1", timedelta(minutes=5), "payments")
LOGGED = replace(
    PAGE,
    steps=(STEPS[0], GROUP, ON_CALL, STEPS[2]),
    position=4,
    told=(
        Told(0, "U0ANN", NOW, meant="owner:U0ANN", address="a…@acme.example", delivered_at=NOW, seen_at=NOW),
        Told(0, "U0ANN", NOW, route="email", address="a…@acme.example", delivered_at=NOW),
        Told(0, "pagerduty", NOW, route="pagerduty", failed="it answered 403"),
        Told(1, "U0BO", NOW, meant="group:S0SRE", failed="their messages are closed to me"),
        Told(1, "S0SRE", NOW, route="none", failed="has 2 more people, who are not told: 10 are the most"),
        Told(2, "s1", NOW, route="none", meant="on-call:s1", failed="has nobody on call now"),
        Told(3, "C0RELIABILITY", NOW, meant="reliability:C0RELIABILITY"),
    ),
    notes=("@ann acknowledged it (<!date^1795510800>) and did not say that they are still on it.",),
    joined=2,
)
REHEARSAL = PageRehearsal(
    APP,
    (
        Rehearsed(STEPS[0], timedelta(0), (RehearsedPerson("U0ANN", "a…@acme.example"),)),
        Rehearsed(GROUP, timedelta(minutes=5), (RehearsedPerson("U0BO"), RehearsedPerson("U0EVE", "", "is a guest"))),
        Rehearsed(ON_CALL, timedelta(minutes=10), (RehearsedPerson("s1", "", "has nobody on call now"),)),
        Rehearsed(STEPS[2], timedelta(minutes=10), (RehearsedPerson("C0RELIABILITY"),)),
    ),
    ("<!person^U0BO>, its backup, is deactivated.",), ("email", "pagerduty"), timedelta(minutes=2),
)  # fmt: skip
CARD = Card(APP, (OWNER,), LastCheck("r1", COMMIT, NOW, VERDICT), (PAGE,))
ASKED = PrivateRequest("k1", "a1", APP.repository, NOW, "U0ANN")
PROBE = ProbeRequest("k2", "a1", "https://billing.example.com/app?a=<b>", NOW, "U0ANN")
REGRESSED = Regressed(
    APP, "U0ANN", ("open-route: POST /refund can be called by anybody (src/api.py:18)",), (), (),
    Verdict(Placement.ISOLATED, Placement.PRODUCTION), VERDICT, COMMIT, NOW,
)  # fmt: skip

AFFECTED = AffectedApp(
    "billing-bot",
    (
        AffectedPackage(
            "lodash", "4.17.4", "CVE-2019-10744", "a request changes what objects inherit", "4.17.12", direct=False
        ),
    ),
)

NIGHTS = OnCallRow(
    "Nights", ("U0ANN",), "override", NOW + timedelta(hours=3), ("U0BO",),
    Rota(("U0ANN", "U0BO"), 0, time(9), "Europe/Berlin", date(2026, 11, 16)),
    (Override("o1", "s1", "U0ANN", NOW, NOW + timedelta(hours=3), "U0DEE", NOW),),
)  # fmt: skip
BOUGHT = OnCallRow(
    "Bought", (), "calendar", unknown=("zoe@acme.example", "@zoe"), titles=("Party",), host="calendar.example",
    read_at=NOW, trouble="calendar.example does not give it (HTTP 503)", trouble_since=NOW,
)  # fmt: skip
EVERY: tuple[News, ...] = (
    Said("That is not a name I know.", "/apps all", ("billing-bot",)),
    CARD,
    replace(CARD, asked_in="C0RELIABILITY"),
    replace(CARD, probe_asked_in="C0RELIABILITY", may_probe=True),
    Registered(CARD, ("U0ANN", "U0BO")),
    RegisterForm({"name": "billing-bot", "data": "personal", "owner": "U0ANN"}),
    OwnershipAsked(APP, Role.OWNER, "U0ANN", "U0EVE"),
    OwnershipAsked(APP, Role.BACKUP, "U0BO", "U0EVE", "You accepted it on 22 November."),
    NameSomebodyForm(APP, Role.OWNER),
    CheckStarted(CheckRequest("q1", APP.repository, "U0MAX", NOW), "billing-bot", "in its thread"),
    CheckProgress("billing-bot", "checking", 3, 14),
    CHECKED,
    replace(CHECKED, may_ask=True, may_ask_probe=True),
    Checked("acme/other", "r2", REPORT, None, "U0MAX", hide_findings=True),
    Unchanged(APP, "r3", VERDICT.placement, NOW, NOW, "1f" * 20),
    Unchanged(APP, "r3", VERDICT.placement, NOW, NOW, None, hide_findings=True),
    CheckRefused("billing-bot", "github.com says this repository is private or does not exist.", APP),
    CheckRefused("billing-bot", "github.com says it is private.", APP, APP.repository, "C0RELIABILITY"),
    PrivateAsked(ASKED, APP, ("U0ANN", "U0BO")),
    PrivateAsked(replace(ASKED, answered_at=NOW, allowed_by="U0DEE"), APP, ()),
    PrivateAsked(replace(ASKED, answered_at=NOW), APP, ()),
    ProbeAsked(PROBE, APP, ("U0ANN", "U0BO")),
    ProbeAsked(replace(PROBE, answered_at=NOW, allowed_by="U0DEE"), APP, ()),
    ProbeAsked(replace(PROBE, answered_at=NOW), APP, ()),
    Details("billing-bot", REPORT),
    FixPrompt("billing-bot", "Mend these:\n" + "- put a login in front of POST /refund\n" * 200),
    REGRESSED,
    Affected((AFFECTED,)),
    Affected((AFFECTED, AffectedApp("team-lunch", (), 2))),
    Paged(PAGE, APP, "U0ANN"),
    Paged(ACKNOWLEDGED, APP),
    Paged(LOGGED, APP, None, STEPS[2], NOW + timedelta(minutes=10)),
    PageLog(LOGGED, APP, STEPS[2], NOW + timedelta(minutes=10)),
    PageLog(replace(ACKNOWLEDGED, due_at=NOW + timedelta(minutes=30)), APP),
    REHEARSAL,
    replace(REHEARSAL, second_routes=()),
    StillOnIt(ACKNOWLEDGED, APP, NOW + timedelta(minutes=30)),
    StillOnIt(ACKNOWLEDGED, APP, answer="You are still on it, as you said at 10:32 UTC."),
    OnCallShown((), 0, hint="There is no on-call schedule yet."),
    OnCallShown((NIGHTS,), 1, "The on-call schedule Nights is made.", whole=True),
    OnCallShown((NIGHTS, BOUGHT), 2),
    OnCallShown((BOUGHT,), 1, whole=True),
    AppList("Your apps", (AppRow(APP, "U0ANN", True, VERDICT, NOW, 1), AppRow(APP, None, False, None, None, 0)), 2),
)  # fmt: skip
