"""The no-health-check check beyond its examples: which paths and files count."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.model import Outcome
from checks.operations.no_health_check import check

APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('{path}')\ndef f(): ...\n"


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        *(("/health", Outcome.PASSED), ("/api/v1/healthz", Outcome.PASSED), ("/utils/health-check/", Outcome.PASSED)),
        *(
            ("/ready", Outcome.PASSED),
            ("/ping", Outcome.PASSED),
            ("/status", Outcome.PASSED),
            ("/health/db", Outcome.PASSED),
        ),
        *(("/orders/{id}/status", Outcome.FAILED), ("/shipping", Outcome.FAILED)),
        *(("/", Outcome.FAILED), ("/ping/{id}", Outcome.FAILED)),
    ],
)
def test_route_counts_by_its_path(path: str, outcome: Outcome) -> None:
    """A GET route that is called after a health check counts, one that speaks of something else does not."""
    assert run_example(check, Example({"main.py": APP.format(path=path)})).outcome is outcome


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "FROM x\nHEALTHCHECK --interval=5s CMD curl -f http://localhost/\n"),
        (
            "docker-compose.yml",
            "services:\n  web:\n    healthcheck:\n      test: ['CMD', 'curl', '-f', 'http://localhost']\n",
        ),
        ("k8s/deployment.yaml", "containers:\n  - name: a\n    livenessProbe:\n      httpGet:\n        path: /\n"),
        ("fly.toml", "[[http_service.checks]]\n  path = '/'\n"),
        ("render.yaml", "services:\n  - type: web\n    healthCheckPath: /\n"),
        ("railway.json", '{"deploy": {"healthcheckPath": "/"}}'),
    ],
)
def test_asking_from_outside_counts(path: str, text: str) -> None:
    """A container or a host that asks the app itself is a health check."""
    files = {"main.py": APP.format(path="/"), path: text}
    assert run_example(check, Example(files)).outcome is Outcome.PASSED


def test_streamlit_answers_for_itself_and_unread_servers_are_not_checked() -> None:
    """Streamlit has a health route of its own; what cannot be read is no pass and no fault."""
    assert run_example(check, Example({"app.py": "import streamlit as st\n"})).outcome is Outcome.NOT_APPLICABLE
    assert run_example(check, Example({"app.py": "import tornado.web\n"})).outcome is Outcome.NOT_CHECKED
