"""What calls do to a value: hand it on, make it safe for a use, or make something else of it. Names as data."""

from __future__ import annotations

import re

from checks.facts.flows.value import ANY_USE
from checks.facts.word_set import word_set

#: Numbers, dates, digests, lengths: nothing that was sent survives in them.
_ENDS = word_set(
    """
    int float bool len Number parseInt parseFloat Boolean ord abs round UUID uuid4 uuid1 v4 randomUUID uuidv4 nanoid
    BigInt Date date datetime ObjectId isoformat toISOString floor ceil min max sum hash hexdigest digest md5 sha1
    sha256 createHash hashSync compare compareSync check_password_hash generate_password_hash hashpw checkpw now
    isinstance hasattr callable id toFixed getTime indexOf count find_all includes startswith endswith startsWith
    endsWith test isdigit isnumeric isalnum isNaN isArray timestamp strftime strptime fromisoformat parse_date
    Decimal toLocaleDateString toLocaleString toLocaleTimeString getServerSession verify jwtVerify getenv urandom
    token_hex token_urlsafe randomBytes time status exists isfile isdir getsize stat
    """
)
#: What hands on what it gets, in either language; methods of a value hand it on unless named elsewhere.
_ON = word_set(
    """
    str String repr dict list tuple set sorted reversed next iter enumerate zip bytes bytearray Object.keys
    Object.values Object.entries Object.assign Object.fromEntries Array.from structuredClone json.loads JSON.parse
    json.dumps JSON.stringify base64.b64decode b64decode b64encode base64.b64encode atob btoa Buffer.from
    unquote unquote_plus urllib.parse.unquote decodeURIComponent decodeURI unescape os.path.join path.join
    path.resolve path.normalize join resolve posixpath.join os.path.abspath os.path.realpath os.path.normpath
    os.path.expanduser abspath realpath normpath Path pathlib.Path PurePath URL URLSearchParams urljoin urlparse
    urlsplit urllib.parse.urljoin urllib.parse.urlparse Promise.all Promise.resolve text sqlalchemy.text sa.text
    db.text dedent textwrap.dedent asyncio.gather cast typing.cast io.StringIO io.BytesIO StringIO BytesIO
    shlex.split format_html copy.copy deepcopy copy.deepcopy map filter util.format sprintf format deepMerge
    qs.parse querystring.parse url.parse new.URL await f vars bleach.linkify marked marked.parse markdown
    markdown.markdown re.search re.match re.findall re.fullmatch re.split
    """
)
_JOINS_PATH = re.compile(r"(?:^|\.)(?:path|os\.path|posixpath)\.(?:join|resolve)$|^(?:join|resolve)$")
_NOTHING_LEFT = re.compile(
    r"(?:^|[._])(?:is|has|validate|verify|check|count|hash|parse_?int|to_?int|to_?number|slugify)(?:$|[_A-Z])"
)
#: Name of what is called -> the uses that its result is safe for.
_SAFE: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), tuple(uses.split()))
    for pattern, uses in (
        (r"(?:^|\.)(?:secure_filename|basename|extname|splitext|get_valid_filename|sanitize_?filename)$", "path"),
        (r"(?:^|\.)(?:safe_join|send_from_directory)$", "path"),
        (r"(?:^|\.)(?:shlex\.)?quote$", "shell path request redirect"),
        (r"(?:^|\.)(?:quote_plus|urlencode|encodeURI(?:Component)?|url_?encode)$", "request redirect html path filter"),
        (r"(?:^|\.)(?:shell_?escape|escape_?shell\w*)$", "shell"),
        (r"(?:^|[._])(?:dumps|stringify|tojson)$", "path"),
        (r"(?:^|[._])(?:url_has_allowed_host_and_scheme|is_safe_url|url_for|reverse)$", "redirect"),
        (r"sanit|purif|escape|bleach|strip_?tags|quote_?ident|allow|white_?list", ANY_USE),
        # By the last name alone: cleanIds.map() and safe_rows.join() clean nothing.
        (r"(?:^|\.)(?:esc(?:_\w*)?|[^.]*(?:\bclean|safe|identifier|slug)[^.]*)$", ANY_USE),
        (r"(?:^|\.)(?:psycopg2\.)?sql\.(?:Identifier|Literal|Placeholder)$|\.literal$", "sql"),
    )
)
_SCHEMA = re.compile(
    r"(?:^|\.)(?:safeParse(?:Async)?|parseAsync|validateSync|validateAsync|validate_python|model_validate\w*|validate|valid"
    r"|parse_obj|attempt|assert)$"
)
_SCHEMA_OBJECT = re.compile(r"schema|validator|^z\.|\bJoi\b|\byup\b|\bv\.\w|^[A-Z]\w*\.parse$|dto", re.IGNORECASE)
_TO_REPLACE = re.compile(r"^\s*(?:r?[\"']|/)\(?\[\^")


def ends(callee: str) -> bool:
    """Whether nothing that was sent survives in what *callee* gives back."""
    last = callee.rpartition(".")[2]
    return last in _ENDS or callee.startswith("Math.") or _NOTHING_LEFT.search(last) is not None


def hands_on(callee: str) -> bool:
    """Whether *callee*, a function, gives back what it gets."""
    return callee in _ON


def joins_path(callee: str) -> bool:
    """Whether *callee* makes one path of the pieces it gets."""
    return _JOINS_PATH.search(callee) is not None


def safe_after(callee: str) -> tuple[str, ...]:
    """Return the uses that the result of *callee* is safe for."""
    return next((uses for pattern, uses in _SAFE if pattern.search(callee)), ())


def is_schema(callee: str) -> bool:
    """Whether *callee* checks a value against a schema and hands it on."""
    if _SCHEMA.search(callee):
        return True
    return callee.endswith((".parse", ".load", ".cast")) and _SCHEMA_OBJECT.search(callee) is not None


def replaces_all(pattern: str) -> bool:
    """Whether the regular expression *pattern*, as written, takes away whatever is not listed: `[^a-z0-9]`."""
    return _TO_REPLACE.match(pattern) is not None
