"""
The app falls back to a secret that stands in its code.

`process.env.SESSION_SECRET || "my-secret"` looks safe and is not: where the variable is missing, which nobody notices,
the app runs with a key that everybody who can read the code knows. With the key that signs sessions or tokens they can
sign in as anybody, as an administrator too. It is the secret that AI builders leave behind most often.

A literal key without any variable (`SECRET_KEY = "..."`, `jwt.sign(user, "...")`), a setting's default and a compose
file's `${NAME:-literal}` are the same fault. Where the literal serves in development only, or where the app refuses to
start with it, the finding is advice, as is the default password of a database that no port leads to.

## How to fix

1. Take the fallback away and stop at the start when the variable is missing.
2. Make a new random key (`openssl rand -hex 32`) and put it into the settings of the place where the app runs.
3. Treat the old literal as known to everybody: sessions and tokens that it signed become invalid with the change.

## Fix prompt

This app falls back to a secret that is written in its code (the places are listed below). Remove the fallback: read the
variable once at the start, and if it is missing or empty stop with an error that names the variable (`raise
RuntimeError("SESSION_SECRET is not set")` in Python, `throw new Error("SESSION_SECRET is not set")` in JavaScript).
Look for the same pattern (`|| "..."`, `?? "..."`, a second argument of `os.getenv`, a default in a settings class or
schema, `${NAME:-...}` in compose files) for every other secret, key, token, salt and password, and remove those as
well. Add the names, without values, to `.env.example`. Do not write any secret value anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.secrets.fallback_judgement import Fallback
from checks.facts.secrets.fallback_secrets import FallbackSecrets
from checks.facts.secrets.names import Sort
from checks.facts.tier import Tier, is_compose_file, is_for_development, is_in_workshop, is_pipeline, tier_of
from checks.model import Confidence, Finding, Placement, Severity

_SAID = {
    "fallback": "where the variable is missing, the {what} is a literal that stands here",
    "default": "unless it is set, this setting's {what} is a literal that stands here",
    "written": "the {what} is a literal that stands here",
}

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "server/index.ts": 'import session from "express-session";\n\napp.use(\n  session({\n'
                '    secret: process.env.SESSION_SECRET || "your-secret-key-change-in-production",\n'
                "    resave: false,\n    saveUninitialized: false,\n  }),\n);\n"
            },
            says="the variable is missing",
            line=5,
        ),
        Bad(
            {
                "app.py": "import os\nfrom flask import Flask\n\napp = Flask(__name__)\n"
                'app.secret_key = os.environ.get("SESSION_SECRET", "dev-secret-key")\n'
            },
            says="signing key",
            line=5,
        ),
        Bad({"auth.py": 'SECRET_KEY = "your-secret-key-here"  # Change in production!\nALGORITHM = "HS256"\n'}, line=1),
        Bad({"lib/auth.ts": "const JWT_SECRET = process.env.JWT_SECRET ?? 'supersecret';\n"}),
        Bad({"lib/token.js": "const token = jwt.sign({ id: user.id }, 'secret', { expiresIn: '7d' });\n"}),
        Bad({"src/env.ts": "const env = z.object({ JWT_SECRET: z.string().min(8).default('dev-jwt-secret') });\n"}),
        Bad(
            {"app/config.py": 'class Settings(BaseSettings):\n    secret_key: str = "change-me"\n'},
            says="setting",
            line=2,
        ),
        Bad({"config/settings.py": "SECRET_KEY = 'django-insecure-8t#k2v!q9x'\n"}),
        Bad({"settings.py": 'SECRET_KEY = config("SECRET_KEY", default="local-key")\n'}),
        Bad({"auth.py": 'ADMIN_PASSWORD = os.getenv("ADMIN_PASSWORD", "admin123")\n'}, says="password"),
        Bad(
            {
                "docker-compose.yml": "services:\n  web:\n    build: .\n    environment:\n"
                "      - JWT_SECRET=${JWT_SECRET:-s3cr3t-jwt}\n"
            },
            line=5,
        ),
        Bad(
            {
                "docker-compose.yml": 'services:\n  db:\n    image: postgres:16\n    ports:\n      - "5432:5432"\n'
                "    environment:\n      POSTGRES_PASSWORD: postgres\n"
            },
            says="password",
            line=7,
        ),
        Bad(
            {
                "docker-compose.yml": "services:\n  cache:\n    image: redis:7\n"
                "    command: redis-server --requirepass ${REDIS_PASSWORD:-s3cr3t}\n  web:\n    build: .\n"
                "    environment:\n      - REDIS_URL=redis://:${REDIS_PASSWORD:-s3cr3t}@cache:6379/0\n"
            },
            says="password",
            line=4,
        ),
        Bad({"deploy.sh": "cat > server.js <<EOF\n  secret: process.env.SESSION_SECRET || 'shop-session',\nEOF\n"}),
        Bad({"tax.py": 'api_token = row.value if row else "b7D94e1F6a2C8035d1E7"\n'}, says="access key", line=1),
        Bad({"setup.py": 'run("createsuperuser", env={"DJANGO_SUPERUSER_PASSWORD": "passwordforshop!"})\n'}, line=1),
        Good(
            {
                "server.ts": "const secret = process.env.SESSION_SECRET;\n"
                'if (!secret) throw new Error("SESSION_SECRET is not set");\n'
            }
        ),
        Good(
            {
                "app.py": 'import os\n\napp.secret_key = os.environ["SECRET_KEY"]\n'
                'port = int(os.getenv("PORT", "5000"))\n'
            }
        ),
        Good({"src/api.ts": 'const url = process.env.NEXT_PUBLIC_API_URL || "http://localhost:3000";\n'}),
        Good({"src/sb.ts": 'const anon = process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY || "public-anon-key";\n'}),
        Good(
            {
                "src/store.ts": 'const STORAGE_KEY = "todo_items";\n'
                'const TOKEN_KEY = "auth_token";\nconst primaryKey = "id";\n'
            }
        ),
        Good({"src/ai.ts": 'const openai = new OpenAI({ apiKey: process.env.OPENAI_API_KEY || "missing" });\n'}),
        Good({"src/login.tsx": 'const [password, setPassword] = useState("");\nconst token = data.token || "";\n'}),
        Good({"app.py": 'SECRET_KEY = os.getenv("SECRET_KEY") or secrets.token_hex(32)\n'}),
        Good(
            {"src/words.ts": 'export const en = { secret: "Secret", webhookSecret: "The secret of your webhook" };\n'}
        ),
    ),
)


@check.detect
def detect(fallbacks: FallbackSecrets, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each literal that the app uses where a secret belongs."""
    for path, part in sorted(fallbacks.files.items()):
        for each in part.fallbacks:
            settled = each.what == Sort.SIGNING and fallbacks.is_settled(path)
            yield _finding(path, each, settled=settled)


def _finding(path: str, each: Fallback, *, settled: bool) -> Finding:
    for_one = is_for_development(path) or is_pipeline(path) or (is_compose_file(path) and is_in_workshop(path))
    blocking = each.blocking and tier_of(path) is Tier.CODE and not (for_one or settled)
    said = _SAID[each.how].format(what=each.what)
    return Finding(
        said[0].upper() + said[1:],
        path=path,
        line=each.line,
        kind=each.how,
        severity=Severity.HIGH if blocking else Severity.LOW,
        confidence=Confidence.HIGH if blocking else Confidence.LOW,
        blocking=blocking,
        source=each.shape,
        same_value=each.same_value,
    )
