"""A GitHub API on loopback, beside real git on the same host: answers in the shape that GitHub's own have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.code_host import CodeHost

API = "/api/v3"  # where a GitHub Enterprise has it
REPOSITORY = "team/app"


@dataclass
class Api:
    """
    What the API answers: *answers* by the path below the repository's, without its query; what is not there is a 404.

    An answer is JSON, a status, or a whole response. *asked* are the requests that came, *revision* the newest commit.
    """

    host: CodeHost
    revision: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[web.BaseRequest] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer the API's paths, and serve git at all others."""
        if not request.path.startswith(API):
            return await self.host.serve(request)
        self.asked.append(request)
        said = self.answers.get(request.path.removeprefix(f"{API}/repos/{REPOSITORY}"), 404)
        if isinstance(said, web.Response):
            return said
        if isinstance(said, int):
            return web.json_response({"message": "Not Found", "documentation_url": "..."}, status=said)
        return web.json_response(said)


def well_run(host: CodeHost, line: list[str]) -> Api:
    """Return the API about a repository whose commits, *line*, newest first, each came by an approved pull request."""
    api = Api(host, line[0])
    parents = [*line[1:], None]
    api.answers = {
        "": {"full_name": REPOSITORY, "default_branch": "main", "private": True},
        "/rules/branches/main": [
            {"type": "deletion", "ruleset_id": 7},
            {
                "type": "pull_request",
                "ruleset_id": 7,
                "parameters": {"required_approving_review_count": 1, "require_code_owner_review": False},
            },
        ],
        "/branches/main": {"name": "main", "protected": True, "protection": {"enabled": False}},
        "/branches/main/protection": web.json_response({"message": "Branch not protected"}, status=404),
        "/commits": [
            {"sha": sha, "parents": [{"sha": parent}] if parent else []}
            for sha, parent in zip(line, parents, strict=True)
        ],
        f"/commits/{line[0]}/check-runs": {"total_count": 2, "check_runs": [check_run("test"), check_run("lint")]},
        f"/commits/{line[0]}/status": {"state": "pending", "total_count": 0, "statuses": []},
    }
    for number, sha in enumerate(line, 1):
        api.answers[f"/commits/{sha}/pulls"] = [pull(number, f"{number:040x}")]
        api.answers[f"/pulls/{number}/reviews"] = [review("bo", "APPROVED")]
    return api


def pull(number: int, head: str, **changed: Any) -> dict[str, Any]:
    """Return a merged pull request of ann's as GitHub tells it."""
    return {
        "number": number,
        "state": "closed",
        "merged_at": "2026-01-02T03:04:05Z",
        "user": {"login": "ann", "type": "User"},
        "head": {"ref": "change", "sha": head},
        **changed,
    }


def review(login: str, state: str, kind: str = "User") -> dict[str, Any]:
    """Return a review as GitHub tells it."""
    return {"user": {"login": login, "type": kind}, "state": state, "body": ""}


def check_run(
    name: str, conclusion: str | None = "success", status: str = "completed", app: str = "github-actions"
) -> dict[str, Any]:
    """Return a check run as GitHub tells it."""
    return {"name": name, "status": status, "conclusion": conclusion, "app": {"slug": app}, "output": {"title": None}}
