"""
A server's key reaches the browser.

Whatever is built into a page can be read by everybody who opens it: in the developer tools, or by bots that search new
sites for keys. Build tools copy every variable whose name begins with NEXT_PUBLIC_, VITE_, REACT_APP_ or EXPO_PUBLIC_
into that code, wherever its value is kept. With Supabase's service_role key a visitor passes by all rules of the
database; with the key of a model, mail or payment provider they spend your money within hours.

Keys that are made to be seen are no findings: Supabase's anon and publishable keys, Stripe's and Clerk's pk_, the web
configuration of Firebase, maps, analytics. A key that each user types in for themselves is told as advice.

## How to fix
1. Make the key invalid where it was issued: it has been public since the first deployment.
2. Call the provider from a server route (a Next.js route handler, a Supabase edge function, your backend), which reads
   the new key from a variable without such a prefix.
3. Let the browser call that route, check there who calls, and limit how often.

## Fix prompt
In this app a server's key reaches the browser (the places are listed below). For each: create a server route (a Next.js
route handler, a Supabase edge function or an endpoint of the existing backend) that makes the call with the key from an
environment variable WITHOUT the prefix NEXT_PUBLIC_, VITE_, REACT_APP_ or EXPO_PUBLIC_; let it require a signed-in user
and limit how often each may call; change the browser's code to call that route; remove `dangerouslyAllowBrowser`, and
the key from `define` in the bundler's configuration. Rename the variable in .env.example and in the host's settings,
without writing any value. Then list for me the keys that I have to make invalid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.check import Bad, Check, Good
from checks.facts.browser.bundled_names import Holds, holds
from checks.facts.browser.client_code import ClientCode
from checks.facts.browser.client_keys import ClientKeys, KeysInFile, Variable
from checks.facts.tier import Tier, tier_of
from checks.model import Confidence, Finding, Placement, Severity

_VITE = '{"dependencies": {"react": "^18"}, "devDependencies": {"vite": "^5"}}\n'
_NEXT = '{"dependencies": {"next": "15.0.0", "react": "^19"}}\n'

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad(
            {
                "package.json": _VITE,
                "src/lib/openai.ts": "import OpenAI from 'openai';\n\nexport const openai = new OpenAI({\n"
                "  apiKey: import.meta.env.VITE_OPENAI_API_KEY,\n  dangerouslyAllowBrowser: true,\n});\n",
            },
            says="VITE_OPENAI_API_KEY",
            line=4,
        ),
        Bad(
            {
                "package.json": _VITE,
                "src/integrations/supabase/admin.ts": "import { createClient } from '@supabase/supabase-js';\n"
                "export const admin = createClient(import.meta.env.VITE_SUPABASE_URL, "
                "import.meta.env.VITE_SUPABASE_SERVICE_ROLE_KEY);\n",
            },
            says="the key that passes every rule of the database",
            line=2,
        ),
        Bad(
            {
                "package.json": _NEXT,
                "app/chat/page.tsx": '"use client";\nimport { ask } from "@/lib/ai";\n'
                "export default () => <button onClick={ask} />;\n",
                "lib/ai.ts": "export const ask = () => fetch('https://api.groq.com/openai/v1/chat', {\n"
                "  headers: { Authorization: `Bearer ${process.env.NEXT_PUBLIC_GROQ_API_KEY}` } });\n",
            },
            says="NEXT_PUBLIC_GROQ_API_KEY",
            line=2,
        ),
        Bad(  # as Google AI Studio writes it
            {
                "package.json": _VITE,
                "vite.config.ts": "export default defineConfig(({ mode }) => {\n  const env = loadEnv(mode, '.', '');\n"
                "  return {\n    define: {\n      'process.env.API_KEY': JSON.stringify(env.GEMINI_API_KEY),\n    },\n"
                "  };\n});\n",
            },
            says="GEMINI_API_KEY",
            line=5,
        ),
        Bad(
            {
                "package.json": _VITE,
                "src/Admin.tsx": "if (pin === import.meta.env.VITE_ADMIN_PASSWORD) setOpen(true);\n",
            },
            says="VITE_ADMIN_PASSWORD",
        ),
        Good(
            {
                "package.json": _VITE,
                "src/client.ts": "createClient(import.meta.env.VITE_SUPABASE_URL, "
                "import.meta.env.VITE_SUPABASE_ANON_KEY);\nloadStripe(import.meta.env.VITE_STRIPE_PUBLISHABLE_KEY);\n"
                "const k = import.meta.env.VITE_FIREBASE_API_KEY;\n"
                "const s = import.meta.env.VITE_RECAPTCHA_SITE_KEY;\n",
            }
        ),
        Good(
            {
                "package.json": _NEXT,
                "app/api/chat/route.ts": "const client = new OpenAI({ apiKey: process.env.OPENAI_API_KEY });\n",
            }
        ),
        Good({"server.py": "import os\nkey = os.environ['OPENAI_API_KEY']\n"}),
    ),
)

_GRAVE = {Holds.DATABASE: Placement.NOWHERE, Holds.MONEY: Placement.SANDBOX, Holds.SECRET: Placement.SANDBOX}


@check.detect
def detect(keys: ClientKeys, client: ClientCode) -> Iterator[Finding]:
    """Yield each key that reaches the browser: by its variable's name, by a bundler's define, by a vendor's client."""
    shown = {each.name for part in keys.files.values() for each in part.set if each.shown}
    told: set[str] = set()
    for name, (path, variable, reaches) in sorted(_first_uses(keys.files, client).items()):
        if name not in shown:
            told.add(path)
            yield _variable(name, path, variable, reaches=reaches)
    for path, part in sorted(keys.files.items()):
        yield from _defined(path, part)
        yield from _clients(path, part, client, told)


