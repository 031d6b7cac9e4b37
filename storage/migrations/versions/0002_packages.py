"""What each app installs, which advisories have been told of it, and how far the clock's orders have come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "packages",
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column("ecosystem", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=214), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("dev", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_packages_app_id_apps")),
        sa.PrimaryKeyConstraint("app_id", "ecosystem", "name", "version", name=op.f("pk_packages")),
    )
    op.create_index("ix_packages_name_ecosystem_version", "packages", ["name", "ecosystem", "version"])

    op.create_table(
        "told_advisories",
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=214), nullable=False),
        sa.Column("advisory", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_told_advisories_app_id_apps")),
        sa.PrimaryKeyConstraint("app_id", "name", "advisory", name=op.f("pk_told_advisories")),
    )

    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )


def downgrade() -> None:
    for name in ("marks", "told_advisories", "packages"):
        op.drop_table(name)
