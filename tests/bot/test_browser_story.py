"""The whole main job in a browser: register, accept, check, break, be alerted, page, escalate, acknowledge."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Locator, Page, async_playwright

from tests.bot.groundcrew_process import end, end_workspace, environment, free_port, start, until
from tests.repositories import commit
from tests.requirements_of_machine import needs

_LINE = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "verdict.png"
#: What an AI builder adds without being asked: everybody's refunds, to anybody.
NEW_ROUTE = """

@app.get("/export")
def export():
    return [dict(row) for row in db().execute("SELECT * FROM refunds")]
"""
WAITS = {"GROUNDCREW_LOOK_EVERY": "2s", "GROUNDCREW_OWNER_WAIT": "4s", "GROUNDCREW_BACKUP_WAIT": "24h"}


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    """Give a page of Debian's Chromium."""
    path = needs("browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_LINE.split())
        page = await browser.new_page(viewport={"width": 1440, "height": 1600}, device_scale_factor=2)
        page.set_default_timeout(60_000)
        yield page
        await browser.close()


@pytest_asyncio.fixture
async def home(tmp_path: Path, page: Page) -> AsyncIterator[Path]:
    """Start `groundcrew run` with nothing but short waits, open its page, and give its home."""
    home, port = tmp_path / "home", free_port()
    process = await start(environment(home, GROUNDCREW_LOCAL_PORT=str(port), **WAITS))
    try:
        await until(process, "start again.")
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.get_by_text("Groundcrew is connected").wait_for()
        yield home
    finally:
        await end(process)
        end_workspace(home)


async def act_as(page: Page, person: str, room: str) -> None:
    """Become *person* and open *room*."""
    await page.get_by_test_id(f"person-{person}").click()
    await page.get_by_test_id(f"room-{room}").click()


async def type_in(page: Page, words: str) -> None:
    """Type *words* into the box and send them."""
    await page.get_by_test_id("composer").fill(words)
    await page.get_by_test_id("composer").press("Enter")


def saying(page: Page, words: str) -> Locator:
    """The newest message that says *words*."""
    return page.get_by_test_id("message").filter(has_text=words).last


async def register(page: Page, repository: Path) -> None:
    """Fill in the form of /register-app as Eve, with Ann as the owner and Bo as the backup."""
    await act_as(page, "eve", "apps")
    await type_in(page, "/register-app")
    modal = page.get_by_test_id("modal")
    await modal.get_by_label("Name").fill("refund-desk")
    await modal.get_by_label("Repository").fill(str(repository))
    await modal.get_by_label("What it is for").fill("Lets support agents refund an order")
    await modal.get_by_label("Owner").select_option("U0ANN")
    await modal.get_by_label("Backup").select_option("U0BO")
    await modal.get_by_label("Most sensitive data it touches").select_option("payment")
    await modal.get_by_label("Who uses it").select_option("company")
    await modal.get_by_test_id("modal-submit").click()
    await modal.get_by_text("refund-desk is registered").wait_for()
    await modal.get_by_test_id("modal-close").click()


async def test_the_main_job_in_a_browser(home: Path, page: Page) -> None:
    """A new user on a fresh machine does the whole job on one page, as five people in turn."""
    repository = home / "examples" / "refund-desk"
    await register(page, repository)
    await page.get_by_text("Nobody has accepted this app.").first.wait_for()

    await act_as(page, "ann", "bot")
    await page.get_by_role("button", name="I own it").click()
    await page.get_by_text("You accepted it on").wait_for()

    await act_as(page, "ann", "apps")
    await page.get_by_test_id("open-thread").first.click()
    thread = page.get_by_role("log", name="Thread")
    verdict = thread.get_by_test_id("message").filter(has_text="The shortest way up")
    await verdict.first.wait_for()
    await type_in(page, "/check-app refund-desk")
    await saying(page, "You asked for a check of refund-desk").wait_for()
    await thread.get_by_text("Nothing is different from the verdict of").wait_for()
    await verdict.last.get_by_text("main.py:55").first.wait_for()
    if os.environ.get("GROUNDCREW_SCREENSHOTS"):
        await page.set_viewport_size({"width": 1440, "height": 2400})  # the message is higher than most windows
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        await verdict.last.screenshot(path=PICTURE)
    await verdict.last.get_by_role("button", name="Fix prompt").click()
    parts = page.get_by_test_id("modal").locator("textarea")
    await parts.first.wait_for()
    assert "main.py:55" in "".join([await part.input_value() for part in await parts.all()])
    await page.get_by_test_id("modal-close").click()

    commit(repository / ".git", {"main.py": (repository / "main.py").read_text() + NEW_ROUTE})
    await thread.get_by_text("refund-desk got worse").wait_for()
    await thread.get_by_text("GET /export").first.wait_for()
    await page.get_by_test_id("close-thread").click()

    await act_as(page, "max", "general")
    await type_in(page, "/page-owner refund-desk refunds are sent twice")
    await saying(page, "I am telling @ann").wait_for()
    await act_as(page, "ann", "bot")
    await saying(page, "refunds are sent twice").get_by_role("button", name="Acknowledge").wait_for()

    await act_as(page, "bo", "bot")
    page_to_bo = saying(page, "refunds are sent twice")
    await page_to_bo.get_by_role("button", name="Acknowledge").click()
    await page_to_bo.get_by_text("@bo is on it").wait_for()
    await act_as(page, "max", "bot")
    await saying(page, "@bo is on it").wait_for()


async def test_the_first_offer_begins_the_story(home: Path, page: Page) -> None:
    """Whoever clicks what the page offers first and presses Enter sees the verdict on the app with planted faults."""
    await page.get_by_test_id("room-apps").click()
    await page.get_by_test_id("offer").first.click()
    await page.get_by_test_id("composer").press("Enter")
    await saying(page, "refund-desk is registered").wait_for()
    await page.get_by_test_id("open-thread").first.click()
    thread = page.get_by_role("log", name="Thread")
    await thread.get_by_text("main.py:55").first.wait_for()
    assert (home / "examples" / "refund-desk").is_dir()
