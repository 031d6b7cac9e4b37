"""Where and how an app runs, as far as its files tell: hosts, containers, volumes; or a package that others install."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.hosts import HOSTS, LINKS, Host, host_of_file
from checks.facts.tier import Tier, is_compose_file, is_for_development, is_pipeline, tier_of


@dataclass(frozen=True, slots=True)
class Place:
    """One sign of where the app runs: the *host*'s name, the *line* that says so, and whether by a link alone."""

    host: str
    line: int
    link: bool = False


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """One file's signs. *volume*: it gives the app a disk that lasts; *pages*: it is built into pages for browsers."""

    places: tuple[Place, ...] = ()
    volume: bool = False
    published: bool = False
    pages: bool = False
    deploys: bool = False


@dataclass(frozen=True, slots=True)
class Deployment:
    """
    All signs. *places* are (path, place); *configured* the files that say how it is deployed.

    *published*: the repository is a package that others install. *pages*: it builds pages for browsers.
    """

    places: tuple[tuple[str, Place], ...]
    configured: tuple[str, ...]
    volume: bool
    published: bool
    pages: bool

    @property
    def is_library(self) -> bool:
        """Whether it is a library or a command line: published for others, and nothing says that it runs anywhere."""
        return self.published and all(place.link for _, place in self.places)

    @property
    def fleeting(self) -> tuple[str, Place] | None:
        """The first sign of a host whose disk is empty after each start, links last; None where there are volumes."""
        if self.volume:
            return None
        signs = [(path, place) for path, place in self.places if HOSTS[place.host].fleeting]
        return min(signs, key=lambda sign: sign[1].link, default=None)


_VOLUME = re.compile(
    r"^[ \t]*\[\[?mounts\]?\]|^[ \t]*(?:-[ \t]*)?disk:|persistentVolumeClaim|PersistentVolumeClaim|volumeClaimTemplates"
    r"|requiredMountPath"
    r"|aws_efs|hostPath:|EFSVolume",
    re.MULTILINE,
)
_WORKFLOW = re.compile(r"(^|/)\.(?:github/workflows|gitlab-ci|circleci)[^\n]*\.ya?ml$")
_DEPLOYS = re.compile(
    r"vercel|netlify|flyctl|superfly|heroku|gcloud\s+(?:run|app)|az\s+webapp|azure/webapps|aws-actions|kubectl"
    r"|helm\s+upgrade|\brsync\b"
    r"|ssh-action|\bscp\b|railway\s+up|wrangler|firebase\s+deploy|FirebaseExtended|supabase\s+(?:functions|db)\s"
    r"|actions/deploy-pages|docker/build-push"
    r"|docker\s+(?:compose\s+)?push|terraform\s+apply|serverless\s+deploy|cdk\s+deploy|caprover|dokku|\bssh\s"
)
_README = re.compile(r"^readme(?:\.\w+)?$", re.IGNORECASE)
_BUILT = frozenset(
    {
        *(
            "next",
            "vite",
            "react-scripts",
            "astro",
            "nuxt",
            "@sveltejs/kit",
            "@remix-run/react",
            "gatsby",
            "@angular/core",
        ),
        *("expo", "@vue/cli-service", "parcel"),
    }
)
_PACKAGED = re.compile(r"Programming Language ::|Topic ::|Framework ::|Intended Audience ::")
_SPACES = re.compile(r"\A---\n(?:[^\n]*\n){0,12}?sdk:\s*(?:streamlit|gradio|docker|static)\b")


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None where it says nothing of where the app runs."""
    name = posixpath.basename(path).lower()
    if _WORKFLOW.search(path):
        return "workflow"
    if _README.match(name):
        return "readme" if path.count("/") <= 1 and tier_of(path) is not Tier.VENDORED else None
    passing = is_for_development(path) or (is_pipeline(path) and not name.startswith("cloudbuild"))
    if tier_of(path) is not Tier.CODE or passing:
        return None
    if name in {"package.json", "pyproject.toml", "setup.py", "setup.cfg", "index.html"}:
        return name
    if is_compose_file(path):
        return "compose"
    host = host_of_file(path)
    return f"host:{host}" if host else None


def read(text: str, kind: str) -> DeploymentFile | None:
    """Return the signs of *text*, or None where it has none."""
    match kind:
        case "workflow":
            part = DeploymentFile(deploys=_DEPLOYS.search(text) is not None)
        case "readme":
            spaces = (Place("Hugging Face Spaces", 1),) if _SPACES.match(text[:2_000]) else ()
            part = DeploymentFile((*spaces, *_links(text)))
        case "index.html":
            part = DeploymentFile(tuple(_links(text)))
        case "package.json":
            part = _package(text)
        case "pyproject.toml" | "setup.py" | "setup.cfg":
            part = DeploymentFile(published=_PACKAGED.search(text) is not None)
        case "compose":
            volume = re.search(r"^[ \t]*volumes:", text, re.MULTILINE) is not None
            part = DeploymentFile((Place("Docker Compose", 1),), volume=volume, deploys=True)
        case _:
            part = _host(text, kind.removeprefix("host:"))
    return part if part != DeploymentFile() else None


def _host(text: str, name: str) -> DeploymentFile:
    host: Host = HOSTS[name]
    match = host.says.search(text) if host.says is not None else None
    if host.says is not None and match is None:
        return DeploymentFile()
    line = text.count("\n", 0, match.start()) + 1 if match else 1
    return DeploymentFile((Place(name, line),), volume=_VOLUME.search(text) is not None, deploys=True)


def _links(text: str) -> Iterator[Place]:
    """Yield each host that *text* links to, once."""
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines()[:2_000], 1):
        for name, pattern in LINKS.items():
            if name not in seen and pattern.search(line[:2_000]):
                seen.add(name)
                yield Place(name, number, link=True)


def _package(text: str) -> DeploymentFile:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return DeploymentFile()
    if not isinstance(data, dict):
        return DeploymentFile()
    wanted = {
        name for key in ("dependencies", "devDependencies") if isinstance(data.get(key), dict) for name in data[key]
    }
    scripts = data.get("scripts") if isinstance(data.get("scripts"), dict) else {}
    entry = any(key in data for key in ("main", "module", "exports", "bin"))
    told = any(key in data for key in ("files", "publishConfig")) or ("repository" in data and "keywords" in data)
    published = not data.get("private") and entry and told and not (scripts or {}).get("start")
    homepage = data.get("homepage")
    return DeploymentFile(
        tuple(_links(homepage)) if isinstance(homepage, str) else (),
        published=published,
        pages=bool(wanted & _BUILT) and not published,
    )


def join(parts: Mapping[str, DeploymentFile], _listing: Listing) -> Deployment:
    """Return all files' signs; only the outermost description of a package says that the repository is one."""
    places = tuple((path, place) for path, part in sorted(parts.items()) for place in part.places)
    return Deployment(
        places,
        tuple(path for path, part in sorted(parts.items()) if part.deploys),
        any(part.volume for part in parts.values()),
        any(part.published for path, part in parts.items() if "/" not in path),
        any(part.pages for part in parts.values()),
    )


source = Collector(fact=Deployment, part=DeploymentFile, kind_of=kind_of, read=read, join=join)
