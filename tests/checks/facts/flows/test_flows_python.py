"""Where data goes within one Python file."""

from __future__ import annotations

import pytest

from tests.checks.facts.flows.flow_facts import reached

_FLASK = "from flask import Flask, request\nimport os, re, shlex, subprocess\napp = Flask(__name__)\n"
_ASKED = "SELECT * FROM t WHERE a = "

REACHES = {
    "an f-string": "@app.get('/')\ndef f():\n    a = request.args['a']\n    db.execute(f'" + _ASKED + "{a}')\n",
    "a sum": "@app.get('/')\ndef f():\n    q = '" + _ASKED + "' + request.form.get('a')\n    db.execute(q)\n",
    "format": "@app.get('/')\ndef f():\n    db.execute('" + _ASKED + "{}'.format(request.args.get('a')))\n",
    "a percent sign": "@app.get('/')\ndef f():\n    db.execute('" + _ASKED + "%s' % request.args['a'])\n",
    "a join": "@app.get('/')\ndef f():\n    db.execute('" + _ASKED + "' + ','.join(request.args.getlist('a')))\n",
    "a grown text": "@app.get('/')\ndef f():\n    q = '"
    + _ASKED
    + "'\n    q += request.args['a']\n    db.execute(q)\n",
    "a dictionary": "@app.post('/')\ndef f():\n    d = request.get_json()\n    db.execute(f'"
    + _ASKED
    + '{d["a"]}\')\n',
    "a loop": "@app.get('/')\ndef f():\n    for a in request.args.getlist('a'):\n        db.execute(f'"
    + _ASKED
    + "{a}')\n",
    "a piece of the path": "@app.get('/<a>')\ndef f(a):\n    db.execute(f'" + _ASKED + "{a}')\n",
    "one branch of two": "@app.get('/')\ndef f():\n    a = request.args['a']\n    if not a:\n"
    "        a = 'x'\n    else:\n"
    "        a = a.strip()\n        db.execute(f'" + _ASKED + "{a}')\n",
    "the presence alone": "@app.get('/')\ndef f():\n    a = request.args['a']\n    if not a:\n        return ''\n"
    "    db.execute(f'" + _ASKED + "{a}')\n",
}
ENDS = {
    "a parameter": "@app.get('/')\ndef f():\n    db.execute('" + _ASKED + "%s', (request.args['a'],))\n",
    "a number": "@app.get('/')\ndef f():\n    a = int(request.args['a'])\n    db.execute(f'" + _ASKED + "{a}')\n",
    "a typed argument": "@app.get('/')\ndef f():\n    a = request.args.get('a', type=int)\n"
    "    db.execute(f'" + _ASKED + "{a}')\n",
    "a converter": "@app.get('/<int:a>')\ndef f(a):\n    db.execute(f'" + _ASKED + "{a}')\n",
    "a list of what is allowed": "@app.get('/')\ndef f():\n    a = request.args['a']\n"
    "    if a not in NAMES:\n        abort(400)\n"
    "    db.execute(f'" + _ASKED + "{a}')\n",
    "a pattern": "@app.get('/')\ndef f():\n    a = request.args['a']\n"
    "    if not re.fullmatch('[a-z]+', a):\n        return ''\n"
    "    db.execute(f'" + _ASKED + "{a}')\n",
    "what is taken away": "@app.get('/')\ndef f():\n    a = re.sub(r'[^a-z]', '', request.args['a'])\n"
    "    db.execute(f'" + _ASKED + "{a}')\n",
    "something else put in its place": "@app.get('/')\ndef f():\n    a = request.args['a']\n    a = 'x'\n"
    "    db.execute(f'" + _ASKED + "{a}')\n",
}


@pytest.mark.parametrize("text", REACHES.values(), ids=REACHES.keys())
def test_what_a_request_holds_reaches_a_statement_through(text: str) -> None:
    """A value of a request is followed through each way of putting a text together."""
    assert any(one.startswith("request") for one in reached(_FLASK + text, "python", "sql"))


