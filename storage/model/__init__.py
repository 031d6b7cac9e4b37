"""The nouns of the registry: frozen values. People, channels and messages go by Slack's ids; times are aware UTC."""

from __future__ import annotations

from storage.model.apps import Acceptance, App, Owner, Role, Watch
from storage.model.pages import NO_ROUTE, SHOWN, Page, PageState, Step, StepKind, Told
from storage.model.processes import AuditEntry, Lease, Process
from storage.model.talk import SET, Destination, Incoming, Message, Standing
from storage.model.work import CheckRequest, Regression, RegressionEntry

__all__ = [
    "NO_ROUTE",
    "SET",
    "SHOWN",
    "Acceptance",
    "App",
    "AuditEntry",
    "CheckRequest",
    "Destination",
    "Incoming",
    "Lease",
    "Message",
    "Owner",
    "Page",
    "PageState",
    "Process",
    "Regression",
    "RegressionEntry",
    "Role",
    "Standing",
    "Step",
    "StepKind",
    "Told",
    "Watch",
]
