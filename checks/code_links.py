"""The address that opens the very line at the very commit on a code host."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from checks.model import Finding

#: GitHub's, which a GitHub or GitLab of one's own takes too.
_USUAL = "{base}/blob/{commit}/{path}#L{line}"
_FORMS = {
    "github.com": _USUAL,
    "gitlab.com": "{base}/-/blob/{commit}/{path}#L{line}",
    "codeberg.org": "{base}/src/commit/{commit}/{path}#L{line}",
    "bitbucket.org": "{base}/src/{commit}/{path}#lines-{line}",
}


def link_to(finding: Finding, repository: str, revision: str | None, *, anywhere: bool = False) -> str | None:
    """
    Return the address of *finding*'s line in *repository* at *revision*, or at its own commit; or None.

    Hosts that we do not know are linked *anywhere* only where the reader named the repository: in Slack others did.
    """
    try:
        parts = urlsplit(repository)
    except ValueError:
        return None
    commit = finding.commit or revision
    form = _FORMS.get(parts.netloc, _USUAL if anywhere else None)
    if parts.scheme != "https" or form is None or not commit or finding.path is None:
        return None
    base = f"https://{parts.netloc}{quote(parts.path.removesuffix('/').removesuffix('.git'))}"
    # A path of the repository may hold half a character, which no address can.
    path = quote(finding.path.encode("utf-8", "replace"), safe="/")
    whole = form.format(base=base, commit=quote(commit), path=path, line=finding.line)
    return whole if finding.line else whole.rpartition("#")[0]