@pytest.mark.parametrize("text", ENDS.values(), ids=ENDS.keys())
def test_the_way_to_a_statement_ends_at(text: str) -> None:
    """Parameters, numbers, lists of what is allowed and patterns end the way of a value."""
    assert not any(one.startswith("request") for one in reached(_FLASK + text, "python", "sql"))


@pytest.mark.parametrize(
    ("kind", "line", "found"),
    [
        ("shell", "os.system('ping ' + request.args['h'])", True),
        ("shell", "os.system('ping ' + shlex.quote(request.args['h']))", False),
        ("shell", "subprocess.run(f'ping {request.args[\"h\"]}', shell=True)", True),
        ("shell", "subprocess.run(['ping', request.args['h']])", False),
        ("code", "eval(request.args['e'])", True),
        ("load", "yaml.load(request.data, Loader=yaml.SafeLoader)", False),
        ("load", "pickle.loads(request.data)", True),
        ("path", "open(os.path.join('files', request.args['f']))", True),
        ("path", "open(os.path.join('files', secure_filename(request.args['f'])))", False),
        ("path", "open('files/' + uuid4().hex + '_' + request.files['f'].filename, 'wb')", False),
        ("path", "open('files/' + request.files['f'].filename, 'wb')", True),
        ("request", "requests.get(request.args['u'])", True),
        ("request", "requests.get('https://api.example.com/' + request.args['u'])", False),
        ("redirect", "return redirect(request.args.get('next') or '/')", True),
        ("redirect", "return redirect('/users/' + request.args['name'])", False),
        ("redirect", "return redirect(request.url)", False),
        ("template", "return render_template_string('<p>' + request.args['a'])", True),
        ("html", "return f'<p>{request.args[\"a\"]}</p>'", True),
        ("html", "return f'<p>{escape(request.args[\"a\"])}</p>'", False),
        ("query", "users.find_one(request.json)", True),
        ("query", "users.find_one({'name': request.json['name']})", False),
    ],
)
def test_what_acts_on_a_request_in_flask(kind: str, line: str, found: bool) -> None:
    """Each kind of sink is known, and what makes a value safe for it is too."""
    text = f"{_FLASK}@app.post('/x')\ndef f():\n    {line}\n"
    assert bool([one for one in reached(text, "python", kind) if one.startswith("request")]) is found


@pytest.mark.parametrize(
    ("annotation", "found"),
    [("str", True), ("int", False), ("UUID", False), ("Item", True), ("Session = Depends(get_db)", False)],
)
def test_a_parameter_of_fastapi_is_of_the_request_by_its_type(annotation: str, found: bool) -> None:
    """What FastAPI turns into a number, or brings itself, was not sent as it is."""
    text = (
        "from fastapi import Depends, FastAPI\napp = FastAPI()\n@app.get('/x')\n"
        f"def f(a: {annotation}):\n    conn.execute(f'{_ASKED}{{a}}')\n"
    )
    assert bool([one for one in reached(text, "python", "sql") if one.startswith("request")]) is found


def test_a_local_called_request_is_none() -> None:
    """What a program makes itself and calls request was not sent by anybody."""
    text = "from urllib import request as r\ndef f():\n    request = r.Request(URL)\n    eval(request.data)\n"
    assert not any(one.startswith("request") for one in reached(text, "python", "code"))


def test_what_a_model_wrote_is_its_own_origin() -> None:
    """An answer is followed through its attributes and through texts cut out of it."""
    text = (
        "import re\nfrom openai import OpenAI\nclient = OpenAI()\ndef f(q):\n"
        "    reply = client.chat.completions.create(model='m', messages=[])\n"
        "    found = re.search('```(.*)```', reply.choices[0].message.content)\n    exec(found.group(1))\n"
    )
    assert {one.partition(" ")[0] for one in reached(text, "python", "code")} == {"model"}
