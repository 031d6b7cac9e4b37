"""What an open route sets off, and what only asks."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.exposure.open_route import check

_DJANGO = "from django.urls import path\nfrom . import views\nurlpatterns = [path('panel/<int:pk>/', views.panel)]\n"


def _next(path: str, method: str, body: str) -> list[tuple[str, bool]]:
    """Return what is said of one route of Next.js, and whether it blocks."""
    text = f"export async function {method}(request) {{\n{body}\n  return Response.json({{}});\n}}\n"
    found = run_example(check, Example({f"app/api/{path}/route.ts": text})).findings
    return [(one.message.partition("anyone can ")[2], one.blocking) for one in found]


_ADMIN = "  const db = createClient(URL, process.env.SUPABASE_SERVICE_ROLE_KEY);\n"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("cron/bills", "  await prisma.bill.create({});", [("set off this job with a plain link", True)]),
        ("cron/clean", _ADMIN + '  await db.rpc("clean");', [("set off this job with a plain link", False)]),
        (
            "layout",
            _ADMIN + '  const rows = await db.rpc("describe");',
            [("have the server ask its database with the key that may do everything", False)],
        ),
        ("branches", '  const out = execSync("git branch");', [("have the server start programs", False)]),
        ("colours", "  const one = 1;", []),
        ("patients/[id]", "  const one = ward.of(request.url);", [("read what it answers of one of them", False)]),
        ("files", "  const all = customerStore.filter(Boolean);", [("read customerstore records", True)]),
        ("visits/scheduled", "  await prisma.visit.updateMany({});", []),
    ],
)
def test_what_a_plain_link_sets_off(path: str, body: str, said: list[tuple[str, bool]]) -> None:
    """A job that anybody starts, programs, and the master key of the database are told."""
    assert _next(path, "GET", body) == said


@pytest.mark.parametrize(
    ("path", "blocks"), [("calculate-yield", False), ("text/analyze", False), ("orders/report", True)]
)
def test_a_calculator_holds_nothing_back(path: str, blocks: bool) -> None:
    """A path that asks for an answer is advice where nothing is kept by what is called."""
    body = "  const sent = await request.json();\n  const found = await work.out(sent);"
    assert [one[1] for one in _next(path, "POST", body)] == [blocks]


def test_a_row_of_the_callers_own_is_a_guard_of_sorts() -> None:
    """A look-up by request.user finds nothing for who is not signed in."""
    text = (
        "def panel(request, pk):\n    if request.method == 'POST':\n        one = get_object_or_404(Plan, pk=pkWHO)\n"
    )
    text += "        one.save()\n    return JsonResponse({})\n"
    blocked = {}
    for who in (", user=request.user", ""):
        files = {"shop/urls.py": _DJANGO, "shop/views.py": text.replace("WHO", who)}
        blocked[who] = [one.blocking for one in run_example(check, Example(files)).findings if "POST" in one.message]
    assert blocked == {", user=request.user": [False], "": [True]}


def test_an_action_that_signs_in_is_left_alone() -> None:
    """The name of an action is no parameter of a path."""
    text = '"use server";\nexport async function loginAction(form) {\n  await db.visit.create({});\n}\n'
    page = '"use client";\nimport { loginAction } from "./actions";\n'
    assert run_example(check, Example({"app/actions.ts": text, "app/page.tsx": page})).findings == ()
