"""Reports: whole, as they were made, and beside that as rows of results and findings that can be asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, literal, select, update

from checks.model import Context, Outcome, Report, Verdict
from storage import packages
from storage.database import Transaction
from storage.model import Destination, Standing
from storage.tables import apps, findings, messages, outbox, reports, results


@dataclass(frozen=True, slots=True)
class Saved:
    """A report as it is kept. *is_private*: its code could not be read without the bot's own access."""

    id: str
    app_id: str | None
    is_private: bool
    report: Report


async def save(
    transaction: Transaction, report_id: str, app_id: str | None, report: Report, *, is_private: bool
) -> None:
    """Keep *report*; with *app_id* it becomes the last one of that app."""
    await transaction.connection.execute(
        insert(reports).values(
            id=report_id,
            app_id=app_id,
            repository=report.repository,
            revision=report.revision,
            checked_at=report.checked_at,
            duration_s=report.duration_s,
            is_private=is_private,
            report=replace(report, packages=()),  # they are rows
            **_judged(report.verdict),
        )
    )
    seen = await first_seen(transaction, app_id) if app_id else {}
    result_rows = [
        {
            "report_id": report_id,
            "check_id": result.check,
            "family": result.family,
            "outcome": result.outcome,
            "severity": result.severity,
            "reason": result.reason,
        }
        for result in report.results
    ]
    if result_rows:
        await transaction.connection.execute(insert(results), result_rows)
    finding_rows = list(_finding_rows(report_id, app_id, report, seen))
    if finding_rows:
        await transaction.connection.execute(insert(findings), finding_rows)
    if app_id:
        await packages.replace(transaction, app_id, report)
        await transaction.connection.execute(update(apps).where(apps.c.id == app_id).values(report_id=report_id))


async def judge_again(transaction: Transaction, saved: Saved, context: Context, verdict: Verdict) -> None:
    """Keep a new *verdict* over the same evidence, judged in *context*."""
    again = replace(saved.report, context=context, verdict=verdict)
    await transaction.connection.execute(
        update(reports).where(reports.c.id == saved.id).values(report=again, **_judged(verdict))
    )


async def get(transaction: Transaction, report_id: str) -> Saved | None:
    """Return the report with this id."""
    row = (await transaction.connection.execute(select(reports).where(reports.c.id == report_id))).one_or_none()
    return None if row is None else Saved(row.id, row.app_id, row.is_private, row.report)


async def last_of(transaction: Transaction, app_id: str) -> Saved | None:
    """Return the last report of the app."""
    report_id = select(apps.c.report_id).where(apps.c.id == app_id).scalar_subquery()
    row = (await transaction.connection.execute(select(reports).where(reports.c.id == report_id))).one_or_none()
    return None if row is None else Saved(row.id, row.app_id, row.is_private, row.report)


async def last_told(
    transaction: Transaction, app_id: str, to: Destination, *, kind: str, prefix: str
) -> tuple[Saved, Standing] | None:
    """
    Return the newest report of the app that news of *kind* tells at *to*, and where it stands there.

    The key of such a message is *prefix* and the report's id.
    """
    query = (
        select(reports, messages.c.channel, messages.c.ts)
        .join(outbox, outbox.c.key == literal(prefix) + reports.c.id)
        .join(messages, and_(messages.c.key == outbox.c.key, messages.c.place == outbox.c.place))
        .where(reports.c.app_id == app_id, outbox.c.place == to.place, outbox.c.kind == kind)
        .where(outbox.c.sent_at.is_not(None))
        .order_by(reports.c.checked_at.desc())
        .limit(1)
    )
    row = (await transaction.connection.execute(query)).one_or_none()
    return row and (Saved(row.id, row.app_id, row.is_private, row.report), Standing(row.channel, row.ts))


async def verdicts(transaction: Transaction, report_ids: Iterable[str]) -> dict[str, tuple[datetime, Verdict]]:
    """Return when each report was made and its verdict, by report id."""
    query = select(reports.c.id, reports.c.checked_at, reports.c.verdict).where(reports.c.id.in_(list(report_ids)))
    return {row.id: (row.checked_at, row.verdict) for row in await transaction.connection.execute(query)}


async def first_seen(transaction: Transaction, app_id: str) -> dict[tuple[str, str], datetime]:
    """Return when each finding of the app was first seen, by check and fingerprint."""
    query = (
        select(findings.c.check_id, findings.c.fingerprint, func.min(findings.c.first_seen).label("since"))
        .where(findings.c.app_id == app_id)
        .group_by(findings.c.check_id, findings.c.fingerprint)
    )
    return {(row.check_id, row.fingerprint): row.since for row in await transaction.connection.execute(query)}


def _judged(verdict: Verdict) -> dict[str, Any]:
    failing = any(held.outcome is Outcome.FAILED for held in verdict.held_back)
    return {"placement": verdict.placement, "is_failing": failing, "verdict": verdict}


def _finding_rows(
    report_id: str, app_id: str | None, report: Report, seen: dict[tuple[str, str], datetime]
) -> Iterable[dict[str, Any]]:
    position = 0
    for result in report.results:
        for finding in result.findings:
            yield {
                "report_id": report_id,
                "position": position,
                "app_id": app_id,
                "check_id": result.check,
                "fingerprint": finding.fingerprint,
                "first_seen": seen.get((result.check, finding.fingerprint), report.checked_at),
                "severity": finding.severity or result.severity,
                "is_blocking": finding.blocking,
                "message": finding.message,
                "path": finding.path,
                "line": finding.line,
            }
            position += 1
