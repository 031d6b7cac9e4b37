"""One function body while it is read, and what its text alone tells: data it fetches, changes, renders, methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import re2

from checks.facts.code.conditions import Condition, Surroundings
from checks.facts.code.denials import judge
from checks.facts.code.keeping import keeps
from checks.facts.code.outline import Expr, Function, Parameter
from checks.facts.code.write_words import WRITES

#: Stems of tables and models that hold people's data or the app's own secrets.
_PERSONAL = frozenset(
    [
        *("user", "account", "customer", "client", "member", "profile", "person", "people", "contact", "lead"),
        *("employee", "staff", "patient", "student", "teacher", "order", "invoice", "payment", "transaction"),
        *("subscription", "booking", "appointment", "reservation", "address", "message", "conversation", "chat"),
        *("email", "subscriber", "session", "token", "credential", "password", "secret", "apikey", "audit", "log"),
        *("mark", "grade", "salary", "expense", "document", "upload", "candidate", "applicant"),
        *("submission", "response", "feedback", "ticket", "donation", "donor", "vote", "wallet", "card", "basket"),
        # The same in other languages that apps are written in.
        *("cliente", "usuario", "persona", "paciente", "empleado", "alumno", "aluno", "pedido", "factura", "reserva"),
        *("cita", "mensaje", "contacto", "perfil", "utilisateur", "kunde", "benutzer", "funcionario", "pessoa"),
        *("cart", "memory", "medical", "record", "prescription", "registration", "attendee", "guest", "waitlist"),
    ]
)
_FETCHES = re.compile(
    r"""
    \bselect\b[^;"'`]{0,300}?\b(?:from|join)\s+["'`\[]?(?P<sql>[a-z_]\w*)
    | \b(?P<query>[A-Za-z_]\w*)\.(?:query\b(?!\()|objects\.(?!create|bulk_create|get_or_create|update_or_create))
    | \b(?:query|select|scalars|get_list_or_404|get_object_or_404)\(\s*(?P<model>[A-Za-z_]\w*)
    | \b(?:prisma|db|tx|client)\.(?P<prisma>\w+)\.(?:find|count|aggregate|groupBy)\w*\(
    | \b(?P<mongo>[A-Za-z_]\w*)\.(?:find(?:All|Many|One|ById|ByPk|Unique|AndCountAll)?|aggregate)\(
    | (?<!storage)\.from\(\s*["'`](?P<table>[A-Za-z_]\w*)
    | \bselect\([^)]{0,200}\)\s*\.from\(\s*(?P<drizzled>[A-Za-z_]\w*)
    | \bcollection\(\s*(?:\w+\s*,\s*)?["'`](?P<collection>\w+)
    | \bdb\.query\.(?P<drizzle>\w+)\.
    | \b(?P<kept>[A-Za-z]\w{0,60}(?:store|storage|repository|records|table))\.(?:filter|values)\(
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Without one of these words _FETCHES cannot match; the search for them alone is much faster.
_MAY_FETCH = re2.compile(
    r"(?i)select|query|objects\.|scalars\(|get_(?:list|object)_or_404\(|\.(?:find|count|aggregate|groupBy)"
    r"|\.from\(|collection\(|(?:store|storage|repository|records|table)\.(?:filter|values)\("
)
_BY_CALLER = re.compile(
    r"current_?user|session\b[\[.?]|request\.user|req\.user|auth\.u?id|user\.id|userId", re.IGNORECASE
)
_TRAITS = {
    "renders": r"render_template|\brender\(\s*request|TemplateResponse|res\.render\(|HTMLResponse|\.sendFile\("
    r"|aiohttp_jinja2|\brenderApp\(|\breadIndexFile\(",
    "writes": WRITES,
    "destroys": r"drop_all\(|dropDatabase|\bDROP\s+(?:TABLE|DATABASE)\b|\bTRUNCATE\s+TABLE\b|"
    r"deleteMany\(\s*(?:\{\s*\})?\s*\)|\.sync\(\s*\{\s*force|rmtree\(|DELETE\s+FROM\s+\w+\s*[\"'`;]|\.query\.delete\(|objects\.all\(\)\.delete\(",
    # Everything at once, or a new administrator: telling enough to be believed deep in what a route calls.
    "wipes": r"manage\.py[\"', ]+(?:flush|reset_db|createsuperuser)[\"', ]+--no-?input|\bdrop_all\(\)|dropDatabase\(\)"
    r"|create_superuser\(|call_command\(\s*[\"'](?:flush|reset_db|createsuperuser)\b|\bprisma\s+migrate\s+reset"
    r"|\bmigrate:(?:fresh|reset)\b|DROP\s+SCHEMA\s+(?:IF\s+EXISTS\s+)?public\b|\.sync\(\s*\{\s*force\s*:\s*true",
    "first_run": r"(?:user|admin)s?\b[^\n]{0,80}(?:\.exists\(|\.count|\.first\(|findFirst|findOne)"
    r"|\b(?:user|admin)_?count|has_?(?:users?|admins?)\b|is_?setup|is_?first|set_?up_?(?:complete|done|required|needed)"
    r"|need\w*_?setup|initiali[sz]ed|\binstalled\b|first_?(?:run|user)",
    "stores": r"\.commit\(|session\.add(?:_all)?\(|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b"
    r"|\.save\(\)|\.insert(?:_one|_many|One|Many)\(|\.insert\(\s*[\[{]|\.objects\.\w*create\w*\("
    r"|\.upsert\(|\.destroy\(\s*\{|writeFile|\.bulk_create\("
    r"|(?:prisma|db|tx)\.\w+\.(?:create|update|delete|upsert)\w*\(|\.(?:update|delete)(?:_one|_many|One|Many)\("
    r"|\.(?:findByIdAnd|findOneAnd)\w+\(|\.(?:setDoc|addDoc|deleteDoc)\(|\bopen\([^)\n]{1,80}[\"'][wa]b?\+?[\"']",
    "body": r"request\.(?:POST|FILES|body|form|json|data|get_json|files)|(?:req|request|event)\.json\(\)"
    r"|\breq\.body|\bevent\.body|\.formData\(|readBody\(",
    "development": r"NODE_ENV\s*={2,3}\s*[\"']production[\"']\s*\)\s*\{?\s*return"
    r"|NODE_ENV\s*!={1,2}\s*[\"']development[\"']\s*\)\s*\{?\s*return"
    r"|if\s+not\s+(?:settings|app|config)\.debug\s*:\s*(?:raise|return|abort)",
    "hashes": r"bcrypt|argon2|scrypt|pbkdf2|hashpw|pwd_context|password_hash|hash_password|set_password|create_user\(",
    "forwards": r"\bAuthorization[\"'`]?\s*[:,\]]\s*=?\s*[`\"']?(?:Bearer\s+)?(?:\$\{)?\s*(?!process|Deno|import)"
    r"\w*(?:token|auth|session|cookie|req\b|request|header)|\bcookie[\"']?\s*:\s*(?:req|request|cookie|header)",
    "as_caller": r"createClient\([^;]{0,400}?\bAuthorization[\"']?\s*:\s*(?:req\b|request\b|auth|token|`Bearer)",
    "service_role": r"service_?role|SERVICE_KEY|supabase_?admin|admin_?client|createAdmin|adminDb|getFirestore\(",
    "hands_out": r"\bjson(?:ify)?\(\s*\{[^;]{0,400}?[\w\"']\s*:\s*(?:process\.env\.|os\.(?:environ(?:\.get)?[\[(]"
    r"|getenv\()[\"']?)(?:DATABASE_URL|\w*(?:SECRET|PASSWORD|API_?KEY|PRIVATE_KEY|TOKEN|SERVICE_ROLE_KEY))[\"']?[)\]]?\s*"
    r"(?:\?\?|\|\||[,}\n])",
    # A row that must be the caller's own: who is nobody finds none.
    "own_row": r"(?:get_object_or_404|\.objects\.get)\([^;]{0,200}?\buser(?:_id)?\s*=\s*(?:self\.)?request\.user\b"
    r"(?!\.is_)",
    "mails": r"\bsend_?(?:\w{0,20}_)?(?:e?mails?|sms|whatsapp)\w{0,30}\(|\.sendMail\(|\bemails\.send\(|\bmail\.send\(",
    "keyed": r"(?:process\.env\.|env\.get\([\"']|getenv\([\"']|environ\[[\"'])"
    r"\w{0,40}(?:API_?KEY|ACCESS_TOKEN|SECRET_KEY)\b",
    "looks_up": r"\.(?:get|list|find|fetch|load|retrieve|read|search|query|download)_?[A-Za-z]\w*\([^)\s]"
    r"|\.(?:list|get_?all)\w*\(|\.values\(\)|\bFileResponse\(|\bsend_file\(",
    "measures": r"\w*(?:posthog|plausible|sentry|umami|mixpanel|amplitude)\w*(?:proxy|tunnel|relay|forward)\w*\("
    r"|(?:posthog|mixpanel|amplitude|google-analytics)\.com\b|plausible\.io\b|sentry\.io\b|segment\.io\b",
    "sets_cookie": r"set-cookie|\.set_cookie\(|\.cookie\(|cookies\(\)\)?\.set\(|cookie_?store\.set\(",
    "environment": r"\benviron\b|process\.env\b(?!\.)",
    "only_methods": r"\.method\s*(?:!=|not\s+in)",
    "SAFE_METHODS": r"SAFE_METHODS",
    "runs": r"\bsubprocess\.|os\.system\(|child_process|(?<![.\w])exec(?:Sync)?\(|\beval\(|pickle\.loads",
}
#: What a pattern looks for around itself, and how far: left out, the pattern matches at least as often.
_AROUND = re.compile(r"\(\?<?[!=](?:[^()\\]|\\.)*\)|(?<=\])\{0,400\}\?")


def _quick(pattern: str) -> str:
    """Return *pattern* for re2, which is many times as fast over a long body; it may match more often."""
    return "(?i)" + _AROUND.sub(lambda part: "*" if part[0].startswith("{") else "", pattern)


_TRAIT = {
    name: (re2.compile(_quick(pattern)), re.compile(pattern, re.IGNORECASE) if _AROUND.search(pattern) else None)
    for name, pattern in _TRAITS.items()
}
_METHOD = re.compile(
    r"method\s*(?:={2,3}|!={1,2}|\bin\b|\bnot\s+in\b)[\s([{]*((?:[\"'](?:\w+)[\"'][\s,]*)+)", re.IGNORECASE
)
_CASE = re.compile(r"\bcase\s+[\"'](GET|POST|PUT|PATCH|DELETE)[\"']")
_VERB = re.compile(r"GET|POST|PUT|PATCH|DELETE")
_WAIVES = re.compile(
    r"(?:skip_?auth|public|optional|allow_?anonymous|no_?auth)\w*\s*[:=]\s*true"
    r"|(?:require\w*|auto_error|enforce|protect\w*|auth)\s*[:=]\s*false",
    re.IGNORECASE,
)
#: An answer that says that the server failed, or hands on what was caught.
_FAILING = re.compile(
    r"\bstatus(?:_?code)?[\"']?\s*[=:(]\s*5\d\d\b|[,(]\s*5\d\d\s*\)?\s*;?\s*$|\(\s*5\d\d\s*,|HTTP_5\d\d"
    r"|^\s*raise\s*$|^\s*throw\s+(?:e|ex|err|error)\s*;?\s*$"
)
LONGEST_BODY = 60_000  # bytes of one function that are searched; longer ones are generated
_LONGEST_VALUE = 2_000  # characters of what a name was set from: a list of public paths may be long
_MOST = 200  # calls, candidates, ... kept of one body


@dataclass(slots=True)
class Candidate:
    """A statement that may turn somebody away, with the conditions it stands under; *failing* if it says 5xx."""

    how: str
    line: int
    conditions: Sequence[Condition]
    failing: bool = False


@dataclass(slots=True)
class Body:
    """A function while its file is read; *local* maps its names to the text they were set from."""

    name: str
    line: int
    parent: Body | None = None
    parameters: list[Parameter] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    local: dict[str, str] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    calls: dict[str, None] = field(default_factory=dict)
    waived: dict[str, None] = field(default_factory=dict)
    inner: list[str] = field(default_factory=list)
    returns: list[Expr] = field(default_factory=list)
    lets_by: bool = False  # whoever sent no credential is past already

    def called(self, name: str, arguments: str) -> None:
        """Note a call of *name*; *arguments* may switch its check off."""
        if name and len(self.calls) < _MOST and len(name) < 100:  # noqa: PLR2004 - a name, not a chain of calls
            (self.waived if self.lets_by or _WAIVES.search(arguments[:400]) else self.calls)[name] = None

    def set_from(self, name: str, text: str) -> None:
        """Note that local *name* was set from *text*."""
        if len(self.local) < _MOST:
            before = self.local.get(name)
            self.local[name] = text[:_LONGEST_VALUE] if before is None else f"{before} ; {text}"[:_LONGEST_VALUE]

    def may_deny(self, how: str, line: int, conditions: Callable[[], Sequence[Condition]], text: str = "") -> None:
        """Note a statement that may turn somebody away; its *text* may say that the server failed."""
        if len(self.candidates) < _MOST and not self.lets_by:
            self.candidates.append(Candidate(how, line, conditions(), _FAILING.search(text) is not None))


def finished(body: Body, text: str, module: Surroundings) -> Function:
    """Return *body* as it goes into the outline; *text* is its source, *module* what surrounds it."""
    local: dict[str, str] = {}
    parameters: set[str] = set()
    scope: Body | None = body
    for _ in range(6):
        if scope is None:
            break
        local = scope.local | local
        parameters.update(parameter.name for parameter in scope.parameters)
        scope = scope.parent
    around = module.within(local, frozenset(parameters))
    judged = [judge(one.how, one.line, one.conditions, around, failing=one.failing) for one in body.candidates]
    denials = tuple(denial for denial in judged if denial is not None)
    reads, fetches = reads_of(text)
    source = text.encode("utf-8", "replace")  # once for all patterns
    traits = [
        name
        for name, (quick, exact) in _TRAIT.items()
        if quick.search(source) and (exact is None or exact.search(text))
    ]
    if keeps(text, around.parameters, around.state):
        traits.append("keeps")
    return Function(
        body.name,
        body.line,
        tuple(_with_use(one, text) for one in body.parameters[:60]),
        tuple(body.decorators[:20]),
        denials[:60],
        tuple(body.calls),
        tuple(body.waived),
        tuple(body.inner[:_MOST]),
        tuple(body.returns[:20]),
        reads,
        tuple([*traits, "reads"] if fetches else traits),
        methods_of(text),
    )


def _with_use(parameter: Parameter, text: str) -> Parameter:
    """Return *parameter* with whether the function's *text* ever names it; only typed ones are looked for."""
    if parameter.default is None and parameter.annotation is None:
        return parameter
    named = re.findall(rf"\b{re.escape(parameter.name)}\b", text)
    return replace(parameter, idle=True) if len(named) == 1 else parameter


def reads_of(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the names of personal data that *text* fetches from a database, and whether it fetches any data."""
    found: dict[str, None] = {}
    fetches = False
    if _MAY_FETCH.search(text) is None:
        return (), False
    for match in _FETCHES.finditer(text):
        name = next((value for value in match.groupdict().values() if value), "")
        if _BY_CALLER.search(text[match.end() : match.end() + 160]):
            continue
        fetches = True
        if is_personal(name):
            found[name] = None
    return tuple(found)[:8], fetches


def is_personal(name: str) -> bool:
    """Whether *name* of a table, model or path segment speaks of people's data."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    stems = {stem for word in words for stem in _stems(word.lower())}
    return bool(stems & _PERSONAL)


def _stems(word: str) -> tuple[str, ...]:
    return (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y")


def methods_of(text: str) -> tuple[str, ...]:
    """Return the HTTP methods that *text* tells apart, in order."""
    named = [verb.upper() for match in _METHOD.finditer(text) for verb in _VERB.findall(match[1].upper())]
    return tuple(dict.fromkeys([*named, *_CASE.findall(text)]))
