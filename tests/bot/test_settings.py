"""The start is refused with one sentence for each setting that is missing or wrong, and no value is ever printed."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.setting_kinds import duration, written_duration
from bot.setting_names import NAMES, SECRET_NAMES, unknown
from bot.settings import Settings, every_setting, is_secret
from bot.settings_load import WrongSettings, load

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "GROUNDCREW_RELIABILITY_CHANNEL": "C1"}
VALUE = "k33p-this-0ut-of-print"


def faults(**environment: str) -> list[str]:
    """The sentences with which a start is refused, each free of the value."""
    with pytest.raises(WrongSettings) as refused:
        load(environment)
    assert VALUE not in str(refused.value)
    assert VALUE not in repr(refused.value)
    return refused.value.faults


def test_nothing_set_is_the_local_workspace() -> None:
    """Without any setting the bot can start, and not in Slack."""
    assert not load({}).in_slack


def test_slack_needs_two_tokens_and_a_channel() -> None:
    """With all three the bot starts in Slack; each that is missing has its own sentence, all at once."""
    assert load(SLACK).in_slack
    found = faults(SLACK_BOT_TOKEN="xoxb-1")
    assert [sentence.split(" ")[0] for sentence in found] == ["SLACK_APP_TOKEN", "GROUNDCREW_RELIABILITY_CHANNEL"]
    assert "connections:write" in found[0]
    assert "/invite" in found[1]


def test_slack_is_heard_in_one_way() -> None:
    """With the signing secret Slack comes over HTTP; with both, half of one, or no listener the start is refused."""
    over_http = {"SLACK_BOT_TOKEN": "xoxb-1", "GROUNDCREW_RELIABILITY_CHANNEL": "C1", "SLACK_SIGNING_SECRET": VALUE}
    settings = load({**over_http, "SLACK_SIGNING_SECRET_OLD": "before"})
    assert settings.in_slack
    assert settings.signing_secrets == (VALUE, "before")
    assert settings.listens_at == ("127.0.0.1", 8090)
    (both,) = faults(**over_http, SLACK_APP_TOKEN=f"xapp-{VALUE}")
    assert "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set" in both
    found = faults(SLACK_SIGNING_SECRET_OLD=VALUE)
    missing = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "GROUNDCREW_RELIABILITY_CHANNEL"]
    assert [sentence.split(" ")[0] for sentence in found] == missing
    (deaf,) = faults(**over_http, GROUNDCREW_LISTEN="off")
    assert "Slack could not reach the bot" in deaf


def test_the_listener_has_an_address_of_its_own() -> None:
    """None in the local workspace unless it is set, never the workspace's own port, and any host in Slack."""
    assert load({}).listens_at is None
    assert load({"GROUNDCREW_LISTEN": "[::1]:8091"}).listens_at == ("::1", 8091)
    assert load(SLACK).listens_at == ("127.0.0.1", 8090)
    assert load({**SLACK, "GROUNDCREW_LISTEN": "off"}).listens_at is None
    (taken,) = faults(GROUNDCREW_LISTEN="127.0.0.1:3000")
    assert "names the port of the local workspace" in taken
    (deaf,) = faults(GROUNDCREW_LISTEN="off", GROUNDCREW_GITHUB_WEBHOOK_SECRET=VALUE)
    assert "GitHub's pushes could not reach" in deaf


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GROUNDCREW_LISTEN", f"{VALUE}", "an address and a port such as 127.0.0.1:8090"),
        ("GROUNDCREW_LISTEN", "127.0.0.1:70000", "an address and a port"),
        ("SLACK_BOT_TOKEN", f"xoxp-{VALUE}", "a user token; what is needed here starts with xoxb-"),
        ("SLACK_BOT_TOKEN", f"xapp-{VALUE}", "an app-level token"),
        ("SLACK_APP_TOKEN", f"xoxb-{VALUE}", "a bot token; what is needed here starts with xapp-"),
        ("SLACK_BOT_TOKEN", VALUE, "something else"),
        ("SLACK_API_URL", f"http://{VALUE}.example", "must start with https://"),
        ("GROUNDCREW_HOME", f"~{VALUE}/x", "begins with ~ and a name that nobody here has"),
        ("GROUNDCREW_POLICY", f"{VALUE * 20}", "names no file that can be read"),
        ("GROUNDCREW_OWNER_WAIT", "5", "is not a duration such as 30s"),
        ("GROUNDCREW_LOOK_EVERY", "0m", "is not a duration"),
        ("GROUNDCREW_LOCAL_PORT", VALUE, "must be a port number"),
        ("GROUNDCREW_LOCAL_PORT", "70000", "must be a port number"),
        ("GROUNDCREW_CHECKS_AT_ONCE", "0", "must be a whole number from 1 to 16"),
        ("GROUNDCREW_ADMINS", f"@{VALUE}", "member ids such as U012AB3CD"),
        ("GROUNDCREW_CODE_HOSTS", f"https://{VALUE}", "host names such as github.com"),
        ("GROUNDCREW_FINGERPRINT_KEY", "short", "32 characters"),
        ("GROUNDCREW_POLICY", f"/nowhere/{VALUE}", "names no file"),
        ("GROUNDCREW_ADVISORIES_URL", f"ftp://{VALUE}", "must start with https://"),
        ("GROUNDCREW_LOG_LEVEL", VALUE, "DEBUG, INFO, WARNING or ERROR"),
        ("GROUNDCREW_GIT_ALLOW_CIDRS", "10.0.0.0/33", "address ranges such as"),
        ("GROUNDCREW_GIT_ALLOW_CIDRS", "0.0.0.0/0", "must not open this machine's own addresses"),
        ("GROUNDCREW_GIT_ALLOW_CIDRS", "169.254.0.0/24", "must not open this machine's own addresses"),
        ("GROUNDCREW_ALLOW_PROBE_CIDRS", "0.0.0.0/0", "must not open this machine's own addresses"),
        ("GROUNDCREW_ALLOW_PROBE_CIDRS", "10.0.0.0/8, 169.254.169.0/24", "must not open this machine's own addresses"),
        ("GROUNDCREW_DEAD_MAN_URL", f"http://dead-man.example/{VALUE}", "must start with https://"),
        ("GROUNDCREW_DEAD_MAN_EVERY", "60", "is not a duration such as 30s"),
        ("GROUNDCREW_GITHUB_API", f"http://{VALUE}.example", "must be an https:// address such as"),
        ("GROUNDCREW_GIT_CA_FILE", f"/nowhere/{VALUE}", "names no file"),
        ("GROUNDCREW_SMTP_URL", f"https://me:{VALUE}@mail.example", "must look like smtps://"),
        ("GROUNDCREW_SMTP_URL", f"smtps://{VALUE}@mail.example", "a user and a password, or neither"),
        ("GROUNDCREW_SMTP_URL", f"smtps://[{VALUE}", "is no address such as smtps://"),
        ("GROUNDCREW_SMTP_URL", f"smtps://mail.example/{VALUE}", "must look like smtps://"),
        ("GROUNDCREW_SMTP_FROM", f"{VALUE}", "must be a mail address such as"),
        ("GROUNDCREW_SMTP_FROM", f"a@mail.example\nBcc: {VALUE}@x.example", "must be a mail address such as"),
        ("GROUNDCREW_PAGE_WEBHOOK_URL", f"http://pager.example/{VALUE}", "must start with https://"),
        ("GROUNDCREW_PAGE_WEBHOOK_URL", f"https://me:{VALUE}@pager.example", "must not hold a user"),
        ("GROUNDCREW_PAGE_WEBHOOK_SECRET", "short", "32 characters"),
        ("GROUNDCREW_PAGERDUTY_ROUTING_KEY", VALUE, "32 letters and digits"),
        ("GROUNDCREW_PAGERDUTY_URL", f"http://{VALUE}.example", "must start with https://"),
        ("GROUNDCREW_LOG_FORMAT", VALUE, "must be json or text"),
        ("GROUNDCREW_KEEP_PAGES", VALUE, "is not a duration"),
    ],
)
def test_a_wrong_setting_is_said_with_its_mend(name: str, value: str, words: str) -> None:
    """The sentence begins with the setting's name, says what is wrong, and what the setting is for."""
    sentence = next(one for one in faults(**{name: value}) if one.startswith(f"{name} "))
    assert words in sentence
    assert str(every_setting()[name].description) in sentence


