"""The second routes are those that are set up, and no secret goes through them."""

import aiohttp

from bot.routes.make import make_routes
from bot.settings_load import load
from tests.bot.routes import mail
from tests.bot.routes.pages import saying
from tests.bot.routes.receiver import receiver

KEY = "0123456789abcdef0123456789ABCDEF"
SECRET = "a-s3cret-that-is-long-enough-for-it"


async def test_each_route_is_there_where_it_is_set_up() -> None:
    """None without settings; all three with all."""
    async with aiohttp.ClientSession() as session:
        assert make_routes(load({}), session) == {}
        settings = load(
            {
                "GROUNDCREW_SMTP_URL": "smtp://127.0.0.1:25",
                "GROUNDCREW_SMTP_FROM": "groundcrew@acme.example",
                "GROUNDCREW_PAGE_WEBHOOK_URL": "https://pager.example/t0p-s3cret",
                "GROUNDCREW_PAGE_WEBHOOK_SECRET": SECRET,
                "GROUNDCREW_PAGERDUTY_ROUTING_KEY": KEY,
            }
        )
        routes = make_routes(settings, session)
        assert [*routes] == ["email", "webhook", "pagerduty"]
        assert not [secret for secret in settings.secrets() if secret and secret in repr(routes)]


async def test_no_secret_goes_through_a_route() -> None:
    """Our own settings' values, and whatever looks like a token, are taken out of what people typed."""
    text = f"the key is {SECRET} and ghp_{'a1B2' * 9}"
    async with mail.mail_server() as server, receiver() as taker:
        environment = {
            "GROUNDCREW_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
            "GROUNDCREW_SMTP_FROM": "groundcrew@acme.example",
            "GROUNDCREW_PAGE_WEBHOOK_URL": taker.url,
            "GROUNDCREW_PAGE_WEBHOOK_SECRET": SECRET,
            "GROUNDCREW_PAGERDUTY_ROUTING_KEY": KEY,
            "GROUNDCREW_PAGERDUTY_URL": taker.url,
        }
        routes = make_routes(load(environment), taker.session)
        for name, route in routes.items():
            await route.deliver(saying(text, name, "ann@acme.example" if name == "email" else "set"))
        said = [server.mails[0].get_content(), *(body.decode() for _, body in taker.got)]
    assert len(said) == 3
    assert all("[removed]" in one for one in said)
    assert not [one for one in said if SECRET in one or "a1B2" in one]
