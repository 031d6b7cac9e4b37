"""What being signed in is enough for, beside the examples of the check."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.exposure.route_without_authorisation import check
from checks.model import Outcome, Result

EXPRESS = 'const app = require("express")();\nconst auth = require("./auth");\n'
AUTH = {
    "auth.js": "module.exports = (req, res, next) => {\n  if (!req.user) return res.status(401).end();\n  next();\n};\n"
}
FORM = (
    'export const experts = pgTable("experts", { id: serial("id"), isVerified: boolean("is_verified") });\n'
    "export const insertExpertSchema = createInsertSchema(experts).%s;\n"
)
NOTE = (
    "from django.db import models\nclass Note(models.Model):\n"
    "    user = models.ForeignKey('auth.User', on_delete=models.CASCADE)\n"
)
URLS = (
    "from rest_framework.routers import DefaultRouter\nfrom .views import NoteViewSet\n"
    "router = DefaultRouter()\nrouter.register('notes', NoteViewSet)\nurlpatterns = router.urls\n"
)
VIEWS = (
    "from rest_framework import permissions, viewsets\nfrom .models import Note\n"
    "def mine(request):\n    return Note.objects.filter(user=request.user)\n"
    "class NoteViewSet(viewsets.ModelViewSet):\n    permission_classes = [permissions.IsAuthenticated]\n"
)


def answer(files: dict[str, str]) -> Result:
    """Return what the check answers on *files*."""
    return run_example(check, Example(files))


def said(body: str, **others: str) -> list[str]:
    """Return what is said of an Express route whose handler is *body*."""
    route = f"app.post('/api/x', auth, async (req, res) => {{ {body} }});\n"
    files = {"server.js": EXPRESS + route, **AUTH, **{name.replace("_", "."): text for name, text in others.items()}}
    return [finding.message for finding in answer(files).findings]


@pytest.mark.parametrize(
    ("limit", "told"),
    [("omit({ id: true })", True), ("omit({ id: true, isVerified: true })", False), ("pick({ id: true })", False)],
)
def test_a_form_lets_through_what_it_does_not_leave_out(limit: str, told: bool) -> None:
    """A form that is made of a table is told where a column that its sender must not set passes through it."""
    body = "const made = insertExpertSchema.parse(req.body); res.json(await storage.createExpert(made));"
    assert bool(said(body, schema_ts=FORM % limit)) is told


def test_a_message_goes_to_whom_the_request_says() -> None:
    """Mail to an address of the request is told, mail to the caller's own or to one that was looked up is not."""
    assert said("await sendEmail({ to: req.body.to, text: req.body.text });")
    assert not said("await sendEmail({ to: req.user.email, text: req.body.text });")
    assert not said(
        "const boss = await db.staff.findFirst(); await sendEmail({ to: boss.email, text: req.body.text });"
    )


def test_a_room_asks_who_is_in_it() -> None:
    """A record under a room that the request names is told, unless the room's members are asked for the caller."""
    write = "await prisma.message.create({ data: { roomId: req.body.roomId, senderId: req.user.id } });"
    asked = "await prisma.member.findFirst({ where: { roomId: req.body.roomId, userId: req.user.id } });"
    assert "roomId that the request names" in said(write)[0]
    assert not said(asked + write)


def test_all_but_me_is_no_check() -> None:
    """To leave the caller out of a list says nothing of whose records the others are."""
    change = "await prisma.invoice.update({ where: { id: req.body.id }, data: { paid: true } });"
    assert said("const others = all.filter((one) => one.id !== req.user.id);" + change)
    assert not said("if (req.body.owner !== req.user.id) return res.status(403).end();" + change)


def test_a_chain_goes_on_in_the_next_line() -> None:
    """A query is the same on one line and on five."""
    query = "db\n  .from('invoices')\n  .delete()\n  .eq('id', req.body.id)"
    assert "delete anybody's invoices" in said(f"await {query};")[0]


def test_generic_views_ask_whose_it_is_only_where_they_are_told_to() -> None:
    """A view set of a model with an owner is told unless it picks its records by a method of its own."""
    files = {"shop/urls.py": URLS, "shop/models.py": NOTE}
    open_ = answer(files | {"shop/views.py": VIEWS + "    queryset = Note.objects.all()\n"})
    own = "    def get_queryset(self):\n        return Note.objects.filter(user=self.request.user)\n"
    told = {(finding.route.method, finding.blocking) for finding in open_.findings if finding.route is not None}
    assert told == {("DELETE", True), ("PUT", True), ("PATCH", True), ("GET", False)}
    assert answer(files | {"shop/views.py": VIEWS + own}).outcome is Outcome.PASSED


def test_an_organisation_is_a_caller_s_only_where_theirs_is_known() -> None:
    """Where no user belongs to an organisation, its id names a customer: that is told, and holds nothing back."""
    route = "app.get('/api/deals', auth, async (req, res) => res.json(await prisma.deal.findMany({ where: {"
    route += " organizationId: req.query.organizationId } })));\n"
    user = "model User {\n  id String @id\n%s}\nmodel Deal {\n  id String @id\n  organizationId String\n}\n"
    files = {"server.js": EXPRESS + "app.get('/api/me', auth, (req, res) => res.json(req.user.id));\n" + route, **AUTH}
    (customer,) = answer(files | {"schema.prisma": user % ""}).findings
    (tenant,) = answer(files | {"schema.prisma": user % "  organizationId String\n"}).findings
    assert (customer.blocking, tenant.blocking) == (False, True)


def test_what_everybody_shares_has_no_owner() -> None:
    """Whoever is signed in may read what nobody owns."""
    assert not said("res.json(await prisma.product.findUnique({ where: { id: req.body.id } }));")