def test_every_setting_is_known_by_its_name() -> None:
    """The names that every command knows are those of the settings, and the secret ones are the same."""
    assert sorted(NAMES) == sorted(every_setting())
    assert set(SECRET_NAMES) == {name for name, field in every_setting().items() if is_secret(field)}


def test_an_unknown_setting_gets_the_one_that_was_meant() -> None:
    """A typing error is not silently ignored."""
    (sentence,) = faults(GROUNDCREW_RELIABILITY_CHANEL=VALUE)
    assert "Did you mean GROUNDCREW_RELIABILITY_CHANNEL?" in sentence
    assert "Did you mean" not in next(unknown({"GROUNDCREW_TYPO": "1"}))


def test_a_secret_can_be_given_as_a_file(tmp_path: Path) -> None:
    """NAME_FILE is read, its line end does not belong to the value, and both at once are refused."""
    file = tmp_path / "token"
    file.write_text("ghp_abc\n")
    token = load({"GROUNDCREW_GITHUB_TOKEN_FILE": str(file)}).github_token
    assert token is not None
    assert token.get_secret_value() == "ghp_abc"
    (sentence,) = faults(GROUNDCREW_GITHUB_TOKEN_FILE=str(file), GROUNDCREW_GITHUB_TOKEN="x")
    assert "both set" in sentence
    (sentence,) = faults(GROUNDCREW_GITHUB_TOKEN_FILE="/dev/zero")
    assert sentence.startswith("GROUNDCREW_GITHUB_TOKEN_FILE names a file that cannot be read.")
    (sentence,) = faults(GROUNDCREW_GITHUB_TOKEN_FILE=f"/nowhere/{VALUE}")
    assert sentence.startswith("GROUNDCREW_GITHUB_TOKEN_FILE names a file that cannot be read.")


