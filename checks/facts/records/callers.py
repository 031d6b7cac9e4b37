"""
What speaks of who is asking, and what of the request: the words of one function, followed through its local names.

A name means what it was set from: `user = await getUser(req.params.id)` is a record that the request names, `const user
= await auth()` is who is asking. A name that was set from nothing here, a parameter, is given from outside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import re2

_WHO = r"(?:user|auth|account|admin|member|identity|jwt|viewer|uid|claims|principal|decoded|customer|tenant|org)"
#: Expressions that are who is asking, in Python and JavaScript alike.
_CALLER = re.compile(
    rf"""
    \b(?:req|request|ctx|context|c|event|info|locals|g|socket|ws|reply|state)\b[?!]?
        \.(?:(?:session|auth|state|locals|context|request|req|user|info|var|token|clerk|data)[?!]?\.){{0,3}}
        _?(?<!body\.)(?<!query\.)(?<!params\.){_WHO}(?!s\b|\w*(?:service|repo|model|collection|controller|store))\w*\b
        (?!\s*=[^=])
    | \b(?:self|this)\.(?:request\.|req\.|context\.)?(?:current_?)?(?:user|user_?id|viewer|account)\b
    | \b(?:req|request|ctx|context)\b[?!]?\.session\b | \b(?:ctx|c|context)\.(?:get|var)\W{{1,3}}\w*{_WHO}
    | \bcurrent_?(?:user|account|member|org\w*|admin|identity|person|profile)\w*\b
    | \bsession\b\s*(?:\[|[?!]?\.(?!query|add|commit|exec|delete|refresh|flush|scalar|roll|close|merge|begin|no_auto
        |bind|table|client|get\(\s*[A-Z]|id\b|messages|title|status|started|ended|created))
    | \breq(?:uest)?\.(?!(?:body|params|query\w*|json|form|args|data|files|GET|POST|values|view_args|headers|cookies
        |state|app|url|nextUrl|path_params)\b)[a-z]\w*\.(?:id|_id|pk|uuid|slug)\b  # what a guard put on the request
    | \bgetattr\(\s*(?:request|req|g|self\.request)\s*,\s*["']_?\w{{0,20}}?(?:user|auth|identity|account)
    | \bsession_state\b | \bget_jwt(?:_identity|_claims)?\(
    | \b(?:get|require|fetch|load|verify|validate|check|ensure|assert|use|with|read|decode|resolve|extract|parse
        |authenticate|authori[sz]e)_?\w{{0,30}}?(?:user|auth|session|admin|token|jwt|account|member|caller|viewer
        |identity|profile|claims|request)\w{{0,20}}\s*\(\s*(?:\)|\{{?\s*(?:(?:req|request|ctx|context|c|event)\b(?!\??\.(?:params|body|query|args|form|json|data))
        |headers|cookies|token|access_?token|auth\w*|bearer|jwt|credentials|session|supabase|await\s+headers)\b)
    | \b\w{{0,30}}(?:token|claims|principal)\w{{0,20}}\(\s*\{{?\s*(?:req|request|ctx|context|event|header|cookie)\b
    | \b\w{{0,30}}user\w{{0,20}}?(?:from|by)_?\w{{0,20}}?(?:key|token|request|header|auth|session|cookie|jwt)\w{{0,9}}\(
    | \bauthenticate\w{{0,30}}\(\s*(?:req|request|ctx|context|c|event|headers|token|self\.request)\b
    | (?<![.\w])auth\(\s*\) | \bgetAuth\( | \bauth\.(?:getUser|getSession|getClaims|api\.getSession|user\(|uid|protect)
    | \bjwt\w*\.(?:verify|decode)\( | \bjwtVerify\( | \bverifyIdToken\( | \bgetServerSession\( | \bgetToken\(
    | \bverify\w*(?:Token|Jwt|Auth|User|Session)\w*\( | \bvalidateRequest\( | \bauth_?user\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: What a request brings.
_REQUEST = re.compile(
    r"""
    \b(?:req|request|ctx|c|event|context|self\.request)\b[?!]?\.(?:\w+[?!]?\.){0,2}(?:params|body|query\w*|json|form
        |args|values|data|POST|GET|FILES|files|get_json|path_params|match_info|view_args|formData|param|input|resource
        |rel_url|url|nextUrl|post|read|multi)\b
    | \bparams\b | \bsearchParams\b | \bformData\b | \bkwargs\b | \breadBody\( | \bgetRouterParam | \bgetQuery\(
    | \brequest_data\b | \breq_data\b | \bquery_params\b
    """,
    re.VERBOSE,
)
#: What somebody may do.
ROLE = re.compile(
    r"role|is_?(?:admin|staff|super|owner|manager|moder|instructor|teacher)|has_?perm|permission|\bscopes?\b|privilege"
    r"|can_?[a-z]+\b|(?<!supabase)(?<!supabase_)admins?(?!_?(?:client|db|sdk|supabase|app|auth\.|firestore|storage|messaging|instance))|superuser|allow|authori[sz](?:e|ation)|access_?(?:level|control)|owns|belongs|organi[sz]er"
    r"|entitle|privileged",
    re.IGNORECASE,
)
#: Without one of these words neither pattern above can match; the search for them alone is thirty times as fast.
_MAY = {
    "caller": re2.compile(
        r"(?i)user|auth|account|admin|member|identity|jwt|viewer|uid|claims|principal|decoded|customer|tenant|org|session"
        r"|token|caller|profile|person|request|req\."
    ),
    "given": re2.compile(
        r"param|body|query|json|form|args|val|data|POST|GET|FILES|match_info|input|resource|url|Url|post|read|multi|files"
    ),
}
_NAME = re.compile(r"(?<![\w.$\"'`])[A-Za-z_$][\w$]*")
_STRING = re.compile(r"""(["'])(?:(?!\1)[^\\\n]|\\.){0,200}\1""")
#: Keys of objects are no names: `{user_id: x}`, `user_id=x`.
_KEY = re.compile(r"(?<![\w.$?])[A-Za-z_$][\w$]*\s*(?::(?!:)|=(?![=>]))")
#: Who did it last is written down, not asked.
_STAMP = re.compile(
    r"\b\w{0,20}?(?:updated|modified|edited|deleted|approved|reviewed|closed|resolved|changed|invited|uploaded|created)_?by\w*"
    r"[\"']?\s*[:=]\s*[^,})\n]{1,80}",
    re.IGNORECASE,
)
_NAMES = "user session auth currentuser current_user account me identity claims principal viewer workspace team"
_BY = re.compile(r"[bB]y\w*[\"']?\s*[:=]")
_CALLER_NAMES = frozenset(_NAMES.split())
#: Parameters that are neither the request's data nor the caller.
_HANDED_IN = """
self cls req request res response next ctx context c event reply env tx db database conn connection session cursor
prisma supabase client error err e app router socket io ws _ h done callback cb resolve reject background_tasks
args config options opts settings logger background_task redis cache mail i index acc prev set get
"""
_MACHINERY = frozenset(_HANDED_IN.split())
_SIGNED = re.compile(r"\bunsign\w*\(|\bsigner\b|\bdecrypt\w*\(|signing\.loads\(", re.IGNORECASE)
#: Calls that hand a value on as it came: what any other call answers is something of its own.
_KEEPS = re.compile(
    r"(?:get|json|parse\w*|safe_?[pP]arse\w*|validate\w*|String|Number|Boolean|int|str|float|bool|trim|strip|lower|upper"
    r"|to(?:Lower|Upper)Case|toString|getAll|getlist|form|formData|get_json|URL|URLSearchParams|model_dump|dict|text"
    r"|decode|split|entries|fromEntries|items|values|normali[sz]e\w*|sanitize\w*|escape\w*|object|Object|ObjectId|UUID)$"
)
_CALLED = re.compile(r"([A-Za-z_$][\w$]{0,60})\(")
#: "All but me" asks for the records of the others.
_BUT_ME = re.compile(
    r"\.filter\(\s{0,9}\(?\w{1,40}\)?\s{0,9}=>\s{0,9}[\w.?!]{1,80}\s{0,9}!==?\s{0,9}[\w.?!]{1,80}\s{0,9}\)"
    r"|\.(?:neq|exclude|ne)\([^()]{0,200}\)|(?<![\w.])ne\([^()]{0,200}\)"
    r"|(?<![\w.])(?:not|\$ne)[\"']?\s{0,9}:\s{0,9}[\w.?!]{1,80}"
)
_STEPS = 4
_LONGEST = 2_000
_MOST_ASKED = 20_000  # look-ups in one function; a hostile one is not followed further


@dataclass(slots=True)
class Scope:
    """The names of one function: what its locals were set from, its *parameters*; *outer* is the function around it."""

    meanings: dict[str, str] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)
    callers: set[str] = field(default_factory=set)
    outer: Scope | None = None
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)
    _pending: set[tuple[str, str]] = field(default_factory=set)
    cut: bool = False  # the last answer was not followed to its end
    _asked: int = 0
    _told: dict[tuple[str, str], bool] = field(default_factory=dict)

    def put(self, name: str, text: str) -> None:
        """Note that *name* was set from *text*; what it was set from before counts too."""
        if name and len(self.meanings) < 300:  # noqa: PLR2004 - the locals of one function
            before = self.meanings.get(name)
            if before is not None and "=>" in text and "=>" not in before:
                return  # `const result` again in an inner block, set from what that block does with the first one
            self.meanings[name] = (text if before is None else f"{before} ; {text}")[:_LONGEST]

    def parameter(self, name: str) -> None:
        """Note a parameter, which is given from outside unless it is a part of the machinery."""
        if name and name.lower() not in _MACHINERY:
            self.parameters.add(name)

    def is_parameter(self, name: str) -> bool:
        """Whether *name* is a parameter of this very function."""
        return name in self.parameters

    def caller(self, text: str) -> bool:
        """Whether *text* speaks of who is asking."""
        return self._remembered("caller", text)

    def given(self, text: str) -> bool:
        """Whether *text* speaks of what the request brings, or a parameter."""
        return self._remembered("given", text)

    def brought(self, text: str) -> bool:
        """Whether *text* is a value of the request as it came: not what was looked up by it, nor who is asking."""
        return self.given(text) and self._as_it_came(text) and not self.caller(text)

    def _as_it_came(self, text: str, steps: int = 0) -> bool:
        if steps > _STEPS or any(not _KEEPS.match(word) for word in _CALLED.findall(text[:_LONGEST])):
            return False
        meanings = (self.meaning(name) for name in names_in(text[:_LONGEST]))
        return all(self._as_it_came(meaning, steps + 1) for meaning in meanings if meaning)

    def _remembered(self, kind: str, text: str) -> bool:
        """Return the answer to `speaks`, which is asked of the same words again and again."""
        key = (kind, text)
        if key not in self._told:
            self._told[key] = self.speaks(kind, text)
        return self._told[key]

    def speaks(self, kind: str, text: str, steps: int = 0) -> bool:
        """Whether *text* speaks of *kind*: the caller, or what is given."""
        text = text[:_LONGEST]
        if kind == "given" and _SIGNED.search(text):
            return False  # what was signed here names nothing that was not handed out
        if kind == "caller":
            text = _BUT_ME.sub(" ", text)
            text = _STAMP.sub(" ", text) if _BY.search(text) else text
        own = names_in(text)
        pattern = _CALLER if kind == "caller" else _REQUEST
        if any(self._name(kind, name, steps) for name in own):
            return True
        if _MAY[kind].search(text) is None:
            return False
        # A name that was set here means what it was set from, whatever it is called.
        known = {name for name in own if self._is_set(name)}
        return pattern.search(_NAME.sub(lambda name: "it" if name[0] in known else name[0], text)) is not None

    def _name(self, kind: str, name: str, steps: int) -> bool:
        key = (kind, name)
        if key in self._known:
            return self._known[key]
        self._asked += 1
        if key in self._pending or steps > _STEPS or self._asked > _MOST_ASKED:
            self.cut = True  # a name set from itself, or too far back: no answer to remember
            return False
        self._pending.add(key)
        before, self.cut = self.cut, False
        answer = self._looked_up(kind, name, steps)
        self._pending.discard(key)
        if answer or not self.cut or steps == 0:
            self._known[key] = answer
        self.cut = before or self.cut
        return answer

    def _looked_up(self, kind: str, name: str, steps: int) -> bool:
        if kind == "caller" and name.lower().replace("_", "") in {"currentuser", "currentuserid", "authuser"}:
            return True
        scope: Scope | None = self
        for _ in range(8):
            if scope is None:
                return False
            if name in scope.meanings:
                answer = scope.speaks(kind, scope.meanings[name], steps + 1)
                self.cut = self.cut or scope.cut
                return answer
            if name in scope.callers:
                return kind == "caller"
            if name in scope.parameters:
                return kind == "given"
            scope = scope.outer
        return False

    def meaning(self, name: str) -> str:
        """Return the text that *name* was set from, here or around, or nothing."""
        scope: Scope | None = self
        for _ in range(8):
            if scope is None or name in scope.parameters:
                break
            if name in scope.meanings:
                return scope.meanings[name]
            scope = scope.outer
        return ""

    def _is_set(self, name: str) -> bool:
        """Whether *name* is set here, or is a parameter."""
        scope: Scope | None = self
        for _ in range(8):
            if scope is None:
                return False
            if name in scope.meanings or name in scope.parameters:
                return True
            scope = scope.outer
        return False


@lru_cache(maxsize=2_000)
def names_in(text: str) -> tuple[str, ...]:
    """Return the plain names in *text*: not what stands in quotes, after a dot, or as a key."""
    bare = _STRING.sub(" ", text)
    bare = _KEY.sub(" ", bare)
    return tuple(dict.fromkeys(_NAME.findall(bare)))[:60]


def is_caller_name(name: str) -> bool:
    """Whether a parameter called *name*, which a wrapper fills in, is who is asking."""
    return name.lower() in _CALLER_NAMES