def _first_uses(files: Mapping[str, KeysInFile], client: ClientCode) -> dict[str, tuple[str, Variable, bool]]:
    """Return the place to tell each variable at: in the browser's code first, then in other code, then in settings."""
    found: dict[str, tuple[str, Variable, bool]] = {}
    for path, part in sorted(files.items(), key=lambda item: (item[0] not in client.paths, item[0])):
        for variable in part.read:
            found.setdefault(variable.name, (path, variable, path in client.paths))
    for path, part in sorted(files.items()):
        for variable in part.set:
            if variable.filled and tier_of(path) is Tier.CODE:
                found.setdefault(variable.name, (path, variable, False))
    return found


def _variable(name: str, path: str, variable: Variable, *, reaches: bool) -> Finding:
    kind = holds(name) or Holds.MAYBE
    sure = reaches and kind is not Holds.MAYBE
    what = f"{name} is copied into the code of the browser: everybody who opens the page can read it"
    if not reaches:
        what = f"{name} would be copied into the code of the browser as soon as something there uses it: rename it"
    return Finding(
        f"{what}. By its name it holds {kind.value}",
        path=path,
        line=variable.line,
        kind="variable",
        severity=_severity(kind) if sure else Severity.LOW,
        confidence=Confidence.HIGH if sure else Confidence.LOW,
        blocking=sure,
        allows=_GRAVE.get(kind, Placement.SANDBOX),
        identity=name,
    )


def _severity(kind: Holds) -> Severity:
    return Severity.CRITICAL if kind is Holds.DATABASE else Severity.HIGH


def _defined(path: str, part: KeysInFile) -> Iterator[Finding]:
    for variable in part.defined:
        kind = holds(variable.name) or Holds.MAYBE
        sure = kind is not Holds.MAYBE
        yield Finding(
            f"The bundler writes {variable.name} into the code of the browser: everybody who opens the page can read "
            f"it. By its name it holds {kind.value}",
            path=path,
            line=variable.line,
            kind="define",
            severity=_severity(kind) if sure else Severity.LOW,
            confidence=Confidence.HIGH if sure else Confidence.LOW,
            blocking=sure,
            allows=_GRAVE.get(kind, Placement.SANDBOX),
            identity=variable.name,
        )


def _clients(path: str, part: KeysInFile, client: ClientCode, told: set[str]) -> Iterator[Finding]:
    """Yield the vendor's client or call in *path* that the browser makes itself, where no variable told of it."""
    if path in told or path not in client.paths:
        return
    for place in part.allowed[:1]:
        given = place.about == "given" or part.given
        yield _call(
            path,
            place.line,
            "A vendor's client is told to run in the browser (dangerouslyAllowBrowser), which hands its key to "
            "everybody who opens the page" + (", unless each user brings their own" if given else ""),
            sure=not given,
        )
    for place in part.called[:1] if not part.allowed else ():
        yield _call(
            path,
            place.line,
            f"The browser calls {place.about} itself: whatever key it sends, everybody who opens the page can read",
            sure=False,
        )


def _call(path: str, line: int, message: str, *, sure: bool) -> Finding:
    return Finding(
        message,
        path=path,
        line=line,
        kind="call",
        severity=Severity.HIGH if sure else Severity.LOW,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        blocking=sure,
        allows=Placement.SANDBOX,
        identity="browser call",
    )
