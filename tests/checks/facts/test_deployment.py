"""What tells where an app runs, and what tells that it is a package for others."""

from __future__ import annotations

import pytest

from checks.fact import Listing
from checks.facts.deployment import Deployment, join, kind_of, read
from checks.facts.neighbours import is_set_aside, root_of, same_app


def deployment(files: dict[str, str]) -> Deployment:
    """The fact that *files* give."""
    parts = {path: part for path, text in files.items() if (kind := kind_of(path)) and (part := read(text, kind))}
    return join(parts, Listing(()))


@pytest.mark.parametrize(
    ("path", "text", "host"),
    [
        ("vercel.json", "{}", "Vercel"),
        (".replit", 'run = "x"\n[deployment]\nrun = ["x"]\n', "Replit"),
        ("app.yaml", "runtime: python312\n", "App Engine"),
        ("cloudbuild.yaml", "args: ['run', 'deploy', 'app']\n", "Cloud Run"),
        ("README.md", "See https://my-app.streamlit.app for a demo\n", "Streamlit Cloud"),
        ("README.md", "---\ntitle: x\nsdk: gradio\n---\n", "Hugging Face Spaces"),
        ("README.md", "**URL**: https://lovable.dev/projects/1\n", "Lovable"),
        ("package.json", '{"homepage": "https://x.github.io/app"}', "GitHub Pages"),
    ],
)
def test_hosts_with_a_disk_that_does_not_last(path: str, text: str, host: str) -> None:
    """Each host is known by its file or its address, and its disk does not last."""
    fleeting = deployment({path: text}).fleeting
    assert fleeting is not None
    assert (fleeting[0], fleeting[1].host) == (path, host)


@pytest.mark.parametrize(
    "files",
    [
        {"fly.toml": "app = 'x'\n[mounts]\nsource = 'data'\n"},
        {"render.yaml": "services:\n- type: web\n  disk:\n    name: data\n"},
        {"Dockerfile": "FROM x\n"},
        {".replit": "run = 'x'\n"},
        {".devcontainer/Dockerfile": "FROM x\n"},
        {"README.md": "Deploy with https://vercel.com/new and read https://vercel.com/docs/x\n"},
        {"tests/vercel.json": "{}"},
    ],
)
def test_volumes_plain_containers_and_templates_are_not_fleeting(files: dict[str, str]) -> None:
    """A volume lasts, a container may have one, and a link to a template runs nothing."""
    assert deployment(files).fleeting is None


def test_a_library_is_published_and_runs_nowhere() -> None:
    """A package with classifiers is a library until something says that it runs."""
    package = {"pyproject.toml": '[project]\nclassifiers = ["Programming Language :: Python"]\n'}
    assert deployment(package).is_library
    assert not deployment(package | {"Dockerfile": "FROM x\n"}).is_library
    assert deployment({"package.json": '{"name": "x", "main": "x.js", "files": ["x.js"]}'}).is_library
    assert not deployment({"package.json": '{"private": true, "main": "x.js", "files": ["x.js"]}'}).is_library
    assert not deployment({"sub/pyproject.toml": package["pyproject.toml"]}).is_library


@pytest.mark.parametrize("text", ["[" * 9_000, "[]", '{"scripts": 1, "dependencies": []}', "{", ""])
def test_a_manifest_that_is_none_says_nothing(text: str) -> None:
    """Broken, deep and odd manifests end nothing."""
    assert deployment({"package.json": text}).places == ()


def test_neighbours_belong_to_one_app_by_folder_and_language() -> None:
    """An app's folder is that above src, app or server; Django's settings lie beside the packages they are for."""
    assert root_of("backend/app/main.py") == "backend/"
    assert same_app("server/index.ts", "lib/a.ts")
    assert same_app("shop/config/settings.py", "shop/orders/views.py", settings=True) is True
    assert not same_app("api/main.py", "web/a.py")
    assert not same_app("api/main.py", "api/a.ts")
    assert is_set_aside("core_backup/app.py")
    assert not is_set_aside("src/backup.py")
