"""As what a file is searched for secrets, by its path."""

from __future__ import annotations

import re

from checks.facts.tier import is_compose_file

_BINARY = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|woff2?|ttf|otf|eot|mp[34]|m4a|mov|webm|wav|ogg|flac|pdf|zip|gz|tgz|bz2|xz"
    r"|7z|rar|jar|war|class|so|dll|exe|dylib|wasm|pyc|o|a|bin|pack|idx|psd|sketch|fig|docx?|xlsx?|pptx?|parquet|feather"
    r"|npy|npz|pt|onnx|pkl|h5)$",
    re.IGNORECASE,
)
# Files full of digests, of other people's code, or of text in many languages: only what names its vendor counts there.
_TOKENS_ONLY = re.compile(
    r"(?:^|/)(?:package-lock[^/]*|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|bun\.lockb?|go\.sum|[^/]*\.lock)$"
    r"|(?:^|/)(?:node_modules|site-packages|bower_components|vendor|third_party|\.next|dist|build|out)/"
    r"|(?:^|/)(?:locales?|i18n|intl|translations?|langs?|languages|messages)/"
    r"|(?:^|/)(?:ar|be|bg|bn|bs|ca|cs|cy|da|de|el|en|es|et|eu|fa|fi|fr|ga|gl|he|hi|hr|hu|hy|id|it|ja|ka|kk|km|ko|lt|lv|mk"
    r"|mn|ms|nb|nl|nn|no|pa|pl|pt|ro|ru|sk|sl|sq|sr|sv|sw|ta|te|th|tr|uk|ur|uz|vi|zh)(?:[-_][a-z]{2,4})?\.(?:json|ya?ml|[jt]s)$"
    r"|\.(?:umd|iife|dart|esm-browser|esm-bundler|global|standalone)(?:\.\w{3,12})?\.[cm]?js$"
    r"|\.(?:min\.(?:js|css)|bundle\.js|map|svg|csv|tsv|po|pot|ipynb|snap|css|scss|less)$",
    re.IGNORECASE,
)
_TABLE = re.compile(r"\.(?:csv|tsv)$", re.IGNORECASE)
_KINDS = (
    (
        "env",
        r"(?:^|/)(?:\.env(?:rc|\.[\w.-]+)?|\.flaskenv|[\w.-]*\.env(?:\.[\w-]+)?|env\.(?:local|production))$",
    ),
    ("netrc", r"(?:^|/)[._]netrc$"),
    ("pgpass", r"(?:^|/)\.?pgpass(?:\.conf)?$"),
    ("hashes", r"(?:^|/)\.?(?:ht)?passwd$|\.htpasswd$|(?:^|/)shadow-?$"),
    ("keyfile", r"(?:^|/)[\w.-]*(?:secret|master|token|api_?key|passw)[\w-]*(?:\.(?:key|txt))?$"),
    ("python", r"\.pyi?$|\.py[._-](?:bak|backup|old|orig|copy|save)[\w.-]*$"),
    (
        "code",
        (
            r"\.(?:[cm]?[jt]sx?|vue|svelte|astro|php|rb|go|java|kt|scala|cs|rs|swift|dart|c|h|cc|cpp|hpp|m|exs?|lua|pl|r|jl)"
            r"(?:[._-](?:bak|backup|old|orig|copy|save)[\w.-]*)?$"
        ),
    ),
    ("dump", r"\.(?:sql|dump|pgsql|mysql)$"),
    ("prose", r"\.(?:md|mdx|rst|adoc|txt|log|textile|org)$|(?:^|/)(?:README|CHANGELOG|NOTES|TODO)$"),
    ("json", r"\.(?:json|jsonc|json5|webmanifest|har)$"),
    ("shell", r"\.(?:sh|bash|zsh|fish|ps1|bat|cmd)$|(?:^|/)(?:\.(?:bash|zsh|sh)\w*|Makefile|Procfile|justfile)$"),
    ("markup", r"\.(?:html?|xml|xhtml|jinja2?|j2|hbs|ejs|twig|pug|erb)$"),
)
#: Characters of a file of code that a person may have written; what is longer came from a tool, and is searched as text
#: (candidates) without being taken apart.
WRITTEN = 2 * 1024 * 1024
LARGEST = 32 * 1024 * 1024  # bytes of a file that is looked at

_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read; None for pictures, archives and other files that hold no text."""
    if _BINARY.search(path):
        return None
    if is_compose_file(path):
        return "compose"  # its settings are judged by checks.facts.secrets.compose_secrets, which knows the ports
    if _TOKENS_ONLY.search(path):
        return "table" if _TABLE.search(path) else "tokens"
    return next((kind for kind, pattern in _COMPILED if pattern.search(path)), "config")
