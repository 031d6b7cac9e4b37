"""
The browser alone decides who is let in.

What runs in the browser belongs to whoever sits before it: an entry in localStorage can be typed into the developer
tools, a password that the page compares can be read in its code, and `user_metadata` of Supabase is changed with one
call. A page that hides the admin's buttons by such a thing hides them from honest people only. What protects is the
server or the database asking who calls, each time.

It holds an app back where no server's check is to be seen: no guarded route, no sign-in with a server. Where there is
one as well, such an entry may be for show only, and is told as advice.

## How to fix
1. Sign people in with a server (an identity provider, Supabase Auth, your backend's session).
2. Keep who is an administrator in a table that users cannot write, and ask it on the server or in the database's rules
   for each request. Never in localStorage, never in user_metadata; app_metadata is written by the server alone.
3. Let the page show what the server answers, and nothing that it has not asked for.

## Fix prompt
In this app the browser alone decides who is signed in or who is an administrator (the places are listed below). Replace
that by a check on the server: sign people in with the auth provider that the app already uses (or add one), keep roles
in a table user_roles that only the server can write, and check the role in every server route that an administrator
uses, or in row level security policies. Remove passwords and lists of administrators from code that runs in the
browser, and stop reading roles from localStorage, sessionStorage and user_metadata. A protected page asks the server
who its visitor is and shows nothing until the answer is there. Add a test that a request without the role gets 403.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.browser.bare_pages import bare_pages
from checks.facts.browser.browser_gates import BrowserGates, Decision
from checks.facts.browser.client_code import ClientCode
from checks.facts.browser.gate_kinds import Gate
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.routes.routes import Routes
from checks.facts.secrets.literal_logins import LiteralLogins
from checks.model import Confidence, Finding, Placement, Severity

_VITE = '{"dependencies": {"react": "^18"}, "devDependencies": {"vite": "^5"}}\n'
_NEXT = '{"dependencies": {"next": "15.0.0", "react": "^19"}}\n'

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "package.json": _VITE,
                "src/components/ProtectedRoute.tsx": "export const AdminRoute = ({ children }) => {\n"
                "  const isAdmin = localStorage.getItem('isAdmin') === 'true';\n"
                '  return isAdmin ? children : <Navigate to="/admin/login" />;\n};\n',
            },
            says="storage",
            line=2,
        ),
        Bad(
            {
                "package.json": _NEXT,
                "app/admin/page.tsx": '"use client"\nconst submit = () => {\n'
                "  if (password === process.env.NEXT_PUBLIC_ADMIN_PASSWORD) {\n"
                '    sessionStorage.setItem("admin_authenticated", "true")\n    router.push("/admin/orders")\n  }\n}\n',
            },
            says="password is compared in the browser",
            line=3,
        ),
        Bad(
            {
                "package.json": _VITE,
                "src/pages/Admin.jsx": "const user = JSON.parse(localStorage.getItem('user'));\n"
                "if (user?.role !== 'admin') return <Navigate to='/' />;\n",
            },
            says="role",
        ),
        Bad(
            {
                "package.json": _NEXT,
                "app/dashboard/admin/page.tsx": "const { data } = await supabase.auth.getUser();\n"
                "if (data.user.user_metadata?.role !== 'admin') redirect('/');\n",
            },
            says="user_metadata",
            line=2,
        ),
        Bad(  # an address that is written into the page
            {
                "package.json": _VITE,
                "src/hooks/usePlan.ts": "export const usePlan = (user) => {\n"
                "  if (user?.email === 'ines@example.com' || user?.email?.includes('inesoffice')) {\n"
                "    setIsAdmin(true);\n    setTier('pro');\n  }\n};\n",
            },
            says="e-mail address",
            line=2,
        ),
        Bad(  # a part of an address, for what is paid elsewhere
            {
                "package.json": _VITE,
                "src/lib/export.js": "export const canExport = (email, plan) =>\n"
                "  email.endsWith('@ouragency.io') || plan.isPremium;\n",
            },
            says="e-mail address",
            line=2,
        ),
        Bad(  # whoever opens the page in a frame, or under a host name like the builder's
            {
                "package.json": _VITE,
                "src/hooks/useAdmin.ts": "const preview = () => location.hostname.includes('preview.example.app');\n\n"
                "export const useAdmin = () => {\n  const framed = window.self !== window.top;\n"
                "  if (framed || preview()) setIsAdmin(true);\n};\n",
            },
            says="its frame",
        ),
        Bad(
            {
                "package.json": _VITE,
                "src/App.tsx": "const isAdmin = new URLSearchParams(location.search).get('admin') === 'true';\n",
            },
            says="its query",
            line=1,
        ),
        Bad(
            {
                "package.json": _VITE,
                "src/pages/Admin.tsx": "import { shouldSkipAuth } from '@/lib/environment';\n"
                "export const Admin = () => {\n  if (shouldSkipAuth()) {\n    console.log('preview');\n"
                "  } else if (!session || !isAdmin) {\n    return null;\n  }\n};\n",
            },
            says="past the login",
            line=3,
        ),
        Bad(
            {
                "package.json": _VITE,
                "src/Export.tsx": "const paid = localStorage.getItem('isPremium') === 'true';\n",
            },
            says="paid for",
        ),
        Good(  # which address it is, and nothing given for it
            {
                "package.json": _VITE,
                "src/Contact.tsx": "const ok = email.includes('@') && email.endsWith('.com');\n"
                "if (location.hostname === 'localhost') setIsAdmin(true);\n",
                "src/api.ts": "if (!options.skipAuth) headers.Authorization = token;\n"
                "if (skipAuth) return fetch(url);\n",
            }
        ),
        Bad(  # a second's wait, and everybody is in
            {
                "package.json": _VITE,
                "src/pages/SignIn.tsx": "export default function SignIn() {\n"
                "  const handleLogin = async (event) => {\n"
                "    event.preventDefault();\n    setBusy(true);\n    // Simulate API call\n    setTimeout(() => {\n"
                "      setBusy(false);\n      navigate('/dashboard');\n    }, 1500);\n  };\n"
                "  return <form onSubmit={handleLogin} />;\n}\n",
            },
            says="only pretended",
            line=6,
        ),
        Bad(  # the app is behind a record that the browser writes for itself
            {
                "package.json": _VITE,
                "src/hooks/useMember.ts": "export const useMember = () => {\n"
                "  const [user, setUser] = useState(null);\n"
                "  useEffect(() => {\n    const kept = localStorage.getItem('app_user');\n"
                "    if (kept) setUser(JSON.parse(kept));\n  }, []);\n  return { user };\n};\n",
                "src/App.tsx": "const Shell = () => {\n  const { user } = useMember();\n"
                "  if (!user) {\n    return <Login />;\n  }\n  return <Pages />;\n};\n",
            },
            says="record in the browser's own storage",
            line=3,
        ),
        Bad(  # a page for administrators, and an action behind it that anybody may call
            {
                "package.json": _NEXT,
                "app/admin/reset/page.tsx": "'use client';\nimport { wipeOrders } from '@/app/actions';\n"
                "export default function Page() {\n  return <button onClick={() => wipeOrders()}>Reset</button>;\n}\n",
                "app/actions.ts": "'use server';\nexport async function wipeOrders() {\n"
                "  await prisma.order.deleteMany({});\n}\n",
            },
            says="but the browser keeps people from this page",
            line=4,
        ),
        Good(  # a timer after the server has answered
            {
                "package.json": _VITE,
                "src/pages/SignIn.tsx": "const handleLogin = async () => {\n"
                "  const { error } = await supabase.auth.signInWithPassword({ email, password });\n"
                "  if (error) return;\n  setTimeout(() => {\n    navigate('/dashboard');\n  }, 500);\n};\n",
            }
        ),
        Good(  # a token that the server checks
            {
                "package.json": _VITE,
                "src/api.ts": "const token = localStorage.getItem('auth_token');\n"
                "fetch('/api/me', { headers: { Authorization: `Bearer ${token}` } });\n",
            }
        ),
        Good(
            {
                "package.json": _VITE,
                "src/Admin.tsx": "const { data } = await supabase.rpc('has_role', { role: 'admin' });\n"
                "if (!data) navigate('/');\n",
            }
        ),
        Good({"package.json": _VITE, "src/theme.ts": "const theme = localStorage.getItem('theme');\n"}),
    ),
)


@check.detect
def detect(
    gates: BrowserGates, client: ClientCode, routes: Routes, logins: LiteralLogins, _others: OtherLanguages
) -> Iterator[Finding]:
    """Yield each place where the browser decides; blocking where no server is seen to decide as well."""
    served = gates.asks_server or any(route.guard in {"guarded", "elsewhere"} for route in routes.served)
    for path, part in sorted(gates.files.items()):
        literal = logins.lines(path)
        for decision in part.decisions:
            if decision.gate is not Gate.METADATA and path not in client.paths:
                continue
            yield _finding(path, decision, sure=_is_sure(decision, served=served, literal=bool(literal)))
    for path, line, action in bare_pages(routes, client):
        roles = [at for at, hook in gates.files[path].walls if not hook] if path in gates.files else []
        yield _finding(path, Decision(min(roles, default=line), Gate.PAGE, action, decides=False), sure=False)


def _is_sure(decision: Decision, *, served: bool, literal: bool) -> bool:
    """Whether *decision* is the only one: a password in the code always is, the others where no server is asked."""
    if decision.gate is Gate.PASSWORD:
        return True
    if decision.gate is Gate.METADATA:
        return decision.decides
    return decision.decides and (not served or (literal and decision.gate in {Gate.FLAG, Gate.SET}))


def _finding(path: str, decision: Decision, *, sure: bool) -> Finding:
    what = decision.gate[0].upper() + decision.gate[1:]
    end = "" if sure else ". Make sure that the server checks it as well"
    return Finding(
        f"{what}{end}",
        path=path,
        line=decision.line,
        kind=decision.gate.name.lower(),
        severity=Severity.HIGH if sure else Severity.LOW,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        blocking=sure,
        identity=f"{decision.gate.name} {decision.name}",
    )
