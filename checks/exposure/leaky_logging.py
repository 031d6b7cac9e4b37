"""
The app writes secrets to its log.

Logs are read by more people than the database is: they are sent to collectors, kept for months, pasted into tickets and
into chats with AI builders. A password, token or card number in them is out, and nobody notices. AI builders add such
lines while they look for a fault and leave them.

The name of a secret in a sentence, its length, or whether it is set are no findings. What a script prints for the
person who starts it, and what is written at the debug level only, is advice.

## How to fix

1. Delete the line, or write what helps without the value: the user's id, whether the value was there, its length.
2. Where requests are logged as a whole, leave out `authorization`, `cookie`, `password` and `token` in the logger.
3. Treat what was logged as known: change those passwords and tokens, and delete the old logs.

## Fix prompt

This app writes secrets to its log (the places are listed below). Remove these lines, or change them so that no value of
a password, token, key, one-time code, card or social security number, request body of a login, header set or
environment is written; write the user's id or "set"/"missing" instead. Look through all `print`, `console.*` and logger
calls for the same fault. If requests are logged by middleware, set it up to redact `authorization`, `cookie`,
`set-cookie`, `password`, `token` and `secret`. Change nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.secrets.log_calls import LogLeaks
from checks.facts.secrets.log_words import Leak
from checks.facts.tier import Tier, is_run_by_hand, tier_of
from checks.model import Confidence, Finding, Placement, Severity

_WORST = frozenset({Leak.PASSWORD, Leak.CARD, Leak.PERSON, Leak.ENVIRONMENT, Leak.SIGNING, Leak.BODY})

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "server/routes/auth.js": "router.post('/login', async (req, res) => {\n"
                "  const { email, password } = req.body;\n"
                "  console.log('🔐 Login attempt:', { email, password });\n"
                "  const user = await User.findOne({ email });\n});\n"
            },
            says="A password",
            line=3,
        ),
        Bad(
            {"auth.py": 'def login():\n    password = request.form["password"]\n    print(f"Login: {password}")\n'},
            line=3,
        ),
        Bad(
            {"app/api/login/route.ts": "export async function POST(req) {\n  console.log('body', req.body);\n}\n"},
            says="request of a login",
        ),
        Bad({"index.js": "console.log('ENV:', process.env);\n"}, says="environment"),
        Bad({"main.py": 'logger.info("using key %s", os.environ["OPENAI_API_KEY"])\n'}, says="key or token"),
        Bad({"main.py": 'logging.info("expected " + settings.admin_password)\n'}, says="A password"),
        Bad({"pay.ts": "console.log(`charging ${card.cardNumber}`);\n"}, says="card"),
        Bad({"otp.js": "console.log('OTP for', email, 'is', otp);\n"}, says="one-time code"),
        Bad(
            {"mw.ts": "app.use((req, res, next) => { console.log(req.method, req.headers); next(); });\n"},
            says="headers",
        ),
        Bad(
            {
                "hook.py": '@app.post("/hook")\nasync def hook(request: Request):\n    sent = dict(request.headers)\n'
                '    logger.info(f"called with {sent}")\n'
            },
            says="headers",
            line=4,
        ),
        Bad(
            {
                "server.ts": "app.use((req, res, next) => {\n  console.log('Visit:', {\n    path: req.path,\n"
                "    method: req.method,\n    user: req.session?.userId,\n    cookies: req.headers.cookie,\n  });\n"
                "  next();\n});\n"
            },
            says="All cookies",
            line=6,
        ),
        Bad(
            {"a.ts": "app.get('/me', (req, res) => { console.log(`me: ${req.sessionID}`); });\n"}, says="session"
        ),  # advice
        Bad({"auth.py": 'logger.info(f"Verifying token: {token[:15]}...")\n'}, says="key or token"),  # advice
        Bad({"auth.ts": "console.log('got', accessToken.substring(0, 20));\n"}, says="key or token"),  # advice
        Bad({"fn/index.ts": "console.log('Auth header:', authHeader);\n"}, says="key or token", line=1),
        Bad(
            {"mail.ts": "async function send({ email, code }) {\n  console.log('Verification code:', code);\n}\n"},
            says="one-time code",
            line=2,
        ),
        Bad(
            {
                "client.py": "class Client:\n    def login(self):\n        sent = {\n            'User': self.name,\n"
                "            'Password': self.password,\n        }\n        self.logger.info(f'sending {sent}')\n"
            },
            says="A whole record",
            line=7,
        ),
        Bad(
            {
                "app.py": "@app.post('/enter')\ndef enter():\n    data = request.get_json()\n    print('got', data)\n"
                "    return check(data['password'])\n"
            },
            says="A whole record",
            line=4,
        ),
        # From here on advice.
        Bad(
            {
                "a.ts": "async function add(email, typed) {\n  const user = await User.create({\n    email,\n"
                "    password: await hash(typed),\n  });\n  console.log('new user', user);\n}\n"
            },
            says="A whole record",
            line=6,
        ),
        Bad({"otp.js": "function sendOtp(to, code) {\n  console.log('made', code);\n}\n"}, says="one-time code"),
        Bad(
            {
                "routes.ts": 'app.post("/api/integrations", async (req, res) => {\n'
                "  console.log('new one:', JSON.stringify(req.body));\n});\n"
            },
            says="A whole record",
            line=2,
        ),
        Bad(
            {
                "fn/index.ts": "let given: {\n  ids?: string[],\n  testApiKey?: string\n} = {};\n"
                "given = await req.json();\nconsole.log('Parameters:', given);\n"
            },
            says="A whole record",
            line=6,
        ),
        Bad(
            {
                "store.ts": "async function add(link) {\n  console.log('adding', link);\n"
                "  if (link.credentials) await save(link.credentials);\n}\n"
            },
            says="A whole record",
            line=2,
        ),
        Bad(
            {
                "audit.py": "def on_flush(session):\n    for row in session.new:\n"
                "        new_data = {c.key: getattr(row, c.key) for c in inspect(row).mapper.column_attrs}\n"
                "        Audit.log_change(row, 'CREATE', new_data=new_data)\n"
            },
            says="A whole record",
            line=4,
        ),
        Bad(
            {
                "mails.py": "def send(prefix, to, body):\n    kind = 'password_reset' in prefix\n"
                "    log_mail(to=to, body=body, kind=kind)\n"
            },
            says="A whole mail",
            line=3,
        ),
        Bad({"seed.js": "console.log('Boss: boss@shop.com / admin123');\n"}, says="password that stands here"),
        Bad(
            {
                "src/useAuth.tsx": "supabase.auth.onAuthStateChange((event, session) => {\n"
                "  console.log('Auth state changed:', event, session);\n});\n"
            },
            says="session",
            line=2,
        ),
        Bad({"src/Admin.tsx": "console.log('check', { session, isAdmin });\n"}, says="session", line=1),
        Bad(
            {
                "scripts/fix.js": 'const fixedUrl = "postgresql://app:T7kq2Lm9xW@db.acme.io:5432/app";\n'
                "console.log(fixedUrl);\n"
            },
            says="database address",
            line=2,
        ),
        Bad({"fn/a.ts": "const url = `https://api.rates.io/v1?key=${apiKey}`;\nconsole.log('GET', url);\n"}, line=2),
        Bad({"fn/b.ts": "const t = q.get('hub.verify_token');\nconsole.log(`token=${verifyToken}`);\n"}, line=2),
        Bad({"fn/c.ts": "console.log(`Token from the vault: ${data.substring(0, 10)}...`);\n"}, says="beginning"),
        Bad({"read.py": 'if __name__ == "__main__":\n    print(read(path)["card_number"])\n'}, says="card"),
        Bad({"show.js": "for (const n of names) console.log(n, secrets[n].slice(0, 10));\n"}, says="beginning"),
        Bad({"src/login.ts": "console.log('Login response:', data);\n"}, says="answer to a login"),
        Bad({"app.py": "import streamlit as st\n\nprint(st.secrets)\n"}, says="credentials of an account", line=3),
        Good(
            {
                "a.ts": "function add(user) {\n  const sent = { name: user.name, password: '***' };\n"
                "  console.log('sent', sent, `ended with code ${error.code}`);\n}\n"
            }
        ),
        Good({"db.py": "session = Session()\nprint(session)\n"}),
        Good({"src/a.ts": "console.log('session', session?.user?.id, !!session, data);\n"}),
        Good({"src/b.ts": "console.log(`page ${items.slice(0, 10)}`);\n"}),
        Good({"auth.py": 'print("Please enter your password")\nlogger.warning("wrong password for %s", user.id)\n'}),
        Good({"a.ts": "console.log('seen', !!req.headers.cookie, req.headers['user-agent'], req.session?.userId);\n"}),
        Good({"b.py": "headers = dict(request.headers)\nheaders = {'Accept': 'text/plain'}\nprint(headers)\n"}),
        Good({"auth.ts": "console.log('token set:', !!token, accessToken.length, hasToken);\n"}),
        Good({"auth.ts": "console.log(apiKey ? 'API key found' : 'API key missing');\n"}),
        Good({"llm.py": 'print(f"tokens: {tokens}, max: {max_tokens}, used {usage.total_tokens}")\n'}),
        Good({"main.py": 'print(len(password), bool(api_key), "OPENAI_API_KEY" in os.environ, mask(api_key))\n'}),
        Good({"route.ts": "export async function saveNote(req) { console.log('note', req.body); }\n"}),
        Good({"main.py": 'print(os.environ.get("PORT"), process.env.NODE_ENV)\n'}),
    ),
)


@check.detect
def detect(logs: LogLeaks, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each secret value that is written to a log."""
    for path, part in sorted(logs.files.items()):
        real = tier_of(path) is Tier.CODE and not is_run_by_hand(path)
        for each in part.leaks:
            what = f"the beginning of {each.leak}" if each.cut else each.leak.value
            yield Finding(
                f"{what[0].upper()}{what[1:]} is written to the log",
                path=path,
                line=each.line,
                kind=each.leak.name.lower(),
                severity=Severity.HIGH if each.leak in _WORST else Severity.MEDIUM,
                confidence=Confidence.HIGH if each.sure else Confidence.LOW,
                blocking=each.sure and real,
                source=each.shape,
            )
