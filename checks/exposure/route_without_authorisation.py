"""
Being signed in is enough to act on anybody's record.

A route asks for a login and then takes the record's id from the path, the query or the body, without asking whether the
record is the caller's. Whoever has an account changes the number in the address and reads, changes or deletes what
belongs to others. The same fault one floor up: an administrator's route that asks for a login and for no role, and a
registration or profile form whose body may say `role: "admin"`.

Every route is followed through its handler, what that calls, and what stands before it. It is told where nothing on the
way compares the caller with anything, filters by them, or asks for a role. It holds the app back where the record is
surely somebody's: the request names the owner itself, or the app ties the same table to the caller elsewhere. Where the
database's row level security decides under the caller's own session, that is open-database-rules' to say.

## How to fix
Put the caller into the query: `where id = :id and user_id = :me`, and answer 404 when nothing is found. Ask for the
role on the server for what only administrators may do. Take from a request's body the fields that a user may set, by
name.

## Fix prompt
The routes listed below check that the caller is signed in, but not that the record is theirs. In each, add the owner
to the query's filter (or compare the owner after loading, and answer 404 when it is somebody else), using the identity
from the verified session or token, never an id that the request sends. Routes for administrators must check the role
on the server. Never write a request's body into a record as a whole: name the fields, and leave out role, is_admin and
owner. Add a test per route: a second signed-in user gets 404 for the first user's record.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment
from checks.facts.records.authorisation import Authorisation
from checks.facts.records.said import said
from checks.facts.records.unasked import Unasked
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_NEXT = (
    'import { auth } from "@/lib/auth";\nimport { prisma } from "@/lib/prisma";\n'
    "export async function GET() {\n  const session = await auth();\n"
    "  if (!session?.user) return new Response(null, { status: 401 });\n"
    "  return Response.json(await prisma.invoice.findMany({ where: { userId: session.user.id } }));\n}\n"
)
_ONE = (
    'import { auth } from "@/lib/auth";\nimport { prisma } from "@/lib/prisma";\n'
    "export async function DELETE(req, { params }) {\n  const session = await auth();\n"
    "  if (!session?.user) return new Response(null, { status: 401 });\n  const { id } = await params;\n"
)
_FASTAPI = (
    "from fastapi import Depends, FastAPI, HTTPException\nfrom sqlmodel import Field, Session, SQLModel, select\n"
    "from auth import get_current_user\napp = FastAPI()\n"
    "class Task(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    user_id: int = Field()\n"
)
_AUTH = (
    "from fastapi import Depends, HTTPException\ndef get_current_user(token: str = Depends(scheme)):\n"
    "    user = decode(token)\n    if not user:\n        raise HTTPException(status_code=401)\n    return user\n"
)
_EXPRESS = (
    'const app = require("express")();\nconst auth = require("./auth");\nconst Order = require("./order");\n'
    'app.get("/api/orders", auth, async (req, res) => res.json(await Order.find({ user: req.user.id })));\n'
)
_MODEL = (
    'const mongoose = require("mongoose");\n'
    'module.exports = mongoose.model("Order", new mongoose.Schema({ user: String, total: Number }));\n'
)
_GUARD = "module.exports = (req, res, next) => {\n  if (!req.user) return res.status(401).end();\n  next();\n};\n"
_FLASK = (
    "from flask import Flask, jsonify, request\nfrom flask_login import current_user, login_required\n"
    "from models import Note, User, db\napp = Flask(__name__)\n"
)

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "app/api/invoices/route.ts": _NEXT,
                "app/api/invoices/[id]/route.ts": _ONE
                + "  await prisma.invoice.delete({ where: { id } });\n  return Response.json({});\n}\n",
                "prisma/schema.prisma": "model Invoice {\n  id String @id\n  userId String\n}\n",
            },
            says="whoever is signed in can delete anybody's invoice",
            line=3,
        ),
        Good(
            {
                "app/api/invoices/route.ts": _NEXT,
                "app/api/invoices/[id]/route.ts": _ONE
                + "  await prisma.invoice.delete({ where: { id, userId: session.user.id } });\n"
                "  return Response.json({});\n}\n",
            }
        ),
        Good(  # loaded first, compared then
            {
                "app/api/invoices/route.ts": _NEXT,
                "app/api/invoices/[id]/route.ts": _ONE
                + "  const invoice = await prisma.invoice.findUnique({ where: { id } });\n"
                "  if (invoice.userId !== session.user.id) return new Response(null, { status: 403 });\n"
                "  await prisma.invoice.delete({ where: { id } });\n  return Response.json({});\n}\n",
            }
        ),
        Bad(  # the request says whose tasks they are
            {
                "main.py": _FASTAPI + "@app.get('/api/{user_id}/tasks')\n"
                "def tasks(user_id: int, session: Session = Depends(get_session), me=Depends(get_current_user)):\n"
                "    return session.exec(select(Task).where(Task.user_id == user_id)).all()\n",
                "auth.py": _AUTH,
            },
            says="GET /api/{user_id}/tasks takes user_id from the request",
            line=8,
        ),
        Good(
            {
                "main.py": _FASTAPI + "@app.get('/api/{user_id}/tasks')\n"
                "def tasks(user_id: int, session: Session = Depends(get_session), me=Depends(get_current_user)):\n"
                "    if me.id != user_id:\n        raise HTTPException(status_code=403)\n"
                "    return session.exec(select(Task).where(Task.user_id == user_id)).all()\n",
                "auth.py": _AUTH,
            }
        ),
        Bad(
            {
                "server.js": _EXPRESS + 'app.put("/api/orders/:id", auth, async (req, res) => {\n'
                "  res.json(await Order.findByIdAndUpdate(req.params.id, { total: req.body.total }));\n});\n"
                "app.listen(3000);\n",
                "order.js": _MODEL,
                "auth.js": _GUARD,
            },
            says="PUT /api/orders/:id",
            line=5,
        ),
        Good(
            {
                "server.js": _EXPRESS + 'app.put("/api/orders/:id", auth, async (req, res) => {\n'
                "  res.json(await Order.findOneAndUpdate({ _id: req.params.id, user: req.user.id }, { total: 1 }));\n"
                "});\n",
                "order.js": _MODEL,
                "auth.js": _GUARD,
            }
        ),
        Bad(  # an administrator's route asks for no role; the app has roles
            {
                "app.py": _FLASK + "@app.get('/admin/notes')\n@login_required\ndef notes():\n"
                "    if not current_user.is_admin:\n        return '', 403\n    return jsonify(Note.query.all())\n"
                "@app.delete('/admin/notes/<int:id>')\n@login_required\ndef remove(id):\n"
                "    db.session.delete(Note.query.get(id))\n    db.session.commit()\n    return ''\n"
            },
            says="DELETE /admin/notes/<int:id> asks for a login and for no role",
        ),
        Bad(  # whoever registers may say what they are
            {
                "server.js": 'const app = require("express")();\nconst User = require("./user");\n'
                'app.post("/api/register", async (req, res) => {\n  res.json(await User.create(req.body));\n});\n',
                "user.js": 'const mongoose = require("mongoose");\nmodule.exports = mongoose.model("User", '
                "new mongoose.Schema({ email: String, role: String }));\n"
                "const User = new mongoose.Schema({ email: String, role: String });\n",
            },
            says="POST /api/register writes the request's body into User as it comes",
        ),
        Bad(  # whoever registers may say what they are, through the storage that writes it
            {
                "server.ts": 'import express from "express";\nimport { storage } from "./storage";\n'
                'const app = express();\napp.post("/api/register", async (req, res) => {\n'
                "  res.json(await storage.createUser({ ...req.body, password: await hash(req.body.word) }));\n});\n",
                "storage.ts": 'export const users = pgTable("users", { id: serial("id"), role: text("role") });\n'
                "class Storage {\n  async createUser(one: NewUser) {\n"
                "    return (await db.insert(users).values(one).returning())[0];\n  }\n}\n"
                "export const storage = new Storage();\n",
            },
            says="POST /api/register writes the request's body into User as it comes: whoever calls it may set role",
            line=4,
        ),
        Bad(  # the order is asked about, its line is not
            {
                "app/api/invoices/route.ts": _NEXT,
                "app/api/invoices/[id]/lines/[lineId]/route.ts": _ONE.replace("{ id }", "{ id, lineId }")
                + "  const invoice = await prisma.invoice.findUnique({ where: { id } });\n"
                "  if (invoice.userId !== session.user.id) return new Response(null, { status: 403 });\n"
                "  await prisma.line.delete({ where: { id: lineId } });\n  return Response.json({});\n}\n",
            },
            says="asks whose one record is, and then lets its caller delete another, of line",
            line=3,
        ),
        Good(
            {
                "app/api/invoices/route.ts": _NEXT,
                "app/api/invoices/[id]/lines/[lineId]/route.ts": _ONE.replace("{ id }", "{ id, lineId }")
                + "  const invoice = await prisma.invoice.findUnique({ where: { id } });\n"
                "  if (invoice.userId !== session.user.id) return new Response(null, { status: 403 });\n"
                "  await prisma.line.delete({ where: { id: lineId, invoiceId: id } });\n"
                "  return Response.json({});\n}\n",
            }
        ),
        Bad(  # it looks at the role that it was sent, and takes it
            {
                "server.js": 'const app = require("express")();\napp.post("/api/register", async (req, res) => {\n'
                '  const { email, role = "GUEST" } = req.body;\n'
                "  const user = await prisma.user.create({ data: { email, // theirs\n role } });\n"
                '  if (user.role === "OWNER") await prisma.shop.create({ data: { userId: user.id } });\n'
                "  res.json(user);\n});\n",
            },
            says="POST /api/register takes role from the request",
            line=2,
        ),
        Bad(  # the plan that was paid for is the plan that the browser names
            {
                "server.js": _EXPRESS + 'app.post("/api/checkout/verify", auth, async (req, res) => {\n'
                "  check(req.body.signature);\n"
                "  await User.findByIdAndUpdate(req.user.id, { plan: req.body.plan });\n  res.end();\n});\n",
                "auth.js": _GUARD,
            },
            says="POST /api/checkout/verify takes plan from the request",
            line=5,
        ),
        Bad(  # a server action that mails whomever its caller names
            {
                "app/actions/notify.ts": '"use server";\nimport { sendEmail } from "@/lib/mail";\n'
                "export async function notifyUser(data: { to: string; text: string }) {\n"
                "  const session = await auth();\n  if (!session?.user) return { error: 'no' };\n"
                "  await sendEmail({ to: data.to, subject: 'News', html: data.text });\n}\n"
            },
            says="POST action:notifyUser sends messages to whom to in the request says",
            line=3,
        ),
        Bad(  # the owner of the new record is whoever the request says
            {
                "main.py": _FASTAPI + "@app.post('/tasks')\n"
                "def create(sent: TaskIn, db=Depends(get_session), me=Depends(get_current_user)):\n"
                "    db.add(Task(user_id=sent.user_id, title=sent.title))\n    db.commit()\n",
                "auth.py": _AUTH,
            },
            says="POST /tasks takes user_id from the request",
            line=8,
        ),
        Bad(  # a page for administrators whose check never came
            {
                "app/admin/users/page.tsx": 'import { prisma } from "@/lib/prisma";\n'
                "export default async function AdminUsersPage() {\n  // TODO: check that the caller is an admin\n"
                "  const users = await prisma.user.findMany();\n  return <Table rows={users} />;\n}\n",
                "app/api/roles/route.ts": _NEXT.replace("if (!session?.user)", "if (session?.user.role !== 'admin')"),
                "middleware.ts": 'import { withAuth } from "next-auth/middleware";\nexport default withAuth;\n',
            },
            says="GET /admin/users asks for a login and for no role",
            line=2,
        ),
        Good({"cli.py": "import argparse\nprint('hello')\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(authorisation: Authorisation, _others: OtherLanguages, deployment: Deployment) -> Iterator[Finding]:
    """Yield the routes where being signed in is enough: blocking ones first, then what to ask the owner."""
    if not authorisation.served:
        if authorisation.servers and not deployment.is_library:
            raise NotChecked(
                f"it serves HTTP with {', '.join(authorisation.servers[:3])}, but none of its routes could be read"
            )
        raise NotApplicable("no server routes: nothing that was read answers HTTP requests")
    found: dict[tuple[str, str, str], Finding] = {}
    for one in authorisation.unasked:
        found.setdefault((one.route.method, one.route.path, one.route.file), _finding(one))
    yield from sorted(found.values(), key=lambda finding: not finding.blocking)
    if authorisation.unread and not any(finding.blocking for finding in found.values()):
        raise NotChecked(f"too large to be read whole: {', '.join(authorisation.unread[:3])}")
    if authorisation.unread_servers and not deployment.is_library:
        unseen = ", ".join(authorisation.unread_servers[:3])
        raise NotChecked(f"it serves HTTP with {unseen} too, and none of those routes could be read")
    if not found and not authorisation.asked:
        raise NotApplicable("no route asks who is calling: what that means is open-route's to say")


def _finding(one: Unasked) -> Finding:
    route = one.route
    name = f"{route.method} {route.path}"
    blocking = one.sure and route.guard != "unknown"
    return Finding(
        f"{name} {said(one)}",
        path=route.file,
        line=route.line,
        kind=one.kind,
        severity=Severity.HIGH if blocking else Severity.MEDIUM,
        confidence=Confidence.HIGH if one.sure else Confidence.MEDIUM,
        blocking=blocking,
        route=Route(route.method, route.path),
        identity=name,
    )
