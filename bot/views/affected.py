"""What has become known of the packages that apps install, since they were checked."""

from __future__ import annotations

from bot.views import rich
from bot.views.block_kit import Json, Post, context, post, section
from bot.views.text import count, esc
from commands.affected import Affected, AffectedApp, AffectedPackage

_SHOWN_APPS, _SHOWN = 10, 10


def view(news: Affected) -> Post:
    """Show one app, or all those that one person answers for."""
    first = news.apps[0]
    one = len(news.apps) == 1
    about = esc(first.name) if one else count(len(news.apps), "app")
    verb = "is" if one else "are"
    title = f"{first.name if one else about} {verb} affected by newly known vulnerabilities"
    blocks: list[Json | None] = [section(f":warning: *{about}* {verb} affected by newly known vulnerabilities.")]
    for app in news.apps[:_SHOWN_APPS]:
        if not one:
            blocks.append(section(f"*{esc(app.name)}*"))
        if app.packages:
            blocks.append(rich.bullets(_lines(app)))
        if app.hidden:
            blocks.append(section(f"{count(app.hidden, 'package')}; who answers for the app has been told which."))
    if len(news.apps) > _SHOWN_APPS:
        blocks.append(context(f"and {count(len(news.apps) - _SHOWN_APPS, 'more app')}"))
    blocks.append(context("By what each app installed at its last check. Raise the packages, and check again."))
    return post(title, blocks)


def _lines(app: AffectedApp) -> list[list[Json]]:
    lines = [_line(one) for one in app.packages[:_SHOWN]]
    if len(app.packages) > _SHOWN:
        lines.append([rich.words(f"and {len(app.packages) - _SHOWN} more")])
    return lines


def _line(one: AffectedPackage) -> list[Json]:
    how = "" if one.direct else " (it comes in through another package)"
    mend = f"; fixed in {one.fixed}" if one.fixed else "; no version mends it yet"
    said = f": {one.summary}" if one.summary else ""
    return [rich.code(f"{one.name} {one.version}"), rich.words(f" {one.advisory}{said}{mend}{how}", most=400)]
