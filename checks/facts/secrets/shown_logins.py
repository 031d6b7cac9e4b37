"""Passwords written for people to read: on a login page, in a comment of a seed, filled into a form beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import re2

from checks.facts.secrets.assigned_secrets import Assigned, Strength, judge

# What a password is called, in the languages that apps are mostly written for.
_LABEL = (
    r"(?:password|passwd|passwort|kennwort|pwd|contrase(?:ñ|n)a|clave|senha|mot de passe|mdp|wachtwoord|has(?:ł|l)o"
    r"|parola|(?:ş|s)ifre|пароль|密码|パスワード)"
)
_TAG = r"(?:</?[A-Za-z][^<>\n]*>|\{[\"'] [\"']\}|&nbsp;|\s)"
_VALUE = r"(?P<value>[^\s<>{}\"'`|,;()]{5,60})"
_ADDRESS = r"\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}"

_SHAPES = {
    # Password: <code>value</code>, <strong>Password:</strong> value
    "tagged": rf"(?i)\b{_LABEL}(?:{_TAG}{{0,3}}):(?:{_TAG}){{0,4}}</?[A-Za-z][^<>\n]*>(?:{_TAG}){{0,3}}{_VALUE}",
    # <p>Password: value</p>, a@b.c / Password: value
    "text": rf"(?i)(?:[>|/•·(]|{_ADDRESS},?)\s{{0,60}}{_LABEL}[ \t]{{0,2}}:[ \t]{{0,4}}{_VALUE}\s{{0,60}}(?:[<|)]|$)",
    # a@b.c / value, <b>a@b.c</b> | value
    "pair": rf"{_ADDRESS}(?:</?[A-Za-z][^<>\n]*>){{0,3}}[ \t]{{1,40}}[/|•·│┃][ \t]{{1,4}}"
    rf"(?:</?[A-Za-z][^<>\n]*>){{0,3}}{_VALUE}",
    # "Use a@b.c and password value"
    "and": rf"(?i){_ADDRESS}[ ,]{{1,3}}(?:(?:and|with|und|y|e)[ ]{{1,2}})?{_LABEL}:?[ \t]{{1,3}}{_VALUE}",
    # -- Password: value, # default password is 'value'
    "comment": rf"(?im)(?:^[ \t]{{0,40}}|[ \t])(?:--|//|#|\*|/\*)[^\n]*?\b{_LABEL}(?:[ \t]+(?:hash|for|of)){{0,2}}"
    rf"[ \t]{{0,4}}(?:[:=]|[ ]is[ :]|[ ][\"'`])[ \t]{{0,4}}[\"'`]?{_VALUE}",
}
_PAGE_SHAPES = {
    # <div>a@b.c</div><div>value</div>
    "beside": rf"{_ADDRESS}\s{{0,40}}</[A-Za-z]+>\s{{0,200}}<[A-Za-z][^<>\n]*>\s{{0,80}}"
    rf"(?:{_LABEL}:\s{{0,8}})?{_VALUE}\s{{0,80}}</",
    # <code class="demo-password">value</code>
    "classed": r"(?i)<[a-z][^<>\n]*\b(?:class|className|id)=[\"'][^\"'\n]*passw[^\"'\n]*[\"'][^<>\n]*>"
    rf"\s{{0,80}}{_VALUE}\s{{0,80}}</",
    # onclick="fill('a@b.c', 'value')"
    "fill": rf"\b\w{{0,40}}(?:[Ff]ill|[Ll]ogin|[Dd]emo|[Qq]uick)\w{{0,40}}\(\s{{0,8}}[\"']{_ADDRESS}[\"']"
    rf"\s{{0,8}},\s{{0,8}}[\"']{_VALUE}[\"']",
}
_CODE_SHAPES = {
    # const [password, setPassword] = useState("value")
    "state": r"\[[ \t]{0,4}(?:password|pwd|pass)[ \t]{0,4},[ \t]{0,4}\w{1,40}[ \t]{0,4}\] ?= ?(?:React\.)?useState"
    r"(?:<[^<>\n]{1,40}>)?\([ \t]{0,4}[\"'](?P<value>[^\"'\n]{4,60})[\"']",
    # ("a@b.c", "value")
    "listed": rf"[\[(]\s{{0,8}}[\"']{_ADDRESS}[\"'][ \t]{{0,4}},[ \t]{{0,4}}[\"']{_VALUE}[\"']",
    # setPassword("value")
    "set": r"\bset(?:Login|Admin)?Password\([ \t]{0,4}[\"'](?P<value>[^\"'\n]{4,60})[\"']",
    # st.text_input("Password", value="value", type="password")
    "input": r"(?i)text_input\([^()\n]{0,120}passw[^()\n]{0,120}\bvalue=[\"'](?P<value>[^\"'\n]{4,60})[\"']",
    # <input type="password" value="value">
    "field": r"(?i)<input\b[^<>\n]*type=[\"']password[\"'][^<>\n]*\b(?:value|defaultValue)="
    r"[\"'](?P<value>[^\"'\n]{4,60})[\"']",
}
_SQL_SHAPES = {
    "crypt": r"(?i)\bcrypt\([ \t]{0,4}'(?P<value>[^'\n]{3,100})'[ \t]{0,4},[ \t]{0,4}gen_salt",
    "role": r"(?i)\b(?:(?:create|alter)\s{1,8}(?:user|role|login)\s[^;\n]*?|encrypted\s{1,8})password"
    r"\s{0,8}=?\s{0,8}N?'(?P<value>[^'\n]{3,100})'",
    "identified": r"(?i)\bidentified\s{1,8}(?:with\s{1,8}\w{1,40}\s{1,8})?by\s{1,8}'(?P<value>[^'\n]{3,100})'",
}
#: What a script of a database gives an account that it makes.
ACCOUNT = "password of an account that this SQL makes"
_KINDS = {
    "code": (_SHAPES, _PAGE_SHAPES, _CODE_SHAPES, _SQL_SHAPES),
    "python": (_SHAPES, _CODE_SHAPES, _SQL_SHAPES),
    "markup": (_SHAPES, _PAGE_SHAPES, _CODE_SHAPES),
    "dump": (_SHAPES, _SQL_SHAPES),
    "shell": (_SHAPES, _SQL_SHAPES),
    "config": (_SHAPES,),
    "prose": (_SHAPES,),
}
_HINT = re2.compile(rf"(?i){_LABEL}|\bcrypt\(|identified|{_ADDRESS}")
_METHODS = re.compile(r"(?i)^(?:sha|md|bcrypt|argon|scrypt|pbkdf|utf|base|oauth|http|auth|min|max|v)[-_]?\d")


@cache
def _compiled(kind: str) -> tuple[tuple[bool, re2._Regexp], ...]:
    """Return the patterns for *kind*, each with whether it finds accounts that are made."""
    options = re2.Options()
    options.max_mem = 64 << 20  # automatons over tags and labels are wide; the default sends them to the slow path
    return tuple(
        (name == "crypt", re2.compile(form, options)) for shapes in _KINDS[kind] for name, form in shapes.items()
    )


def shown_in(text: str, kind: str) -> Iterator[Assigned]:
    """Yield the passwords that *text*, read as *kind*, tells a person; most are advice: some are for show alone."""
    if kind not in _KINDS or _HINT.search(text) is None:
        return
    for makes, pattern in _compiled(kind):
        at = pattern.groupindex["value"]
        for match in pattern.finditer(text):
            value = match.group(at).rstrip(".:!?*_\\") if match.group(at)[-1] in ".:?*_\\" else match.group(at)
            found = judge("password", value, "prose") if any(map(str.isalpha, value)) else None
            if found is not None and not _METHODS.match(value) and "://" not in value and "@" not in value[4:-1]:
                what, strength = (ACCOUNT, Strength.LIKELY) if makes else (found[0], Strength.POSSIBLE)
                yield Assigned(match.start(at), what, strength, value)
