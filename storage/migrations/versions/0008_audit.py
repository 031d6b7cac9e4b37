"""The audit log shows when it was tampered with: a row holds its digest and the one before; older rows get theirs."""

from __future__ import annotations

import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from storage.audit_chain import BEGINNING, Said, digest_of
from storage.columns import UTCDateTime
from storage.database import append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ("request_id", "previous", "digest")
_NO_LONGER = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_append_only ON audit", "DROP FUNCTION audit_append_only()"),
}


def upgrade() -> None:
    _let_change()
    with op.batch_alter_table("audit") as batch:
        for name in _COLUMNS:
            batch.add_column(sa.Column(name, sa.String(length=64), nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("audit") as batch:
        for name in _COLUMNS:
            batch.alter_column(name, existing_type=sa.String(length=64), nullable=False)
        batch.create_unique_constraint("uq_audit_previous", ["previous"])
    _append_only()


def downgrade() -> None:
    _let_change()
    with op.batch_alter_table("audit") as batch:
        batch.drop_constraint("uq_audit_previous", type_="unique")
        for name in reversed(_COLUMNS):
            batch.drop_column(name)
    _append_only()


def _let_change() -> None:
    for statement in _NO_LONGER[op.get_bind().dialect.name]:
        op.execute(statement)


def _append_only() -> None:
    for statement in append_only(op.get_bind().dialect.name, "audit"):
        op.execute(statement)


def _chain(connection: sa.Connection) -> None:
    words = (sa.column(name, sa.Text) for name in ("who", "what", "subject", "detail", *_COLUMNS))
    audit = sa.table("audit", sa.column("id", sa.Integer), sa.column("at", UTCDateTime), *words)
    previous = BEGINNING
    for row in connection.execute(sa.select(audit).order_by(audit.c.id)).all():
        said = Said(row.at.astimezone(UTC), row.who, row.what, row.subject, json.loads(row.detail))
        digest = digest_of(said, previous)
        values = {"request_id": "", "previous": previous, "digest": digest}
        connection.execute(sa.update(audit).where(audit.c.id == row.id).values(values))
        previous = digest
