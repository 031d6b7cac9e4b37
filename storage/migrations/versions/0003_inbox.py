"""What came in is held by the process that works it off, and signed requests are remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbox") as batch:
        batch.add_column(sa.Column("held_by", sa.String(length=32), nullable=True))
    op.create_table(
        "signed_requests",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_signed_requests")),
    )
    op.create_index("ix_signed_requests_received_at", "signed_requests", ["received_at"])


def downgrade() -> None:
    op.drop_table("signed_requests")
    with op.batch_alter_table("inbox") as batch:
        batch.drop_column("held_by")
