"""Which view shows which news: a table. Whatever an order says is shown by exactly one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bot.views import (
    affected,
    app_list,
    card,
    details,
    fix_prompt,
    name_somebody,
    on_call,
    ownership,
    page,
    page_log,
    page_rehearsal,
    private_code,
    probe,
    progress,
    register_form,
    registered,
    regression,
    said,
    still_on_it,
    unchanged,
    verdict,
)
from bot.views.block_kit import Form, Post
from commands import news as kinds
from commands import page_news
from commands.affected import Affected
from commands.on_call_news import OnCallShown

View = Callable[[Any], Post | Form]

VIEWS: Mapping[type, View] = {
    kinds.Said: said.view,
    kinds.Card: card.view,
    kinds.Registered: registered.view,
    kinds.RegisterForm: register_form.view,
    kinds.OwnershipAsked: ownership.view,
    kinds.NameSomebodyForm: name_somebody.view,
    kinds.CheckStarted: progress.started,
    kinds.CheckProgress: progress.view,
    kinds.Checked: verdict.view,
    kinds.Unchanged: unchanged.view,
    kinds.CheckRefused: progress.refused,
    kinds.PrivateAsked: private_code.view,
    kinds.ProbeAsked: probe.view,
    kinds.Details: details.view,
    kinds.FixPrompt: fix_prompt.view,
    kinds.Regressed: regression.view,
    Affected: affected.view,
    page_news.Paged: page.view,
    page_news.PageLog: page_log.view,
    page_news.PageRehearsal: page_rehearsal.view,
    page_news.StillOnIt: still_on_it.view,
    kinds.AppList: app_list.view,
    OnCallShown: on_call.view,
}


def render(news: Any) -> Post | Form:
    """Show *news*; raises KeyError for a kind that has no view."""
    return VIEWS[type(news)](news)


def render_row(kind: str, body: dict[str, Any]) -> Post:
    """Show news as the outbox keeps it; raises an exception where it is no message, which is a fault of ours."""
    shown = render(msgspec.convert(body, kinds.KINDS[kind]))
    if not isinstance(shown, Post):
        raise TypeError(f"a {kind} is a form, which nobody can be sent")
    return shown
