"""
A login is decided by a literal in the code.

The password that opens the app stands in its code: compared with what somebody typed, kept in a list of users, or given
to a user that the app makes when it starts. Everybody who can read the code can sign in, nobody can take that away from
them without a new release, and in code for the browser everybody who visits can read it. A cookie with a constant value
("admin=true") is worse: it can be typed in.

Seed scripts, demonstrations and what the browser alone decides are told as advice.

## How to fix

1. Keep users in a database or an identity provider, with a hash of each password (argon2 or bcrypt).
2. Decide who is signed in on the server, from a signed session, never from a constant cookie or from the browser's
   storage.
3. Make the first administrator from environment variables, or by a command that asks for the password; change the
   password that stood in the code wherever it was used.

## Fix prompt

This app decides a login with a literal that stands in its code (the places are listed below). Replace it by a real
login on the server: look the user up in the database, compare the password with a stored hash by bcrypt or argon2, and
on success set a signed, HttpOnly session cookie. Remove every password, user list, constant cookie and access code from
the code, also from code that runs in the browser. Make the first administrator from the environment variables
`ADMIN_EMAIL` and `ADMIN_PASSWORD` and stop with a clear message when they are missing. Do not write any password
anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.secrets.literal_logins import LiteralLogins, Way
from checks.facts.tier import Tier, is_run_by_hand, tier_of
from checks.model import Confidence, Finding, Placement, Severity

_SEEDS = re.compile(
    r"(^|/)[\w.-]*(seed|demo|mock|sample|dummy|faker|populate|init[_-]?db|create[_-]?admin)[\w.-]*(/|\.\w+$)",
    re.IGNORECASE,
)

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "src/pages/AdminLogin.tsx": "const handleLogin = (e) => {\n  e.preventDefault();\n"
                '  if (username === "admin" && password === "admin123") {\n'
                '    localStorage.setItem("isAdmin", "true");\n    navigate("/admin");\n  }\n};\n'
            },
            says="compared with a literal",
            line=3,
        ),
        Bad(
            {
                "app.py": 'if st.text_input("Password", type="password") and password == "letmein":\n'
                "    st.session_state.ok = True\n"
            }
        ),
        Bad(
            {
                "app.py": 'ADMIN_PASSWORD = "opensesame42"\n\ndef login(password):\n'
                "    return password == ADMIN_PASSWORD\n"
            },
            line=1,
        ),
        Bad({"auth.py": 'USERS = {\n    "admin": "admin123",\n    "anna": "Sommer2024",\n}\n'}, says="listed", line=2),
        Bad(
            {"api/login.js": 'const users = [\n  { username: "admin", password: "admin123", role: "admin" },\n];\n'},
            line=2,
        ),
        Bad(
            {
                "main.py": "if not User.query.first():\n"
                '    db.session.add(User(username="admin", password=hash_password("admin123")))\n'
            },
            says="made",
        ),
        Bad({"main.py": 'User.objects.create_superuser("admin", "a@b.org", "admin123")\n'}, says="made"),
        Bad(
            {
                "middleware.ts": 'if (request.cookies.get("admin_auth")?.value !== "authenticated") {\n'
                '  return redirect("/login");\n}\n'
            },
            says="cookie",
        ),
        Bad({"routes.py": 'if request.headers.get("X-Admin-Key") != "topsecret99":\n    abort(403)\n'}, says="request"),
        Bad(
            {"signup.js": 'const ADMIN_CODE = "BOSS2024";\nif (req.body.code === ADMIN_CODE) user.role = "admin";\n'},
            line=1,
        ),
        Bad(
            {"Login.tsx": 'if (ok) localStorage.setItem("isAdminAuthenticated", "true");\n'},
            says="browser's own storage",
        ),
        Bad(
            {"scripts/seed.ts": 'import { hash } from "bcryptjs";\nconst passwordHash = await hash("password", 10);\n'},
            says="made with a literal password",
            line=2,
        ),
        Bad({"otp.js": "const generateOtp = () => {\n  return '424242';\n};\n"}, says="one-time code", line=2),
        Bad({"verify.py": "if data['otp'] == '123456':\n    login(user)\n"}, says="compared with a literal"),
        Good({"auth.py": "if not verify_password(password, user.password_hash):\n    raise HTTPException(401)\n"}),
        Good({"form.tsx": 'if (password === "") setError("required");\nif (field.type === "password") mask();\n'}),
        Good({"check.py": 'if ADMIN_PASSWORD == "changeme":\n    raise RuntimeError("change ADMIN_PASSWORD")\n'}),
        Good({"db.js": 'const pool = createPool({ host: "db", user: "app", password: process.env.DB_PASSWORD });\n'}),
        Good({"seed.ts": "const credentials = [{ schemeUsername: 'boss', schemePassword: 'T7kq2Lm9' }];\n"}),
        Good({"theme.ts": 'if (request.cookies.get("theme")?.value === "dark") setDark();\n'}),
        Good({"lexer.py": 'if token == "password":\n    return Word(token)\n'}),
        Good({"state.ts": 'const [form, setForm] = useState({ email: "", password: "" });\n'}),
    ),
)


@check.detect
def detect(logins: LiteralLogins, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each place where a literal lets somebody in."""
    for path, part in sorted(logins.files.items()):
        real = tier_of(path) is Tier.CODE and _SEEDS.search(path) is None
        for each in part.logins:
            by_hand = is_run_by_hand(path) and each.way in {
                Way.COMPARED,
                Way.CONSTANT,
            }  # it lets nobody in from outside
            blocking = each.sure and real and not by_hand
            yield Finding(
                each.way[0].upper() + each.way[1:],
                path=path,
                line=each.line,
                kind=each.way.name.lower(),
                severity=Severity.HIGH if blocking else Severity.MEDIUM,
                confidence=Confidence.HIGH if blocking else Confidence.LOW,
                blocking=blocking,
                source=each.shape,
            )
