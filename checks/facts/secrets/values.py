"""What a literal value looks like: a placeholder, a reference, plain words, a well-known weak password, or a secret."""

from __future__ import annotations

import math
import re
from collections import Counter
from enum import StrEnum
from functools import lru_cache

from checks.facts.word_set import word_set


class Look(StrEnum):
    """What a value looks like by itself."""

    EMPTY = "empty"
    REFERENCE = "reference"  # to an environment variable, a template field, a call
    PLACEHOLDER = "placeholder"  # says that it is to be replaced
    DUMMY = "dummy"  # says that it is made up
    WORDS = "words"  # a sentence, a name, a path: text for people or for the program
    WEAK = "weak"  # a password everybody tries first
    PLAIN = "plain"  # letters only: may be a password, may be a word
    STRONG = "strong"  # mixed enough that nobody writes it for another reason


_MOST = 400  # characters of a value that are looked at
_REFERENCE = re.compile(
    r"^\$[\w{(]|^\[[A-Z]\w+[.\]]|\{\}|\{[a-zA-Z_][^{}]*\}|^[A-Za-z_][\w.]*\((?:.*\)[\w.()]*)?;?$|\[(?:a-z|A-Z|0-9)|\\[wds][+*{]|^`|^\s*[,;+)\]}?:&|]\s|\$\{|\{\{|^%\w+%$|%\(\w+\)|^\{[\w.\[\]]*\}$|^<[^>]*>$|^\[[^\]]*\]$|process\.env|os\.environ|getenv|import\.meta"
    r"|^(?:env|secrets|vars|vault|op|ssm|arn|file|secret|config|settings|data|var|local|self|this|props|req|request|res|ctx"
    r"|params|args|opts|options|user|account|body|state|form|payload|credentials?|event|process|ENV|Deno|System)[.:\[]"
    r"|^!\w+(?:[\s:]|$)|^[*&]\w[\w.-]*$"
    r"|#\{|<%|^@\w+[@.(]|^(?:await|new|function|async|lambda|return) |=>|\{%|^/run/secrets|^\$$"
)
_PLACEHOLDER = re.compile(
    r"change[_ -]?(?:me|this|it|in|before|for|on)|your[_ -]?|^my[_ -]|[_ -]here\b|place[_ -]?holder|replace|todo|fixme|"
    r"tbd|insert|enter[_ -]|fill[_ -]|put[_ -]|set[_ -](?:me|this|in|via)|redacted|removed|censored|hidden|masked|"
    r"not[_ -]?(?:set|used|needed|required|real|a[_ -])|unset|undefined|null|^none$|^n/?a$|^nil$|^(?:true|false)$|"
    r"x{4,}|\*{3,}|\.{3}|…|-{3,}|_{3,}|0{6,}|1{8,}|9{8,}|abcdef(?:gh)|^<|>$|generate|some[_ -]|\bthe[_ -]|use[_ -]a|"
    r"must[_ -]|unsafe|insecure|(?:in|non)[_ -]?valid|^empty$|^default$|build[_ -]?time|^secret[_-]?\w*$|api[_ -]?key|"
    r"access[_ -]?token|^token$|^key$",
    re.IGNORECASE,
)
# Words of values made up for trying things out; a password of a real server may hold one all the same.
_DUMMY = re.compile(
    r"example|sample|dummy|fake|mock|foo|^bar$|baz|random|default[_ -]|ci[_ -]?only|only[_ -]for|1234567890|0123456789|"
    r"deadbeef|^test|test$|[_ -]test[_ -]|lorem|^none|(?:dev|test|local)[_ -]?(?:only|key|secret|token)",
    re.IGNORECASE,
)
_WEAK = word_set(
    """
    password passw0rd pass password1 password12 password123 password1234 pass123 pass1234 admin admin1 admin12
    admin123 admin1234 admin12345 administrator root toor root123 rootroot rootpass rootpassword secret
    secret123 supersecret qwerty qwerty123 letmein welcome welcome1 welcome123 default guest test test123
    test1234 user user123 demo demo123 postgres postgres123 mysql mongo redis rabbitmq minioadmin 1234 12345
    123456 1234567 12345678 123456789 1234567890 111111 000000 abc123 iloveyou monkey dragon master adminadmin
    adminpass adminpassword superadmin p@ssw0rd p@ssword p@ssw0rd123 password! password@123 admin@123 test@123
    pass@123 owner123 manager123 staff123 student123 teacher123 demo1234
    """
)
# "passwordforshop!", "testpass123": whoever chose it said what it is, so it is no word of a sentence.
_SAYS_PASSWORD = re.compile(r"^[a-z]*pass(?:word|wd|wort)?[a-z]*[!@#$%&*]+$")
_WORDS = (
    re.compile(r"^[\w.+-]+@[\w-]+\.[\w.-]+$"),  # an address
    re.compile(r"^(?:https?|wss?|ftp|file|redis|amqp|s3|gs)://[^@]*$"),  # a URL without credentials
    re.compile(r"^[.~]{0,2}/[\w./ -]*$|^[A-Za-z]:\\"),  # a path
    re.compile(
        r"^[\w./-]+\.(?:pem|key|crt|cer|txt|json|ya?ml|py|[jt]sx?|html?|css|sql|db|env|ini|toml|p12|jks|gpg|asc|pub|sh|md)$"
    ),
    re.compile(r"^[#.][a-zA-Z_][\w-]*$|^[a-z]*\[[^\]]+\]$|^input\b"),  # a selector
    re.compile(r"^[a-z]+(?:[A-Z][a-z]+)+$"),  # camelCase
    re.compile(r"^(?:[A-Z][a-z]+){2,}$"),  # PascalCase
    re.compile(r"^_*[A-Za-z]+(?:[_.:/-][A-Za-z]+)+[:_.-]?$"),  # snake_case, kebab-case, dotted, SCREAMING_CASE
    re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$"),  # the name of an environment variable
    re.compile(r"^[\W_]+$"),  # no letter and no digit
    re.compile(r"^[a-z][a-zA-Z]*(?:\.[a-zA-Z_]\w*)+$"),  # an attribute
    re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$"),  # an address of a machine
    re.compile(r"^(?:sha\d+|md5)[-:]", re.IGNORECASE),  # a digest
    re.compile(r"^#[0-9a-fA-F]{3,8}$"),  # a colour
    re.compile(r"^\w+(?:\|[\w:,.=]+)+$"),  # rules of a form
    re.compile(r"^\d+/[a-z]+(?:/\w+)?(?:,|$)"),  # a rate
    re.compile(r"^(?:1password|keepass(?:xc)?|nordpass|lastpass|protonpass|bitwarden)$", re.IGNORECASE),  # a product
    re.compile(r"^[A-Za-z]+[.!?:]$"),  # a word at the end of a sentence
)


