"""The words and shapes by which denials.py tells what a condition depends on: data only."""

from __future__ import annotations

import re

#: What speaks of who is asking. Names of database rows do not count: `user = db.get(id); if not user` is a 404.
IDENTITY = re.compile(
    r"""
    \b(?:request|req|ctx|context|c|event|self|locals|info|socket|handshake|g)\b
        (?!\??\.(?:req\w*\.)?(?:params?|body|query\w*|args|form|json|data|GET|POST|view_args|match_info|path_params|values)\b)
        [\w.?!]*\.
        (?:user|session|auth(?!ors?\b)|cookies?|signedCookies|isAuthenticated|identity|jwt|viewer|account|admin)\w*\b
    | \bcurrent_?user\b | \b(?:is_?)?authenticated\b | (?:is_?)?logged_?in\b | \bidentity\b | \buser_?info\b
    | \bsession\s*(?:\[|\??\.(?:user|get\(\s*["']|\w*[iI]d\b|data|access|expires|is_)|\?\.) | \bin\s+session\b
    | (?:\bnot|!)\s*session\b | \bsession\s*(?:={2,3}|!={1,2}|is)\s
    | \bvalidate_?request\(\s*(?:\)|req)
    | get_?(?:server_?|auth_?|current_?|optional_?|user_?|valid_?|login_?)?session\b | \b(?:use|server)?session\(\s*\)
    | \b\w*user\w*\(\s*(?:\)
        |(?:req|request|ctx|context|event)(?!\w*\??\.(?:param|body|query|arg|form|json|data|path|POST|GET))
        |token|cookie|header|authorization|auth|bearer|jwt|access)
    | \b_*(?:auth|authenticate\w*|authori[sz]e\w*)\s*\(
    | \b_*(?:require|check|verify|validate|ensure|is|has|assert|with|get|resolve|load|parse|protect)_?\w*?
        (?:(?<!o)auth(?!ors?\b|_?token\b|_?header)|(?<!supabase)(?<!supabase_)(?<!firebase)(?<!firebase_)admin(?!_?(?:client|db|sdk|app|supabase|instance|firestore|firebase|storage|database|service|bucket))|jwt|login)\w*\s*\(
    | \bauth\b\s*[.?(!)] | \bauth\s*$ | (?:\bnot|!)\s*auth\w*
    | \b\w*(?:token|claims|principal)\w*\(\s*\{?\s*(?:req|request|ctx|context|c|event|header|cookie)\b
    | \b(?:verify|validate|decode|check)\w*(?:token|signature|jwt|key|secret|hmac|otp)\w*\(
    | \bcookies?\b | authorization | \bbearer\b | \bjwt\b | \bclaims?\b | x-[\w-]*(?:key|token|secret|sign|auth)[\w-]*
    | \b\w*signature\w*\b | \bunsign\w*\( | \bhmac\b | compare_?digest | timingSafeEqual
    | construct_?event | webhooks?\.verify
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Weaker words: they count where the answer is 401 or 403, not where the body merely returns early.
CREDENTIAL = re.compile(
    r"token|passw(?:or)?d|passcode|secret|api_?key|credential|permission|has_perm|\broles?\b|is_?(?:admin|staff|super)"
    r"|\badmin\b|\bpin\b|owner|verif|allowed",
    re.IGNORECASE,
)
#: What every caller shares: the environment, settings, constants.
SHARED = re.compile(
    r"process\.env(?:\??\.\w+|\[[^\]]*\])|os\.environ(?:\.get)?[\[(][^\])]*[\])]|os\.getenv\([^)]*\)"
    r"|Deno\.env\.get\([^)]*\)|import\.meta\.env\.\w+|\b(?:settings|config|env|app\.config)\??\.\w+"
    r"|\b(?:current_)?app\.config(?:\.get)?[\[(][^\])]*[\])]|\b[A-Z][A-Z0-9_]{2,}\b"
)
#: Checks that anybody passes.
NO_GUARD = re.compile(
    r"csrf|xsrf|captcha|rate_?limit|honeypot|turnstile|\borigin\b|referr?er|user-?agent|content-?(?:length|type)"
    r"|\berr(?:or)?_?(?:msg|message|str)\w*|\b(?:e|err|error|exc)\.message|str\((?:e|err|exc|error)\)"
    r"|allowed_?hosts?|status_?code|\.status\s*(?:={2,3}|!={1,2}|<|>|in\b)",
    re.IGNORECASE,
)
#: Which error it is that came up: where it is told, it is translated; whoever threw it turned the caller away.
ERROR_KIND = re.compile(
    r"\btype\(\s*(?:e|ex|exc|err|error|exception)\s*\)|\bisinstance\(\s*(?:e|ex|exc|err|error|exception)\b"
    r"|\b(?:e|ex|exc|err|error|exception)\b\s+instanceof|\b(?:err|error|exc|exception)_?(?:type|name|class|kind)\b"
    r"|\b(?:e|ex|exc|err|error|exception)\??\.(?:name|code|detail|constructor|__class__)\b",
    re.IGNORECASE,
)
#: The app's own login at another service, with nothing of the caller's in it: `crm_api.ensure_authenticated()`.
OWN_LOGIN = re.compile(
    r"\b(?!\w*auth)\w*(?:api|client|connector|integration|gateway|driver|broker|exchange|scraper|crawler|generator)"
    r"\.\w*(?:auth|log_?in|logged|session|connect|valid)\w*\((?![^()]{0,200}(?:req|token|cookie|header|auth))[^()]{0,200}\)",
    re.IGNORECASE,
)
#: The name of what a caller may send or leave out.
SENT = re.compile(
    r"\s*(?:\(\s*)?((?=(?-i:[a-z_]))\w*?(?:token|signature|api_?key|auth\w*|credentials?|secret|password|code))"
    r"(?:\s+is\s+not\s+None|\s*!==?\s*(?:null|undefined))?\s*(?:\)\s*)?",
    re.IGNORECASE,
)
#: What a tried block says to people, in comments and sentences.
SPOKEN_TEXT = re.compile(r"""(?:#|//)[^\n]{0,300}|(["'])[^"'\n]{0,200}\s[^"'\n]{0,200}\1""")
#: What an object keeps of itself; a request or its parts that it keeps are the caller's.
OWN_STATE = re.compile(
    r"\bself\.(?!_?(?:req|ctx|context|cookies?|headers?|event)\w*\b)\w+(?:\.\w+)*(?:\(\s*\)|(?!\s*[\w.(]))"
    r"|\bthis\.(?!_?(?:req|ctx|context|cookies?|headers?|event)\w*\b)\w+(?:\??\.\w+)*(?!\s*[\w.(?])"
)
#: An answer from elsewhere, unless it was asked with the caller's own words: its 401 is not this app's.
UPSTREAM = re.compile(r"\b(?:fetch|axios|requests|httpx|got|aiohttp|urlopen|client|http)\b[\w.]*\s*\(", re.IGNORECASE)
WRITES = re.compile(
    r"\.(?:insert\w*|upsert|update\w*|delete\w*|create|createUser|save|commit|send\w*|upload)\s*\("
    r"|^\s*(?:await\s+)?[\w.]{0,60}?(?:insert|upsert|update|delete|save|remove|store)\w{0,40}\s*\("
    r"|\bauth\.admin\.|\bauth\.sign(?:Up|In)\w*\(",
    re.IGNORECASE,
)
#: A statement or a page of text that is handed on: the words in it are nobody's.
LONG_TEXT = re.compile(r"`[^`$]{80,}(?:`|$)")
REQUEST = re.compile(r"\breq(?:uest)?\b|cookies|headers\(\)|authorization\s*[,)}]", re.IGNORECASE)
PARTS = re.compile(r"&&|\|\||\band\b|\bor\b")
STRING = re.compile(r"""(["'`])(?:(?!\1)[^\\\n]|\\.){0,200}\1""")
NAME = re.compile(r"(?<![\w.])[A-Za-z_$][\w$]*")
SPOKEN = """
if not and or is in none true false null undefined await async typeof instanceof new return const let var len bool
str int boolean string this self catch except any all for else lambda console log print
"""
KEYWORDS = frozenset(SPOKEN.split())
NEGATED = re.compile(r"!|\bnot\b|\bnone\b|\bnull\b|\bundefined\b|\berr(?:or)?\b|\bfalse\b|\bcatch\b", re.IGNORECASE)
VERIFIES = re.compile(r"verif|construct_?event|decode|signature|unsign|authenticate|protect", re.IGNORECASE)
#: Checks that throw what their caller catches.
THROWS = re.compile(
    r"\bjwt\b|\bjose\b|(?:verif|valid|decod|require|assert|ensure|authenticate|introspect)\w{0,40}\((?!\s*\))|construct_?event"
    r"|\bunsign\w{0,20}\(|\bprotect\(|(?:get|current)_?\w{0,20}(?:user|session)\w{0,20}\(|\bauth\w{0,20}\(",
    re.IGNORECASE,
)
PATH_WORD = re.compile(r"path|url|endpoint|route|\.includes\(|\.has\(|some\(|matcher", re.IGNORECASE)
COMMENT = re.compile(r"^\s*(?://|#|\*).*$", re.MULTILINE)
DENIED = re.compile(r"\s*(?:\(+\s*)?(?:!(?!=)|not\b)")
METHOD_WORD = re.compile(r"method\b", re.IGNORECASE)
#: What stands before a path that begins the wanted ones: startsWith("/a"), startswith(("/a", "/b")).
PREFIX = re.compile(r"startswith\([^)]*$", re.IGNORECASE)
PATH_TEXT = re.compile(r"""["'`](/[^"'`\s]{0,150})["'`]""")
ANY_TEXT = re.compile(r"""["'`]([\w./:-]{1,80})["'`]""")
METHOD_TEXT = re.compile(r"""["'`](GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)["'`]""", re.IGNORECASE)
LIST = re.compile(r"\s*(?:new\s+Set\(\s*)?[\[(]\s*[\"'`]/")
LONGEST = 600  # characters of one condition
#: The header that carries a token, what takes it apart, and a comparison with anything but nothing and its first word.
HEADER = re.compile(r"authorization|auth_?header|\bbearer\b", re.IGNORECASE)
#: What a webhook is signed with, as it comes with the call.
SIGNATURE = re.compile(r"signature|svix-id|x-hub", re.IGNORECASE)
CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
TAKES_APART = frozenset(
    {
        *("get", "header", "headers", "startswith", "split", "replace", "trim", "slice", "substring", "match", "not"),
        *(
            "tolowercase",
            "lower",
            "strip",
            "test",
            "includes",
            "removeprefix",
            "string",
            "isinstance",
            "len",
            "or",
            "and",
        ),
    }
)
COMPARES = re.compile(
    r"(?:[!=]==?|\bin\b)\s*(?!\s|null\b|undefined\b|None\b|[\"'`]\s*[\"'`]|[\"'`]bearer\s*[\"'`]|[\"'`]string|\d)|\$\{|\b(?:cookie|session|user|api_?key)"
    r"|x-[\w-]*(?:key|secret)",
    re.IGNORECASE,
)
