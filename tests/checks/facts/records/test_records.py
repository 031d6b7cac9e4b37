"""What functions do with records, and whether they ask whose these are."""

from __future__ import annotations

import time

import pytest

from checks.facts.records.access import Doing, same_table
from checks.facts.records.reading import functions_in
from checks.facts.records.tables import tables_in


def doing(text: str, language: str = "python") -> Doing:
    """Return what the first function of *text* does."""
    return functions_in(text, language)[0]


def js(body: str) -> Doing:
    """Return what an Express handler with *body* does."""
    return doing(f"async function remove(req, res) {{\n{body}\n}}\n", "javascript")


@pytest.mark.parametrize(
    ("body", "table", "operation"),
    [
        ("await prisma.order.delete({ where: { id: req.params.id } });", "order", "delete"),
        ("await Order.findByIdAndDelete(req.params.id);", "Order", "delete"),
        ("await supabase.from('orders').update({ a: 1 }).eq('id', req.params.id);", "orders", "change"),
        ("await db.select().from(orders).where(eq(orders.id, req.params.id));", "orders", "list"),
        ("await db.delete(orders).where(eq(orders.id, req.params.id));", "orders", "delete"),
        ("await db.query.orders.findFirst({ where: eq(orders.id, req.params.id) });", "orders", "read"),
        ("await pool.query('SELECT * FROM orders WHERE id = $1', [req.params.id]);", "orders", "read"),
        ("const q = 'DELETE FROM orders WHERE id = ?';\nawait pool.query(q, [req.params.id]);", "orders", "delete"),
        ("await db.collection('orders').findOne({ _id: new ObjectId(req.params.id) });", "orders", "read"),
        ("await db.collection('orders').doc(req.params.id).delete();", "orders", "delete"),
        ("ordersCol.update({ _id: req.params.id }, { $set: { a: 1 } }, done);", "orders", "change"),
        ("await orderRepository.update(req.params.id, { a: 1 });", "order", "change"),
        ("const { id } = req.params;\nawait knex('orders').where({ id }).del();", "orders", "delete"),
    ],
)
def test_a_record_that_the_request_names_is_seen(body: str, table: str, operation: str) -> None:
    """The forms of the usual libraries are read: which table, what is done, by what the request names."""
    (access,) = js(body).accesses
    assert (access.table, access.operation, access.given, access.caller) == (table, operation, True, False)


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.order.delete({ where: { id: req.params.id, userId: req.user.id } });",
        "const where = { id: req.params.id };\nwhere.userId = req.user.id;\nawait prisma.order.delete({ where });",
        "const o = await Order.findById(req.params.id);\nif (o.user !== req.user.id) return;\nawait o.remove();",
        "if (!(await canEdit(req.user, req.params.id))) return;\nawait Order.findByIdAndDelete(req.params.id);",
        "const ids = await idsOf(req.user.id);\nif (!ids.includes(req.params.id)) return;\nawait Order.findById(1);",
        "await removeOrder(req.params.id, req.user.id);",
        "await sql`DELETE FROM orders WHERE id = ${req.params.id} AND user_id = ${req.user.id}`;",
    ],
)
def test_the_caller_is_compared(body: str) -> None:
    """A filter, a comparison, or a call that gets both counts as asking whose the record is."""
    assert {"owner", "role"} & set(js(body).uses)


@pytest.mark.parametrize(
    "body",
    [
        "if (!req.user) return res.status(401).end();\nawait Order.findByIdAndDelete(req.params.id);",
        "await Order.findByIdAndDelete(req.params.id);\nawait logActivity(req.user.id, 'deleted', req.params.id);",
        "const me = await User.findById(req.user.id);\nawait Order.findByIdAndDelete(req.params.id);",
        "await Order.findByIdAndUpdate(req.params.id, { updatedBy: req.user.id });",
        "const user = await getUser(req.params.id);\nawait Order.findById(user.id);",
    ],
)
def test_to_be_signed_in_is_no_comparison(body: str) -> None:
    """That somebody is there, who did it last, and the caller's own row say nothing of whose the record is."""
    assert not {"owner", "role"} & set(js(body).uses)


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("def f(id, me: CurrentUser):\n    if me.id != id:\n        raise X\n", "matched"),
        ("def f(id, me=Depends(get_current_user)):\n    if me.role != 'admin':\n        raise X\n", "role"),
        ("def f(id):\n    if not current_user.is_admin:\n        abort(403)\n", "role"),
        ("def f(request, pk):\n    return Note.objects.get(pk=pk, owner=request.user)\n", "matched"),
        ("def f(id):\n    if note_of(id).user_id != session['user_id']:\n        abort(404)\n", "owner"),
    ],
)
def test_python_says_who_is_asking(text: str, use: str) -> None:
    """Dependencies, Flask's and Django's ways to name the caller are known."""
    assert use in doing(text).uses


def test_what_the_body_may_set() -> None:
    """A role from the request, and a body as it came, are seen; named fields are not."""
    assert js("await User.create(req.body);").accesses[0].sets == ("*",)
    assert js("const { role } = req.body;\nawait User.create({ role });").accesses[0].sets == ("role",)
    assert js("const { name } = req.body;\nawait User.create({ name, role: 'user' });").accesses[0].sets == ()


@pytest.mark.parametrize(
    ("text", "kind", "name", "columns"),
    [
        ("model Order {\n  id String @id\n  userId String\n}\n", "prisma", "Order", ("id", "userId")),
        ("create table if not exists public.orders (id int, user_id uuid,\n primary key (id));", "sql", "orders", None),
        (
            "class Order(db.Model):\n    id = db.Column(db.Integer)\n    user_id = db.Column()\n",
            "python",
            "Order",
            None,
        ),
        ("const orders = pgTable('orders', { id: serial('id'), user_id: text('u') });", "typescript", "orders", None),
        ("const s = new mongoose.Schema({ id: String, user_id: { type: String } });", "javascript", "s", None),
    ],
)
def test_declared_tables(text: str, kind: str, name: str, columns: tuple[str, ...] | None) -> None:
    """The columns of each kind of declaration are read."""
    (table,) = tables_in(text, kind)
    assert (table.name, table.columns) == (name, columns or ("id", "user_id"))


def test_names_of_one_table_are_alike() -> None:
    """A model and its table are the same, however they are written."""
    assert len({same_table(name) for name in ("TodoItem", "todo_items", "todoItems", "TodoItemModel")}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 9_000,
        "f(" * 5_000,
        "async function f(req) {\n" + "const a = b; const b = a;\n" * 3_000 + "g(a, req.user.id);\n}\n",
        "async function f(req) {\n" + "".join(f"const v{i} = [v{i + 1}, v{i + 2}, req];\n" for i in range(2_000)) + "}",
        "q(`" + "a." * 50_000 + "from(`)",
        "db." * 900 + "find()",
        "async function f(a) { x" + ".from('t')" * 450 + "; }",
    ],
)
def test_hostile_text_is_read_in_the_end(text: str) -> None:
    """No depth, cycle or length of a file keeps the reader for long."""
    begun = time.process_time()
    functions_in(text, "javascript")
    tables_in(text, "javascript")
    assert time.process_time() - begun < 20


def test_what_a_guard_returns_is_its_answer() -> None:
    """A method that says who may pass asks for the role that it returns; what another hands on is asked by nobody."""
    assert "role" in doing("def test_func(self):\n    return self.request.user.is_superuser\n").uses
    assert not functions_in("def shown(self):\n    return self.request.user.is_superuser\n", "python")