def test_no_secret_shows_in_the_settings_themselves() -> None:
    """Whoever logs the settings logs no secret."""
    plain = VALUE.replace("-", "")
    secret = dict.fromkeys(_secrets(), VALUE * 2) | {
        "SLACK_BOT_TOKEN": f"xoxb-{VALUE}",
        "GROUNDCREW_DATABASE_URL": f"postgresql+psycopg://me:{VALUE}%2F2@db.example/registry",
        "GROUNDCREW_SMTP_URL": f"smtps://me:{VALUE}@mail.example",
        "GROUNDCREW_PAGE_WEBHOOK_URL": f"https://pager.example/{VALUE}",
        "GROUNDCREW_DEAD_MAN_URL": f"https://dead-man.example/{VALUE}",
        "GROUNDCREW_PAGERDUTY_ROUTING_KEY": (plain * 2)[:32],
    }
    del secret["SLACK_APP_TOKEN"]  # the signing secret stands in for it
    more = {"GROUNDCREW_RELIABILITY_CHANNEL": "C1", "GROUNDCREW_SMTP_FROM": "groundcrew@mail.example"}
    settings = load({**secret, **more})
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    assert VALUE not in shown
    assert plain not in shown
    # The passwords of the mail server and of the database are known without the address around them, too.
    assert {*settings.secrets()} == {*secret.values(), VALUE, f"{VALUE}/2"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"GROUNDCREW_SMTP_URL": "smtp://localhost"}, "GROUNDCREW_SMTP_FROM"),
        ({"GROUNDCREW_SMTP_FROM": "a@mail.example"}, "GROUNDCREW_SMTP_URL"),
        ({"GROUNDCREW_PAGE_WEBHOOK_URL": "https://pager.example/"}, "GROUNDCREW_PAGE_WEBHOOK_SECRET"),
        ({"GROUNDCREW_PAGE_WEBHOOK_SECRET": VALUE * 2}, "GROUNDCREW_PAGE_WEBHOOK_URL"),
    ],
)
def test_half_a_second_route_is_refused(given: dict[str, str], missing: str) -> None:
    """What is missing is named, with what it is for: a page must not end at a route that nobody finished."""
    (sentence,) = faults(**given)
    assert sentence.startswith(f"{missing} is missing. {every_setting()[missing].description}")


def _secrets() -> list[str]:
    return [name for name, field in every_setting().items() if is_secret(field)]


def test_every_setting_is_described() -> None:
    """Each setting says what it is for and in which unit."""
    for name, field in every_setting().items():
        assert field.description, name
        assert isinstance(field.json_schema_extra, dict), name
        assert field.json_schema_extra["unit"], name
    assert len(every_setting()) == len(Settings.model_fields)


@given(st.integers(min_value=1, max_value=999_999))
def test_a_duration_survives_writing_and_reading(seconds: int) -> None:
    """What is written of a duration is read as the same."""
    length = timedelta(seconds=seconds)
    assert duration(written_duration(length)) == length
