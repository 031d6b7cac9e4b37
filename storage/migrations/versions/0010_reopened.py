"""A page knows how often it was opened again: each time wakes people anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default stays: to drop it SQLite would make the table anew, under the log that refers to it.
    op.add_column("pages", sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("pages") as batch:
        batch.drop_column("reopened")
