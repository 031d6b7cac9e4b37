"""What a route leaves unasked that it asks elsewhere, or that others of the same app ask."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.exposure.open_route import check as open_route
from checks.exposure.route_without_authorisation import check

FLASK = (
    "from flask import Flask, jsonify, request\nfrom flask_login import current_user, login_required\n"
    "from models import Event, SystemSetting, db\napp = Flask(__name__)\n"
)
MODELS = {"models.py": "class Event(db.Model):\n    id = db.Column(db.Integer)\n"}
AUTH = {
    "auth.js": "module.exports = (req, res, next) => {\n  if (!req.user) return res.status(401).end();\n  next();\n};\n"
}


def flask(body: str) -> list[str]:
    """Return what is said of a Flask route for the signed in whose body is *body*."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    text = f"{FLASK}@app.post('/api/settings/mail')\n@login_required\ndef change():\n{lines}    return ''\n"
    return [one.message for one in run_example(check, Example({"app.py": text, **MODELS})).findings]


def express(path: str, body: str) -> list[str]:
    """Return what is said of an Express route for the signed in whose body is *body*."""
    text = (
        'const app = require("express")();\nconst auth = require("./auth");\n'
        f"app.patch('{path}', auth, async (req, res) => {{\n{body}\n}});\n"
    )
    return [one.message for one in run_example(check, Example({"server.js": text, **AUTH})).findings]


def test_settings_of_the_whole_app_are_told() -> None:
    """Whoever is signed in replaces a key that everybody's requests run with."""
    body = "sent = request.get_json()\nSystemSetting.set_setting('smtp_password', sent.get('password'))"
    assert any("can change SystemSetting" in one for one in flask(body))


def test_settings_of_the_caller_are_not() -> None:
    """Their own setting is theirs to change."""
    assert not flask("UserSetting.set_setting(current_user.id, 'smtp_password', request.json['password'])")


def test_a_wiped_table_is_told() -> None:
    """A route that empties a table is not for whoever is signed in."""
    assert any("delete every Event" in one for one in flask("Event.query.delete()\ndb.session.commit()"))


def test_a_table_that_the_request_names_is_told() -> None:
    """A table's name in the request opens every table."""
    body = "table = request.json['table']\nrows = db.execute(f'SELECT * FROM {table}').fetchall()"
    assert any("whatever table" in one for one in flask(body))


@pytest.mark.parametrize(("line", "told"), [("// await requireAccess(req.user, req.params.id);", True), ("", False)])
def test_a_question_in_a_comment_is_told(line: str, *, told: bool) -> None:
    """A check that was switched off is no check."""
    said = express("/api/boards/:id", f"  {line}\n  res.json(await stats(req.user.id));")
    assert any("in a comment" in one for one in said) is told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", True),
        ("const item = await Item.findById(req.params.itemId);\nif (item.boxId !== box.id) return res.end();", False),
        ("if (!box.items.includes(req.params.itemId)) return res.end();", False),
    ],
)
def test_a_child_is_asked_about_too(more: str, *, told: bool) -> None:
    """That the box is the caller's says nothing of the item, unless the item is tied to the box."""
    body = (
        "const box = await Box.findById(req.params.id);\nif (box.userId !== req.user.id) return res.end();\n"
        f"{more}\nawait Item.updateOne({{ _id: req.params.itemId }}, {{ n: 1 }});\nres.end();"
    )
    assert any("asks whose one record is" in one for one in express("/api/boxes/:id/items/:itemId", body)) is told


def test_what_others_ask_a_role_for_is_told() -> None:
    """A view beside views that ask for a permission, for the same records, asks for a login only."""
    views = (
        "from django.contrib.auth.decorators import login_required, permission_required\n"
        "from django.shortcuts import get_object_or_404, render\nfrom .models import Staff\n"
        "@login_required\n@permission_required('staff.view_staff', raise_exception=True)\n"
        "def staff_list(request):\n    return render(request, 'a.html', {'all': Staff.objects.filter(active=True)})\n"
        "@login_required\ndef staff_select(request):\n"
        "    return render(request, 'b.html', {'all': Staff.objects.filter(hired=True)})\n"
    )
    urls = (
        "from django.urls import path\nfrom . import views\n"
        "urlpatterns = [path('staff/', views.staff_list), path('select/', views.staff_select)]\n"
    )
    files = {
        "shop/views.py": views,
        "shop/urls.py": urls,
        "manage.py": "",
        "shop/settings.py": "ROOT_URLCONF = 'shop.urls'\n",
    }
    said = [one.message for one in run_example(check, Example(files)).findings]
    assert any("/select/" in one and "other routes of this app ask" in one for one in said)
    assert not any("/staff/" in one for one in said)


def test_a_role_that_is_taken_out_or_set_is_not_taken() -> None:
    """Whoever registers says nothing of their role where the code takes it out, or sets it itself."""
    user = {"user.js": "const User = new mongoose.Schema({ email: String, role: String });\n"}
    for body in (
        "const { role, ...rest } = req.body; await User.create(rest)",
        "await User.create({ ...req.body, role: 'a' })",
    ):
        route = f"app.post('/api/register', async (req, res) => {{ {body}; res.end(); }});\n"
        text = f"const app = require('express')();\n{route}"
        result = run_example(check, Example({"server.js": text, **user}))
        assert not any(one.blocking for one in result.findings)


def test_a_login_writes_nothing() -> None:
    """A login that looks a body up in the table of users is not said to write it."""
    user = {"user.js": "const User = new mongoose.Schema({ email: String, role: String });\n"}
    text = (
        "const app = require('express')();\n"
        "app.post('/auth/login', async (req, res) => { res.json(await createUser(req.body)); });\n"
    )
    assert not run_example(check, Example({"server.js": text, **user})).findings


@pytest.mark.parametrize("given", ["signature && ", ""])
def test_a_signature_that_is_asked_for_only_when_sent_guards_nothing(given: str) -> None:
    """Whoever sends no signature is let past a check of the signature that was sent."""
    text = (
        'const app = require("express")();\n'
        "app.post('/api/orders/paid', async (req, res) => {\n  const signature = req.headers['x-signature'];\n"
        f"  if ({given}!verifySignature(req.body, signature)) return res.status(401).end();\n"
        "  await prisma.order.update({ where: { id: req.body.id }, data: { paid: true } });\n  res.end();\n});\n"
        "app.listen(3000);\n"
    )
    assert bool(run_example(open_route, Example({"server.js": text})).findings) is bool(given)
