"""Which processes run, which of them leads, and whose a check is that is being made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_index("ix_processes_stopped_at", "processes", ["stopped_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    with op.batch_alter_table("check_requests") as table:
        table.add_column(sa.Column("held_by", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_check_requests_asked_by_begun_at", ["asked_by", "begun_at"])


def downgrade() -> None:
    with op.batch_alter_table("check_requests") as table:
        table.drop_index("ix_check_requests_asked_by_begun_at")
        table.drop_column("begun_at")
        table.drop_column("held_by")
    op.drop_table("leases")
    op.drop_table("processes")
