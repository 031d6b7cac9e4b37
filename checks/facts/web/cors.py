"""Where an app lets the pages of any site read its answers (CORS): code, settings, and the hosts' header files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.tier import Tier, tier_of
from checks.facts.web.cors_javascript import javascript
from checks.facts.web.cors_python import python
from checks.facts.web.open_origin import OpenOrigin
from checks.facts.web.origins import Origins


@dataclass(frozen=True, slots=True)
class OriginsInFile:
    """One file's places that let any page in; *paid* where the file calls a service that costs money."""

    origins: tuple[OpenOrigin, ...]
    paid: bool = False


@dataclass(frozen=True, slots=True)
class OpenOrigins:
    """All files' places that let any page in, by path."""

    files: Mapping[str, OriginsInFile]


_HINT = re2.compile(r"(?i)cors|access-control-allow-origin|allowed_?origins")
_CONFIG = frozenset(
    {
        *("vercel.json", "netlify.toml", "_headers", "firebase.json", "serverless.yml", "serverless.yaml", "now.json"),
        *("staticwebapp.config.json", "web.config", ".htaccess", "nginx.conf", "httpd.conf", "caddyfile"),
        *("template.yaml", "template.yml", "wrangler.toml", "customhttp.yml", "procfile", "dockerfile", ".replit"),
    }
)
#: Files that start an app: what they say of Streamlit counts, their other lines are commands.
_STARTS = re.compile(
    r"(?:^|/)(?:app\.ya?ml|render\.ya?ml|fly\.toml|railway\.(?:json|toml)|nixpacks\.toml|heroku\.yml|docker-compose[\w.-]*\.ya?ml"
    r"|compose\.ya?ml|[\w.-]+\.dockerfile|dockerfile[\w.-]*|(?:start|run|setup|entrypoint|deploy|startup)[\w-]*\.sh)$"
)
_HEADER = re.compile(r"access-control-allow-origin(?P<rest>.{0,200})", re.IGNORECASE)
_STAR = re.compile(r"""(?:^|[\s"':=])\*(?:[\s"';,]|$)""")
_ASKED = re.compile(r"\$http_origin|%\{(?:HTTP_ORIGIN|ORIGIN\w*)\}", re.IGNORECASE)
_CREDENTIALS = re.compile(
    r"access-control-allow-credentials[\"':,\s=]{1,8}(?:\"value\"\s*:\s*)?[\"']?true", re.IGNORECASE
)
_STREAMLIT = re.compile(r"enable_?CORS[\"']?[:\"',\s=]{1,4}false\b", re.IGNORECASE)
_SWITCH = re.compile(r"^[ \t]*cors:\s*true\b")
#: Services that are paid by the call: models, mail, messages.
_PAID = re.compile(
    r"api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis|aiplatform\.googleapis"
    r"|ai\.gateway\.lovable|openrouter\.ai"
    r"|api\.groq\.com|api\.mistral\.ai|api\.x\.ai|api\.perplexity\.ai|api\.replicate\.com|api\.elevenlabs\.io"
    r"|api\.deepgram\.com"
    r"|api\.stability\.ai|fal\.run|huggingface\.co|api\.together|api\.cohere|deepseek\.com|api\.resend\.com"
    r"|api\.sendgrid\.com"
    r"|api\.twilio\.com|api\.mailgun|new\s+(?:OpenAI|Anthropic|Groq|Resend|GoogleGenerativeAI)\b"
    r"|\b(?:Async)?(?:OpenAI|Anthropic)\("
)


def kind_of(path: str) -> str | None:
    """Return the language of *path*, or "config" where it is a file of headers; None for tests and copies."""
    if tier_of(path) is not Tier.CODE:
        return None
    name = posixpath.basename(path).lower()
    if (
        path.endswith(".streamlit/config.toml")
        or name in _CONFIG
        or (name.endswith(".conf") and "nginx" in path.lower())
    ):
        return "config"
    if _STARTS.search(path.lower()):
        return "start"
    return language_of(path)


def read(text: str, kind: str) -> OriginsInFile | None:
    """Return where *text* lets any page in, or None."""
    if _HINT.search(text.encode("utf-8", "replace")) is None:
        return None
    if kind == "config":
        found = list(_config(text))
    elif kind == "start":
        found = [each for each in _config(text) if each.way == "streamlit"]
    elif kind == "python":
        found = list(python(text))
    else:
        found = list(javascript(text, kind))
    unique = {each.line: each for each in sorted(found, key=lambda each: (each.line, each.credentials))}
    return OriginsInFile(tuple(unique.values()), _PAID.search(text) is not None) if unique else None


def _config(text: str) -> Iterator[OpenOrigin]:
    """Yield the lines of a header file; a header's value may stand on one of the next two lines."""
    lines = text.splitlines()
    credentials = _CREDENTIALS.search(text) is not None
    for number, line in enumerate(lines):
        if line.lstrip().startswith(("#", "//", "<!--")):
            continue
        header = _HEADER.search(line[:2_000])
        if header is not None:
            rest = header["rest"].strip().strip("\"'").strip(" ,:=")
            value = header["rest"] if rest else " ".join(each[:200] for each in lines[number + 1 : number + 3])
            if _ASKED.search(value):
                yield OpenOrigin(
                    number + 1, Origins.REFLECTED.value, "header", shape_of("header"), credentials=credentials
                )
            elif _STAR.search(value):
                yield OpenOrigin(number + 1, Origins.ANY.value, "header", shape_of("header"))
        elif _STREAMLIT.search(line[:2_000]):
            yield OpenOrigin(number + 1, Origins.ANY.value, "streamlit", shape_of("streamlit"))
        elif _SWITCH.match(line[:200]):
            yield OpenOrigin(number + 1, Origins.ANY.value, "serverless", shape_of("serverless"))


def join(parts: Mapping[str, OriginsInFile], _listing: Listing) -> OpenOrigins:
    """Return all files' places."""
    return OpenOrigins(parts)


source = Collector(
    fact=OpenOrigins,
    part=OriginsInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=PARSERS,
)
