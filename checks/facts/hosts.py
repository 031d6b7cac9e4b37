"""The hosts that apps run on: the files that set each up, the addresses it gives, and whether its disk lasts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """*fleeting*: its disk is empty after each start unless a volume is asked for. *says*: what its file must hold."""

    fleeting: bool
    says: re.Pattern[str] | None = None


#: By the documentation of each; Replit's is of published apps, not of the workspace.
HOSTS: dict[str, Host] = {
    "Vercel": Host(fleeting=True),
    "Netlify": Host(fleeting=True),
    "Heroku": Host(fleeting=True),
    "Fly.io": Host(fleeting=True),
    "Render": Host(fleeting=True),
    "Railway": Host(fleeting=True),
    "App Engine": Host(fleeting=True, says=re.compile(r"^[ \t]*(?:runtime|env)\s*:", re.MULTILINE)),
    "App Platform": Host(fleeting=True),
    "Cloud Run": Host(fleeting=True, says=re.compile(r"run['\",\s-]+deploy|serving\.knative\.dev|run\.googleapis")),
    "AWS Lambda": Host(fleeting=True),
    "Cloudflare": Host(fleeting=True),
    "Replit": Host(fleeting=True, says=re.compile(r"^[ \t]*\[deployment\]", re.MULTILINE)),
    "Streamlit Cloud": Host(fleeting=True),
    "Hugging Face Spaces": Host(fleeting=True),
    "Firebase": Host(fleeting=True),
    "Amplify": Host(fleeting=True),
    "Lovable": Host(fleeting=True),
    "Bolt": Host(fleeting=True),
    "v0": Host(fleeting=True),
    "Azure": Host(fleeting=False),
    "GitHub Pages": Host(fleeting=True),
    "PythonAnywhere": Host(fleeting=False),
    "Docker": Host(fleeting=False),
    "Docker Compose": Host(fleeting=False),
    "Kubernetes": Host(
        fleeting=False, says=re.compile(r"^[ \t]*kind:\s*(?:Deployment|StatefulSet|DaemonSet)", re.MULTILINE)
    ),
    "Terraform": Host(fleeting=False),
    "a server": Host(fleeting=False),
}
_FILES = {
    **dict.fromkeys(("vercel.json", "now.json"), "Vercel"),
    "netlify.toml": "Netlify",
    "procfile": "Heroku",
    "fly.toml": "Fly.io",
    **dict.fromkeys(("render.yaml", "render.yml"), "Render"),
    **dict.fromkeys(("railway.json", "railway.toml", "nixpacks.toml"), "Railway"),
    **dict.fromkeys(("cloudbuild.yaml", "cloudbuild.yml", "service.yaml"), "Cloud Run"),
    **dict.fromkeys(
        ("serverless.yml", "serverless.yaml", "template.yaml", "samconfig.toml", "zappa_settings.json"), "AWS Lambda"
    ),
    **dict.fromkeys(("wrangler.toml", "wrangler.jsonc", "wrangler.json"), "Cloudflare"),
    ".replit": "Replit",
    "firebase.json": "Firebase",
    "amplify.yml": "Amplify",
    **dict.fromkeys(("dockerfile", "containerfile"), "Docker"),
    **dict.fromkeys(("ecosystem.config.js", "ecosystem.config.cjs", "captain-definition", "playbook.yml"), "a server"),
    **dict.fromkeys(("chart.yaml", "kustomization.yaml"), "Kubernetes"),
}
_KUBERNETES = re.compile(r"(^|/)(k8s|kube\w*|kubernetes|helm|charts?|manifests?)/.*\.ya?ml$")


def host_of_file(path: str) -> str | None:
    """Return the name of the host that *path* sets up, by its name and folder, or None."""
    name = posixpath.basename(path).lower()
    if name in {"app.yaml", "app.yml"}:
        return "App Platform" if path.startswith(".do/") else "App Engine"
    if name.endswith((".tf", ".bicep")) or name in {"pulumi.yaml", "cdk.json"}:
        return "Terraform"
    if name.startswith("dockerfile.") or name.endswith(".dockerfile"):
        return "Docker"
    if name.endswith(".service") and "/" in path:
        return "a server"
    return _FILES.get(name) or ("Kubernetes" if _KUBERNETES.search(path) else None)


def _at(*endings: str) -> re.Pattern[str]:
    ends = "|".join(re.escape(each) for each in endings)
    return re.compile(rf"https?://[\w.-]{{1,100}}\.(?:{ends})\b", re.IGNORECASE)


#: Addresses under which each host serves an app, as a README links to it.
LINKS: dict[str, re.Pattern[str]] = {
    "Vercel": re.compile(
        r"https?://(?:[\w.-]{1,100}\.vercel\.app|vercel\.com/(?!new|docs|templates|font|import|button)[\w-]+/[\w-]+)"
    ),
    "Netlify": _at("netlify.app", "netlify.com/sites"),
    "Heroku": _at("herokuapp.com"),
    "Fly.io": _at("fly.dev"),
    "Render": _at("onrender.com"),
    "Railway": _at("up.railway.app", "railway.app"),
    "App Engine": _at("appspot.com"),
    "Cloud Run": _at("run.app"),
    "Cloudflare": _at("pages.dev", "workers.dev"),
    "Replit": _at("replit.app", "repl.co", "replit.dev"),
    "Streamlit Cloud": _at("streamlit.app", "streamlitapp.com", "streamlit.io"),
    "Hugging Face Spaces": re.compile(r"https?://(?:[\w-]+\.hf\.space|huggingface\.co/spaces/[\w-]+)"),
    "Firebase": _at("web.app", "firebaseapp.com"),
    "Azure": _at("azurewebsites.net", "azurestaticapps.net", "azurecontainerapps.io"),
    "PythonAnywhere": _at("pythonanywhere.com"),
    "Lovable": re.compile(
        r"https?://(?:[\w-]+\.lovable\.(?:app|dev)|lovable\.dev/projects/|[\w-]+\.lovableproject\.com)"
    ),
    "Bolt": re.compile(r"https?://(?:[\w-]+\.bolt\.host|bolt\.new/~)"),
    "v0": re.compile(r"https?://v0\.(?:dev|app)/chat/"),
    "GitHub Pages": _at("github.io"),
}
