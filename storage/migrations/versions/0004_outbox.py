"""What is to be said keeps its order, its pauses, and whether Slack may have it already."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITS = sa.text("sent_at IS NULL AND failed_at IS NULL")
_SENT = sa.text("sent_at IS NOT NULL")
_OLD_INDEX = "ix_outbox_sent_at_failed_at_due_at"  # which SQLite took for every question about rows that wait


def upgrade() -> None:
    for column in (
        sa.Column("lane", sa.String(length=200), nullable=True),
        sa.Column("page_id", sa.String(length=32), nullable=True),
        sa.Column("told_number", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("diverted", sa.Text(), nullable=True),
        sa.Column("held_by", sa.String(length=32), nullable=True),
    ):
        op.add_column("outbox", column)
    _fill_lanes(op.get_bind())
    columns = ["place", "urgent", "id", "attempts"]
    op.drop_index(_OLD_INDEX, "outbox")
    op.create_index("ix_outbox_waiting", "outbox", columns, sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("ix_outbox_page_id", "outbox", ["page_id"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("ix_outbox_sent_at", "outbox", ["sent_at"], sqlite_where=_SENT, postgresql_where=_SENT)
    op.create_table(
        "pauses",
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_pauses")),
    )


def downgrade() -> None:
    op.drop_table("pauses")
    for name in ("ix_outbox_sent_at", "ix_outbox_page_id", "ix_outbox_waiting"):
        op.drop_index(name, "outbox")
    with op.batch_alter_table("outbox") as batch:
        for name in ("held_by", "diverted", "tried_at", "request_id", "told_number", "page_id", "lane"):
            batch.drop_column(name)
    op.create_index(_OLD_INDEX, "outbox", ["sent_at", "failed_at", "due_at"])


def _fill_lanes(connection: sa.Connection) -> None:
    """Name the channel or person of each message that waits; those of an app's thread find their channel when sent."""
    outbox = sa.table("outbox", *(sa.column(name) for name in ("id", "to", "lane", "sent_at", "failed_at")))
    waiting = sa.select(outbox.c.id, outbox.c.to).where(outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None))
    for row in connection.execute(waiting).all():
        to: dict[str, Any] = json.loads(row.to)
        in_thread_of_app = to.get("app_id") and not to.get("is_root")
        lane = None if in_thread_of_app else to.get("person") or to.get("channel")
        connection.execute(sa.update(outbox).where(outbox.c.id == row.id).values(lane=lane))
