"""
How the app comes to where it runs: jobs of GitHub workflows that deploy, and scripts that copy it onto a server.

Which services a web host deploys by itself on each push can be seen by their files; whether they do is set at the host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from checks.fact import Collector, Listing
from checks.facts.delivery import workflows
from checks.facts.delivery.purposes import Purpose, purposes_of, purposes_of_action
from checks.facts.delivery.yaml_nodes import child, items, texts
from checks.facts.delivery.yaml_nodes import text as text_of
from checks.facts.yaml_text import LARGEST, BadYamlError, compose

#: Commands that put an app where users meet it. Publishing a package or an image is not among them.
_COMMAND = re.compile(
    r"\b(?:fly(?:ctl)?\s+deploy|vercel\b[^\n]{0,120}--prod|vercel\s+deploy|netlify\s+deploy|firebase\s+deploy|railway\s+up"
    r"|gcloud\s+(?:run|app|functions)\s+deploy|az\s+(?:webapp|containerapp|functionapp)\s|aws\s+(?:ecs\s+update-service|s3\s+sync"
    r"|lambda\s+update-function|elasticbeanstalk)|eb\s+deploy|kubectl\s+(?:apply|set\s+image|rollout)|helm\s+upgrade"
    r"|serverless\s+deploy|sls\s+deploy|cdk\s+deploy|sam\s+deploy|terraform\s+apply|pulumi\s+up|wrangler\s+(?:deploy|publish|pages)"
    r"|supabase\s+(?:db\s+push|functions\s+deploy)|git\s+push\s+(?:heroku|dokku)|heroku\s+container:release|caprover\s+deploy"
    r"|rsync\s|scp\s|sshpass\s|ssh\s+[^\n]{0,80}@|lftp\s|kamal\s+deploy|dokku\s)"
)
_ACTION = re.compile(
    r"^(?:amondnet/vercel-action|nwtgck/actions-netlify|netlify/|superfly/flyctl-actions/[^s]|akhileshns/heroku-deploy|azure/webapps-deploy"
    r"|azure/static-web-apps-deploy|azure/container-apps-deploy|google-github-actions/deploy-|aws-actions/amazon-ecs-deploy"
    r"|firebaseextended/action-hosting-deploy|cloudflare/(?:wrangler|pages)-action|appleboy/(?:ssh|scp)-action|easingthemes/ssh-deploy"
    r"|burnett01/rsync-deployments|samkirkland/ftp-deploy-action|dawidd6/action-.*deploy|jakejarvis/s3-sync-action"
    r"|einaregilsson/beanstalk-deploy|digitalocean/app_action|bervproject/railway|johnbeynon/render-deploy|koyeb/)",
    re.IGNORECASE,
)
_OVERWRITES = re.compile(
    r"\b(?:rsync|scp|lftp)\s|\bgit\s+(?:pull|reset\s+--hard)\b|\bdocker[\s-]compose\b[^\n]{0,120}\bup\b"
)
_OVERWRITES_BY = re.compile(
    r"^(?:appleboy/scp-action|easingthemes/ssh-deploy|burnett01/rsync|samkirkland/ftp)", re.IGNORECASE
)
#: What is kept to go back to: an image or a release under a name of its own, a link that is turned.
_KEEPS = re.compile(
    r"github\.(?:sha|ref_name)|GITHUB_SHA|git\s+(?:describe|rev-parse)|\brollback\b|\breleases/|ln\s+-s\w*f|\bblue\b.{0,40}\bgreen\b"
    r"|\bVERSION\b|IMAGE_TAG|image_tag|\bTAG\b",
    re.IGNORECASE,
)
_NOT_PRODUCTION = re.compile(
    r"stag(?:e|ing)|preview|\bdev(?:elop(?:ment)?)?\b|\btest\b|\bqa\b|sandbox|demo|docs|storybook", re.IGNORECASE
)
_MAIN = frozenset({"main", "master", "production", "prod", "release", "live", "trunk", "*", "**"})
_SCRIPT = re.compile(
    r"(?:^|/)(?:deploy|release|publish|ship|update|upgrade)[\w.-]*\.(?:sh|bash|ps1|bat)$|(?:^|/)(?:deploy|bin/deploy|script/deploy)$"
)
_HOSTS = {
    "Vercel": re.compile(r"^vercel\.json$"),
    "Netlify": re.compile(r"^netlify\.toml$"),
    "Render": re.compile(r"^render\.ya?ml$"),
    "Railway": re.compile(r"^railway\.(?:json|toml)$"),
}
_OFF = re.compile(
    r"autoDeploy\s*:\s*(?:false|no)|\"deploymentEnabled\"\s*:\s*false|\"autoDeploy\"\s*:\s*false|stop_builds\s*=\s*true"
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """
    One way onto a server, at *line*: *how* names it.

    *on_push*: a push to the main branch starts it. *tested*: tests run before it, in its job or one that it needs, or
    it waits for another workflow. *approved*: it goes through an environment, which may ask for a person's word.
    *overwrites*: it replaces what runs by what is there, and *keeps* says whether a version is named that one could go
    back to.
    """

    line: int
    how: str
    on_push: bool = False
    tested: bool = False
    approved: bool = False
    overwrites: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Deployments:
    """All of them by path; *hosts* (path, name) are web hosts that deploy each push unless told otherwise."""

    by_path: Mapping[str, tuple[Deployment, ...]]
    hosts: tuple[tuple[str, str], ...] = ()


def kind_of(path: str) -> str | None:
    """Return as what *path* is read."""
    if workflows.kind_of(path) == "github":
        return "workflow"
    if _SCRIPT.search(path):
        return "script"
    return next((name for name, places in _HOSTS.items() if places.search(path)), None)


def read(text: str, kind: str) -> tuple[Deployment, ...] | None:
    """Return the deployments that *text* makes; None for none."""
    if kind in _HOSTS:
        return None if _OFF.search(text) else (Deployment(1, kind, on_push=True),)
    if kind == "script":
        match = _OVERWRITES.search(text)
        if match is None:
            return None
        line = text.count("\n", 0, match.start()) + 1
        return (Deployment(line, _words(match[0]), overwrites=True, keeps=bool(_KEEPS.search(text))),)
    if not _COMMAND.search(text) and "uses:" not in text:
        return None
    try:
        document = compose(text)
    except BadYamlError:
        return None  # no-ci says that it cannot be read
    return tuple(_of_workflow(document, text)) or None


def join(parts: Mapping[str, tuple[Deployment, ...]], _listing: Listing) -> Deployments:
    """Return all deployments."""
    own = {path: part for path, part in parts.items() if kind_of(path) not in _HOSTS}
    return Deployments(own, tuple((path, part[0].how) for path, part in parts.items() if path not in own))


def _of_workflow(document: yaml.Node | None, text: str) -> Iterator[Deployment]:
    jobs = child(document, "jobs")
    events = child(document, "on")
    if not isinstance(jobs, yaml.MappingNode) or _NOT_PRODUCTION.search(text_of(child(document, "name"))):
        return
    by_name = {str(name.value): job for name, job in jobs.value}
    for name, job in jobs.value:
        found = _deploys(job)
        named = f"{name.value} {text_of(child(job, 'name'))} {_environment(job)}"
        if found is None or _NOT_PRODUCTION.search(named):
            continue
        step, how, overwrites = found
        body = text[name.start_mark.index : job.end_mark.index]
        yield Deployment(
            step.start_mark.line + 1,
            how,
            _pushes(events) and "pull_request'" not in text_of(child(job, "if")),
            _is_tested(str(name.value), by_name, step),
            child(job, "environment") is not None,
            overwrites,
            bool(_KEEPS.search(body)),
        )


def _deploys(job: yaml.Node) -> tuple[yaml.Node, str, bool] | None:
    """Return the first step of *job* that deploys, what it does it with, and whether that overwrites."""
    for step in items(child(job, "steps")):
        run, uses = text_of(child(step, "run")), text_of(child(step, "uses"))
        script = text_of(child(child(step, "with"), "script"))
        if _ACTION.search(uses):
            return step, uses.partition("@")[0], bool(_OVERWRITES_BY.search(uses) or _OVERWRITES.search(script))
        command = _COMMAND.search(run)
        if command:
            return step, _words(command[0]), bool(_OVERWRITES.search(run))
    return None


def _is_tested(name: str, jobs: Mapping[str, yaml.Node], deploying: yaml.Node | None) -> bool:
    """Whether tests run before the step *deploying* of the job *name*, or in a job that it needs, however far."""
    waiting, seen = [name], set()
    while waiting:
        at = waiting.pop()
        job = jobs.get(at)
        if job is None or at in seen:
            continue
        seen.add(at)
        if text_of(child(job, "uses")) and at != name:
            return True  # another workflow, of which only the name is seen here
        for step in items(child(job, "steps")):
            if at == name and step is deploying:
                run = text_of(child(step, "run"))
                command = _COMMAND.search(run)
                if command and Purpose.TEST in purposes_of(run[: command.start()].rstrip("&| \t")):
                    return True
                break
            if Purpose.TEST in purposes_of(text_of(child(step, "run"))) | purposes_of_action(
                text_of(child(step, "uses"))
            ):
                return True
        waiting += texts(child(job, "needs"))
    return False


def _pushes(events: yaml.Node | None) -> bool:
    """Whether a push to the main branch is among *events*; "workflow_run" waits for another workflow."""
    if isinstance(events, yaml.ScalarNode):
        return bool(events.value == "push")
    if isinstance(events, yaml.SequenceNode):
        return any(one.value == "push" for one in events.value)
    if not isinstance(events, yaml.MappingNode) or all(name.value != "push" for name, _ in events.value):
        return False
    push = child(events, "push")
    branches = child(push, "branches")
    if branches is None:
        return child(push, "tags") is None
    return any(text_of(one) in _MAIN for one in items(branches)) or text_of(branches) in _MAIN


def _environment(job: yaml.Node) -> str:
    environment = child(job, "environment")
    return text_of(environment) or text_of(child(environment, "name"))


def _words(command: str) -> str:
    return " ".join(command.split()[:2])


source = Collector(Deployments, tuple[Deployment, ...], kind_of, read, join, parsers=("pyyaml",), largest=LARGEST)
