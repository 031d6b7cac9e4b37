"""The scripts within pages are read as code is, by the line of the page."""

from __future__ import annotations

import pytest

from checks.check import Check, Example
from checks.example import run_example
from checks.exposure import leaky_logging
from checks.facts.code.components import as_code, page_of
from checks.model import Outcome
from checks.secrets import fallback_secret, hardcoded_login

LOGIN = (
    '<template>\n  <b v-if="ok">{{ name }}</b>\n</template>\n<script lang="ts" generic="T extends A<B>">\n'
    'const login = () => {\n  if (password === "admin123") console.log("try", password)\n}\n</script>\n'
    "<style>\nb { color: red }\n</style>\n"
)
ABOVE = '---\nconst key = process.env.JWT_SECRET || "k3yk3yk3y-9931aa"\nconsole.log(process.env)\n---\n<b>{key}</b>\n'


@pytest.mark.parametrize("check", [leaky_logging.check, hardcoded_login.check], ids=lambda check: check.id)
@pytest.mark.parametrize("path", ["src/Login.vue", "src/Login.svelte", "src/login.astro", "public/login.html", "A.HTM"])
def test_script_of_page_is_read(path: str, check: Check) -> None:
    """A fault in the script of a page is found, at the page's own line."""
    result = run_example(check, Example({path: LOGIN}))
    assert [(finding.path, finding.line) for finding in result.findings] == [(path, 6)]


@pytest.mark.parametrize(("check", "line"), [(fallback_secret.check, 2), (leaky_logging.check, 3)])
def test_code_above_astro_page_is_read(check: Check, line: int) -> None:
    """What stands between the dashes of an Astro page is code; of another page it is none."""
    for text in (ABOVE, ABOVE.replace("\n", "\r\n")):
        assert [finding.line for finding in run_example(check, Example({"a.astro": text})).findings] == [line]
        assert run_example(check, Example({"a.vue": text})).outcome is Outcome.PASSED


def test_markup_around_scripts_is_left_out() -> None:
    """All but the scripts is left out, line ends are kept, and two scripts do not run into each other."""
    text = "<p>one</p>\n<script>\na()\n</script>\n<p>two</p><SCRIPT type='module'>b()</SCRIPT>\n"
    code, language = as_code(text, "page")
    assert language == "typescript"
    assert code == ";\n\na()\n;\nb()"


@pytest.mark.parametrize(
    ("text", "code"),
    [("<script>a()", ";a()"), ("<script", ""), ("", ""), ("---\na()", ";\na()"), ("<script>" * 3, ";<script><script>")],
)
def test_page_that_closes_nothing_is_read_to_its_end(text: str, code: str) -> None:
    """An open script or fence reaches to the end of the page, as browsers and Astro take it."""
    assert as_code(text, "astro")[0] == code


def test_code_is_no_page() -> None:
    """A file of code is read as it is."""
    assert page_of("src/app.ts") is None
    assert as_code("a()\n", "tsx") == ("a()\n", "tsx")
