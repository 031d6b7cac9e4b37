"""Whether a repository is an app that serves people, and how: the question whether operating it arises at all."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Derived
from checks.facts.deployment import Deployment
from checks.facts.health_probes import HealthProbes
from checks.facts.routes.routes import Routes


@dataclass(frozen=True, slots=True)
class Service:
    """*why_not* says why there is nothing to operate, and is empty for an app. *server*: it has code that answers."""

    why_not: str = ""
    server: bool = False


def derive(routes: Routes, deployment: Deployment, probes: HealthProbes) -> Service:
    """Return what kind of app the facts show."""
    if deployment.is_library:
        return Service("a library or command line that others install: whoever runs it operates it")
    server = bool(routes.served or routes.servers or probes.serving)
    if not server and not deployment.pages:
        return Service("nothing here serves people: no server and no pages were found")
    return Service(server=server)


source = Derived(fact=Service, needs=(Routes, Deployment, HealthProbes), derive=derive)
