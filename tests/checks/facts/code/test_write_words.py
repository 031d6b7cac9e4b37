"""Calls that write data are told from those that feed a digest, ask a model or make an object."""

import re

import pytest

from checks.facts.code.bodies import _quick
from checks.facts.code.write_words import WRITES

WRITTEN = [
    "await prisma.order.create({ data })",
    "Order.objects.create(total=1)",
    "storage.createClient(body)",
    "await db.messages.create(row)",
    "supabase.from('orders').update({ paid: true }).eq('id', id)",
    "await Order.updateOne({ _id })",
    "todos.insert(row)",
    "order.save()",
    "User.query.filter_by(id=1).delete()",
    "queryset.delete()",
    "storage.createRequirement(body)",
    "stripe.checkout.sessions.create({ line_items })",
]
OTHERS = [
    "openai.chat.completions.create(model='x')",
    "await client.messages.create({ model })",
    "crypto.createHash('sha256').update(body).digest('hex')",
    "digest = hmac.new(key)\nh.update(body)",
    "fs.createReadStream(path)",
    "asyncio.create_task(poll())",
    "sys.path.insert(0, here)",
    "cookieStore.delete('theme')",
    "response.delete_cookie('theme')",
    "workbook.save(buffer)",
    "headers.update({'accept': 'text/html'})",
    "Object.create(null)",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_kept_is_written(text: str) -> None:
    """Each call leaves something in a database or a store."""
    assert re.search(WRITES, text, re.IGNORECASE)


@pytest.mark.parametrize("text", OTHERS)
def test_other_calls_write_nothing(text: str) -> None:
    """Each call only bears the name of one that writes; the quick search may not miss what the exact one finds."""
    assert re.search(WRITES, text, re.IGNORECASE) is None
    assert re.search(_quick(WRITES), ".create(")
