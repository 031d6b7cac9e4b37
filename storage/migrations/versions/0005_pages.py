"""A page keeps where each of its steps went, an app who is told after its backup, and people have addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXTS = {
    "route": sa.String(length=16),
    "meant": sa.String(length=128),
    "address": sa.Text(),
    "channel": sa.String(length=64),
    "ts": sa.String(length=32),
}


def upgrade() -> None:
    with op.batch_alter_table("told") as batch:
        for name, kind in _TEXTS.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        batch.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # What was told before was not asked about, and must not be told a second way now.
    op.execute(sa.text("UPDATE told SET delivered_at = at WHERE failed = ''"))
    with op.batch_alter_table("pages") as batch:
        batch.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("request_id", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "addresses",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_addresses")),
    )
    with op.batch_alter_table("apps") as batch:
        batch.add_column(sa.Column("escalates_to", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_table("addresses")
    with op.batch_alter_table("apps") as batch:
        batch.drop_column("escalates_to")
    with op.batch_alter_table("pages") as batch:
        batch.drop_column("request_id")
        batch.drop_column("reminded_at")
    with op.batch_alter_table("told") as batch:
        for name in ("delivered_at", "seen_at", *_TEXTS):
            batch.drop_column(name)
