"""
A secret is written in the code.

Whoever can read the repository can use it: colleagues, every tool with access, everybody with an old copy. A key of a
model provider, a payment provider or a database costs money or data within minutes of being seen, and taking it out of
the code does not take it out of the history: only making it invalid does.

Keys and tokens whose form names their vendor, and private keys, hold an app back from every place. A password or a key
that is known by its name and its look alone holds it back to the sandbox. Found in tests, documentation, examples and
dumps they are told as advice. Keys that are made to be seen (Supabase anon, Stripe pk_, Firebase's web key) are no
findings. The value is never stored and never shown.

## How to fix

1. Make the secret invalid where it was issued, take it out of the code, and read a new one from the environment. The
   first comes first: whoever has seen the old one can use it until it is invalid.
2. Put the new one into the settings of the place where the app runs, as an environment variable.
3. Stop at the start when it is missing.

## Fix prompt

In this app a secret is written in the code (the places are listed below). Replace it: read the value from an
environment variable (`os.environ["NAME"]` in Python, `process.env.NAME` in JavaScript) with no fallback, and stop with
a clear message at the start when it is missing. Code that runs in the browser must not hold it at all: move the call
that needs it into a server route. Add the variable's name without a value to `.env.example`, and make sure that `.env`
is in `.gitignore`. Do not write the old or a new value anywhere. Then list for me every place where I have to make the
old value invalid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from checks.check import Bad, Check, Good
from checks.facts.delivery.started_scripts import StartedScripts
from checks.facts.secrets.assigned_secrets import DEFAULT, TRIAL, Strength
from checks.facts.secrets.candidates import Candidate, SecretCandidates
from checks.facts.secrets.fallback_secrets import FallbackSecrets
from checks.facts.secrets.literal_logins import LiteralLogins
from checks.facts.secrets.shown_logins import ACCOUNT
from checks.facts.tier import (
    Tier,
    is_built,
    is_env_file,
    is_for_development,
    is_pipeline,
    is_run_by_hand,
    is_seed,
    tier_of,
)
from checks.model import Confidence, Finding, Placement, Severity

_MOST = 50  # findings of one file; one more says how many there are
_MIGRATION = re.compile(r"(?:^|/)migrations?/")  # what runs on the app's own database
_DUMP = re.compile(r"\.(sql|dump|pgsql|log|har|csv)$", re.IGNORECASE)

# Made-up values, in two pieces so that no scanner takes them for real ones.
_ANTHROPIC = "sk-ant-" + "api03-Qm3vT8xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0"
_OPENAI = "sk-" + "proj-Qm3vT8xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0"
_SERVICE = (
    "eyJhbGciOiJIUzI1NiJ9." + "eyJyb2xlIjoic2VydmljZV9yb2xlIiwiaXNzIjoic3VwYWJhc2UifQ" + ".c2lnbmF0dXJlLW9mLW5vdGhpbmc"
)
_ANON = "eyJhbGciOiJIUzI1NiJ9." + "eyJyb2xlIjoiYW5vbiIsImlzcyI6InN1cGFiYXNlIn0" + ".c2lnbmF0dXJlLW9mLW5vdGhpbmc"
_GOOGLE = "AIza" + "SyB7q2W9xKmT4vR8pLz3NcJ5dHs6YbFg1Ua"
_KEY = "-----BEGIN " + "PRIVATE KEY-----"

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad(
            {
                "app.py": "import streamlit as st\nfrom anthropic import Anthropic\n\n# Initialize the client\n"
                f'client = Anthropic(api_key="{_ANTHROPIC}")\n'
            },
            says="Anthropic API key",
            line=5,
        ),
        Bad(
            {
                "src/integrations/supabase/client.ts": "import { createClient } from '@supabase/supabase-js';\n\n"
                f'export const supabase = createClient("https://abcd.supabase.co", "{_SERVICE}");\n'
            },
            says="service_role",
            line=3,
        ),
        Bad({"dist/assets/index-4f3a.js": f'var a=1;const k="{_OPENAI}";fetch(k);\n'}, says="OpenAI", line=1),
        Bad(
            {"lib/mail.js": 'const t = createTransport({ auth: { user: "me", pass: "vK8#mQ2x!pL" } });\n'},
            says="password",
        ),
        Bad({"db.py": 'engine = create_engine("postgresql://app:T7kq2Lm9xW@db.acme.io:5432/app")\n'}, says="database"),
        Bad(
            {"deploy/key.pem": f"{_KEY}\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7Vqk3\n"},
            says="private key",
        ),
        Bad({"config.yaml": 'mail:\n  smtp_password: "admin123"\n'}, says="password", line=2),
        Bad({"app.py": f'KEY = "{_OPENAI}"  # pragma: allowlist secret\n'}, says="asks scanners to skip it"),
        Bad(
            {
                "scripts/fix-db-url.js": "// the password has special characters\n"
                'const url = "postgresql://postgres:&k@9w&%!tBmQe@db.abcdefgh.supabase.co:5432/postgres";\n'
                'const password = "&k@9w&%!tBmQe";\n'
            },
            says="database address",
            line=2,
        ),
        Bad({"scripts/encode.js": "const password = '&k@9w&%!tBmQe';\n"}, says="password", line=1),
        Bad(
            {
                "src/pages/Login.tsx": "export const Hint = () => (\n  <div>\n    <p>\n"
                '      Password: <span className="font-mono">Admin123!</span>\n    </p>\n  </div>\n);\n'
            },
            says="password",
            line=4,
        ),
        Bad({"src/Login.tsx": "<p><strong>Admin:</strong> admin@shop.com / shop2024</p>\n"}, says="password", line=1),
        Bad({"src/Login.tsx": 'const [password, setPassword] = useState("Shop2024!");\n'}, says="password", line=1),
        Bad(
            {"scripts/002_seed.sql": "-- ana@shop.com\n-- Contraseña: Tienda2024!\nUPDATE profiles SET a=1;\n"},
            says="password",
            line=2,
        ),
        Bad(
            {
                "supabase/migrations/20250101_admin.sql": "INSERT INTO auth.users (email, encrypted_password)\n"
                "VALUES ('boss@shop.com', crypt('Tienda2024', gen_salt('bf')));\n"
            },
            says="account that this SQL makes",
            line=2,
        ),
        Bad(
            {"feeds.json": '{\n  "Flat": "https://www.airbnb.com/calendar/ical/81726354.ics?s=9c1e5f0b7a3d2846"\n}\n'},
            says="calendar",
            line=2,
        ),
        Bad(
            {"src/notify.ts": 'await fetch("https://hook.eu2.make.com/k3v9x2m7q8w1r5t6y4u0p3a8s2d7f1g9", { body });\n'},
            says="webhook",
            line=1,
        ),
        Bad(
            {"weather.py": 'requests.get("https://api.rates.io/v2/latest?api_key=b7d94e1f6a2c8035d1e7f9a4b6c20835")\n'},
            says="key in an address",
            line=1,
        ),
        Bad(
            {"docs/maps.md": f"Try it: curl 'https://maps.googleapis.com/maps/api/place/details/json?key={_GOOGLE}'\n"},
            says="Google API key",
        ),
        Bad({"notes/pasted.txt": 'CRM_API_KEY = "7f3a9c21-58d4-4e6b-9a10-c3d2e1f04b57"\n'}, says="access key"),
        Bad({"docs/qa.md": "Boss:  boss@shop.com / password\n"}, says="default password"),
        Bad({"docs/push.md": "```js\n// PUSHER_SECRET=7f3a9c2158d44e6b9a10\n```\n"}, says="signing key", line=2),
        Bad(  # as mysqldump and pg_dump write them
            {"db/dump.sql": "INSERT INTO `django_session` VALUES ('k3v9xq7m2tz8w4b6n1p5c0r7y2d8h4j6','e30');\n"},
            says="somebody's session",
        ),
        Bad({"dump.sql": "COPY public.sessions (sid, s) FROM stdin;\nk3v9xq7m2tz8w4b6n1p5c0r7y2d8h4j6\t{}\n"}, line=2),
        Bad({"docs/db.md": "**Authentication:** shopuser / Br1ght@Day2\n"}, says="password"),
        Bad({"docs/try.md": 'curl -d \'{"email":"ana@shop.com","club_code":"shop2025"}\' $URL\n'}, says="password"),
        Bad({"docs/old.md": '    db = os.getenv("DB_PASSWORD", "Tienda2024x")\n'}, says="password"),
        Bad(
            {
                "templates/login.html": "<td><div>ana@shop.com</div>\n"
                '  <div class="small">passwordforshop!</div></td>\n<p class="demo-password">Tienda2024</p>\n'
            },
            says="password",
            line=2,
        ),
        Bad({"data/users.csv": "ana@shop.com,Tienda!2024,Ana\nben@shop.com,Tienda!2024,Ben\n"}, says="password"),
        Bad({"data/people.csv": "email;password\nana@shop.com;sunshine\n"}, says="password", line=2),
        Bad({"make_user.py": 'new_password = "ChangeMe123!"\n'}, says="for a trial"),
        Good({"tests/test_user.py": 'new_password = "ChangeMe123!"\n'}),
        Bad(
            {"orders.js": 'const db = new Sequelize(\n  "shop",\n  "app",\n  "T7kq2Lm9xW",\n  { host });\n'},
            says="password",
            line=4,
        ),
        Bad({"README.md": "| User | Password |\n|---|---|\n| boss | Mgr#2024 |\n"}, says="password", line=3),
        Bad(
            {"init_db.py": "c.execute('INSERT INTO users (name, password) VALUES (?, ?)', ('boss', 'Tienda2024'))\n"},
            says="password",
        ),
        Bad({"seed.py": "USERS = [\n    ('ana@shop.com', 'Tienda2024', 'boss'),\n]\n"}, says="password", line=2),
        Bad({"call.py": "requests.get(url, auth=('boss', 'T7kq2Lm9xW'))\n"}, says="password"),
        Bad({"backup.sh": "PGPASSWORD=T7kq2Lm9xW pg_dump shop > shop.sql\n"}, says="password"),
        Bad({"k8s/app.yaml": "env:\n  - name: DB_PASSWORD\n    value: T7kq2Lm9xW\n"}, says="password", line=3),
        Bad({"mail.py": "server.login('me@shop.com', 'wkqz rtpn bvmx hgtd')\n"}, says="password"),
        Bad({"src/Login.tsx": "toast('Use boss@shop.com and password shop2024');\n"}, says="password"),
        Good({"src/map.ts": f'const googleMapsKey = "{_GOOGLE}";\n'}),
        Good({"src/Login.tsx": "<p>Password: <span>{user.password1}</span></p>\n<label>Password:</label> <input />\n"}),
        Good({"src/map.ts": 'const tiles = "https://api.maptiler.com/tiles/{z}?key=" + key;\n'}),
        Good({"src/feed.ts": "const ics = `https://calendar.google.com/calendar/ical/${id}/public/basic.ics`;\n"}),
        Good({"app.py": 'import os\n\nclient = Anthropic(api_key=os.environ["ANTHROPIC_API_KEY"])\n'}),
        Good({"src/client.ts": f'const url = "https://abcd.supabase.co";\nconst supabaseKey = "{_ANON}";\n'}),
        Good(
            {
                "src/firebase.ts": f'const firebaseConfig = {{\n  apiKey: "{_GOOGLE}",\n'
                f'  authDomain: "a.firebaseapp.com",\n}};\n'
            }
        ),
        Good({"src/pay.ts": 'const stripe = loadStripe("pk_live_51Habcd7xKq2W9mT4vR8pLz3Nc");\n'}),
        Good({"config.py": 'API_KEY = "your-api-key-here"\nPASSWORD = "<password>"\nTOKEN = "xxxxxxxxxxxxxxxx"\n'}),
        Good(
            {"src/form.tsx": 'const t = { password: "Password", confirmPassword: "Please confirm your password" };\n'}
        ),
        Good(
            {"src/keys.ts": 'export const TOKEN_KEY = "auth_token";\nconst passwordField = "input[name=password]";\n'}
        ),
        Good({"package-lock.json": '{"integrity": "sha512-Qm3vT8xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0=="}\n'}),
        Good({"migrations/1a2b.py": 'revision = "1a2b3c4d5e6f"\ndown_revision = "9f8e7d6c5b4a"\n'}),
    ),
)


@check.detect
def detect(
    secrets: SecretCandidates, fallbacks: FallbackSecrets, logins: LiteralLogins, started: StartedScripts
) -> Iterator[Finding]:
    """Yield each secret outside files of settings; those, fallbacks and logins have checks of their own."""
    for path, part in sorted(secrets.files.items()):
        if is_env_file(path):
            continue
        told = fallbacks.lines(path) | logins.lines(path)
        found = [
            each
            for each in part.candidates
            if each.strength is not Strength.PUBLIC
            and not (each.what == TRIAL and tier_of(path) is Tier.TEST)
            and (each.strength is Strength.CERTAIN or each.line not in told)
        ]
        by_hand = is_seed(path) and not started.runs(path)
        yield from (_finding(path, each, by_hand=by_hand) for each in found[:_MOST])
        more = part.more + max(0, len(found) - _MOST)
        if more and found:
            yield replace(
                _finding(path, found[0], by_hand=by_hand),
                message=f"{more} more secrets are written in this file",
                identity="more",
            )


def _is_real(path: str, secret: Candidate, *, by_hand: bool) -> bool:
    """
    Whether *secret* stands where the app's own code and settings are, and not in a pipeline, a dump, a trial.

    *by_hand*: the file fills a database with made-up records, and nothing runs it where the app is deployed.
    """
    if tier_of(path) is not Tier.CODE:
        return secret.strength is Strength.CERTAIN and is_built(path) and tier_of(path) is Tier.VENDORED
    if secret.strength is Strength.CERTAIN:
        return True
    if secret.what == ACCOUNT:
        return _MIGRATION.search(path) is not None
    trial = secret.what == DEFAULT and (is_for_development(path) or is_run_by_hand(path))
    trial = trial or (by_hand and secret.what in {DEFAULT, "password"})
    return secret.strength is Strength.LIKELY and not (is_pipeline(path) or _DUMP.search(path) or trial)


def _finding(path: str, secret: Candidate, *, by_hand: bool) -> Finding:
    certain = secret.strength is Strength.CERTAIN
    blocking = _is_real(path, secret, by_hand=by_hand)
    asked = "; a comment there asks scanners to skip it" if secret.hidden else ""
    article = "An" if secret.what[0] in "aAOo" else "A"
    return Finding(
        f"{article} {secret.what} is written here{asked}",
        path=path,
        line=secret.line,
        kind=secret.what,
        severity=Severity.CRITICAL
        if certain
        else Severity.HIGH
        if secret.strength is Strength.LIKELY
        else Severity.MEDIUM,
        confidence={Strength.CERTAIN: Confidence.HIGH, Strength.LIKELY: Confidence.MEDIUM}.get(
            secret.strength, Confidence.LOW
        ),
        blocking=blocking,
        allows=Placement.NOWHERE if certain else Placement.SANDBOX,
        source=secret.shape,
        same_value=secret.same_value,
    )
