"""Where data goes within one file of JavaScript or TypeScript."""

from __future__ import annotations

import pytest

from tests.checks.facts.flows.flow_facts import reached


@pytest.mark.parametrize(
    ("kind", "line", "found"),
    [
        ("sql", "db.query(`SELECT * FROM t WHERE id = ${req.params.id}`)", True),
        ("sql", "db.query('SELECT * FROM t WHERE id = ' + req.query.id, cb)", True),
        ("sql", "db.query('SELECT * FROM t WHERE id = $1', [req.params.id])", False),
        ("sql", "sql`SELECT * FROM t WHERE id = ${req.params.id}`", False),
        ("sql", "db.query(`SELECT * FROM t WHERE id = ${Number(req.params.id)}`)", False),
        ("sql", "const { id } = req.body; prisma.$queryRawUnsafe(`SELECT ${id}`)", True),
        (
            "sql",
            "if (!ids.includes(req.query.id)) return; db.query(`SELECT * FROM t WHERE id = ${req.query.id}`)",
            False,
        ),
        ("sql", "if (!req.query.id) return; db.query(`SELECT * FROM t WHERE id = ${req.query.id}`)", True),
        ("shell", "execSync(`convert ${req.body.file} out.png`)", True),
        ("shell", "pattern.exec(req.body.text)", False),
        ("code", "eval(req.body.code)", True),
        ("code", "setTimeout(() => done(req.body.code), 10)", False),
        ("code", "users.find({ $where: `this.name == '${req.query.name}'` })", True),
        ("path", "fs.readFile('./files/' + req.query.name, cb)", True),
        ("path", "fs.readFile(path.join(root, path.basename(req.query.name)), cb)", False),
        ("path", "fs.writeFileSync(target, req.file.buffer)", False),
        ("code", 'spawn("python3", ["-c", req.body.code])', True),
        ("shell", 'spawn("git", ["log", req.body.branch])', False),
        ("path", "res.sendFile(req.params.name, { root: 'files' })", False),
        ("request", "fetch(req.body.url)", True),
        ("request", "fetch(`https://api.example.com/${req.body.id}`)", False),
        ("request", "fetch(`${req.nextUrl.origin}/api/x`)", False),
        ("redirect", "res.redirect(req.query.url)", True),
        ("redirect", "const u = new URL(req.query.u); if (u.host !== own) throw 1; res.redirect(req.query.u)", False),
        ("html", "res.send(`<h1>${req.query.q}</h1>`)", True),
        ("html", "res.send(`<h1>${escapeHtml(req.query.q)}</h1>`)", False),
        ("query", "User.findOne(req.body)", True),
        ("query", "this.users.find(req.body)", False),
        ("filter", "supabase.from('t').select().or(`name.ilike.%${req.query.q}%`)", True),
    ],
)
def test_what_acts_on_a_request_in_express(kind: str, line: str, found: bool) -> None:
    """Each kind of sink is known, and what makes a value safe for it is too."""
    text = f"app.get('/x', async (req, res) => {{\n  {line}\n}});\n"
    assert bool([one for one in reached(text, "javascript", kind) if one.startswith("request")]) is found


@pytest.mark.parametrize(
    "handler",
    [
        "export async function POST(request: Request) { const { q } = await request.json(); SINK }",
        "export async function GET(req: NextRequest) { const q = req.nextUrl.searchParams.get('q'); SINK }",
        "export async function GET(req: Request, { params }: Props) { const q = (await params).q; SINK }",
        "export default async function handler(req, res) { const q = req.query.q as string; SINK }",
        "'use server';\nexport async function search(q: string) { SINK }",
        "export async function save(form: FormData) { 'use server'; const q = form.get('q'); SINK }",
        "Deno.serve(async (req) => { const q = (await req.json()).q; SINK })",
        "app.post('/x', async (c) => { const q = c.req.query('q'); SINK })",
        "router.get('/x', async (ctx) => { const q = ctx.request.body.q; SINK })",
        "socket.on('message', (q) => { SINK })",
        "export const handler = async (event) => { const { q } = JSON.parse(event.body); SINK }",
        "class C { @Get() find(@Query('q') q: string) { SINK } }",
        "export const f = () => ({ query }, res) => { const q = query.q; SINK }",
    ],
)
def test_what_a_framework_calls_its_request(handler: str) -> None:
    """Every framework's way of handing over a request is known."""
    text = handler.replace("SINK", "db.query(`SELECT * FROM t WHERE q = '${q}'`);")
    assert any(one.startswith("request") for one in reached(text, "typescript", "sql"))


def test_a_schema_and_a_page_of_props_are_told_apart() -> None:
    """What a page gets from its parent is not what a caller sent."""
    text = "export function Card({ body, title }) { return <p dangerouslySetInnerHTML={{ __html: body }} /> }"
    assert {one.partition(" ")[0] for one in reached(text, "tsx", "html")} == {"parameter"}


def test_markup_of_styles_and_sanitized_markup_is_left_alone() -> None:
    """Style sheets put together by a component library and sanitized texts are no findings."""
    text = (
        "export const A = ({ css }) => <style dangerouslySetInnerHTML={{ __html: css }} />;\n"
        "export const B = ({ x }) => <p dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(x) }} />;\n"
    )
    assert not reached(text, "tsx", "html")
