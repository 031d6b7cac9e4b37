"""A function that fills what it made itself keeps nothing; one that changes what others hold does."""

import pytest

from checks.facts.code.outline_python import read_python


def _traits(body: str) -> frozenset[str]:
    text = f"TODOS = []\ncount = 0\ndef made(sent):\n{body}"
    return frozenset(next(one for one in read_python(text).functions if one.name == "made").traits)


@pytest.mark.parametrize(
    "body",
    [
        "    found = {}\n    for key in sent:\n        found[key] = sent.get(key)\n    return found\n",
        "    rows = []\n    rows.append(1)\n    total = 0\n    total += 2\n    return rows\n",
        "    answer = make_response('')\n    answer.status_code = 302\n    return answer\n",
    ],
)
def test_what_a_function_made_is_its_own(body: str) -> None:
    """Filling a dict, a list or an answer that was made here changes nothing for anybody else."""
    assert "keeps" not in _traits(body)


@pytest.mark.parametrize(
    "body",
    [
        "    TODOS.append(sent)\n",
        "    item = TODOS[0]\n    item['done'] = True\n",
        "    global count\n    count = 1\n",
        "    session = Session()\n    session.add(sent)\n",
        "    sent.done = True\n",
        "    rows = {}\n    rows = TODOS\n    rows[0] = 1\n",
    ],
)
def test_what_others_hold_is_kept(body: str) -> None:
    """A list of the module, a record of a list, a parameter and a database's session outlive the call."""
    assert "keeps" in _traits(body)