def entropy(value: str) -> float:
    """Return the Shannon entropy of *value* in bits a character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values()) if value else 0.0


@lru_cache(maxsize=1024)
def look_of(value: str) -> Look:  # noqa: PLR0911 - one answer a rule reads best in order
    """Return what *value* looks like. What it is used for is not known here."""
    value = value.strip()[:_MOST]
    if not value:
        return Look.EMPTY
    if value.lower() in _WEAK:
        return Look.WEAK
    if _REFERENCE.search(value):
        return Look.REFERENCE
    if _PLACEHOLDER.search(value) or len(set(value)) <= 2:  # noqa: PLR2004 - aaaa, abab
        return Look.PLACEHOLDER
    if _DUMMY.search(value):
        return Look.DUMMY
    if _is_prose(value):
        return Look.WORDS
    if _SAYS_PASSWORD.match(value):
        return Look.STRONG
    if any(pattern.match(value) for pattern in _WORDS):
        return Look.WORDS
    if value.isalpha() and (value.islower() or value.isupper() or value.istitle()):
        return Look.PLAIN
    return Look.STRONG


def _is_prose(value: str) -> bool:
    """Whether *value* is text for people: words between blanks, or a word of a language with letters of its own."""
    if any(char.isalpha() and not char.isascii() for char in value) and not any(map(str.isdigit, value)):
        return True
    if not any(map(str.isspace, value)):
        return False
    return sum(char.isalpha() or char.isspace() for char in value) > _PROSE * len(value)


_PROSE = 0.8  # the share of letters and blanks from which on a text with blanks is prose; machines mix in more


def is_composed(value: str) -> bool:
    """Whether *value* has what a form asks of a password: eight characters, both cases, a digit, another character."""
    return (
        8 <= len(value) <= 64  # noqa: PLR2004 - a form's own limits
        and value.isascii()
        and not any(map(str.isspace, value))
        and all(any(map(has, value)) for has in (str.islower, str.isupper, str.isdigit))
        and re.search(r"[!@#$%^&*?.-]", value) is not None
    )


def is_random(value: str) -> bool:
    """
    Whether *value* looks drawn by a machine: long, without blanks, and mixed.

    The limits are detect-secrets' own: 3.0 bits a character for hexadecimal, 4.5 for base64; a short value cannot reach
    4.5, so for it 85 % of what its length allows counts.
    """
    if len(value) < 16 or not value.isascii() or _is_prose(value):  # noqa: PLR2004 - 64 bits in hexadecimal
        return False
    if re.fullmatch(r"[0-9a-fA-F-]+", value):
        return entropy(value) > 3.0  # noqa: PLR2004 - see above
    if not re.search(r"\d", value) or not re.search(r"[A-Za-z]", value):
        return False
    return entropy(value) > min(4.5, 0.85 * math.log2(len(value)))
