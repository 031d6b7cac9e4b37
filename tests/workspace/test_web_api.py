"""Slack's own AsyncWebClient against the Web API of the workspace."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace_client import WorkspaceClient


async def refused(call: Any) -> str:
    """Give the error that Slack's client raises for *call*."""
    with pytest.raises(SlackApiError) as raised:
        await call
    return str(raised.value.response["error"])


def section(text: str, **more: Any) -> dict[str, Any]:
    """Make a section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


async def test_the_bot_learns_who_it_is(slack: AsyncWebClient) -> None:
    """auth.test, team.info and bots.info agree with each other."""
    me = await slack.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == ("U0CREW", "B0CREW", "T0LOCAL")
    assert (await slack.bots_info(bot=me["bot_id"]))["bot"]["user_id"] == me["user_id"]
    assert (await slack.team_info())["team"]["id"] == me["team_id"]


async def test_tokens_of_elsewhere_are_refused(workspace: WorkspaceClient) -> None:
    """Only local tokens open anything, and each only what is its own."""
    base = f"{workspace.address}/api/"
    assert await refused(AsyncWebClient("xoxb-1-2-real", base_url=base).auth_test()) == "invalid_auth"
    assert await refused(AsyncWebClient(base_url=base).auth_test()) == "not_authed"
    bot = AsyncWebClient("xoxb-local-workspace", base_url=base)
    assert await refused(bot.apps_connections_open(app_token="xoxb-local-workspace")) == "not_allowed_token_type"
    assert (await bot.apps_connections_open(app_token="xapp-local-else"))["url"].startswith("ws://127.0.0.1:")
    assert await refused(bot.api_call("admin.users.list")) == "unknown_method"


async def test_people_and_groups_are_found(slack: AsyncWebClient) -> None:
    """People come by id and by address, groups with their members, and nobody else does."""
    assert (await slack.users_info(user="U0EVE"))["user"]["is_admin"] is True
    assert (await slack.users_info(user="U0GUS"))["user"]["is_restricted"] is True
    assert (await slack.users_lookupByEmail(email="Bo@example.test"))["user"]["id"] == "U0BO"
    assert [one["name"] async for page in await slack.users_list(limit=2) for one in page["members"]] == [
        *("ann", "bo", "eve", "max", "gus"),
        "groundcrew",
    ]
    groups = (await slack.usergroups_list())["usergroups"]
    assert (await slack.usergroups_users_list(usergroup=groups[0]["id"]))["users"] == ["U0EVE", "U0BO"]
    assert await refused(slack.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refused(slack.users_lookupByEmail(email="no@example.test")) == "users_not_found"


async def test_a_deactivated_account_is_told_and_seen(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """After an admin closes an account users.info says deleted, and the address finds nobody."""
    eve = await workspace.person("eve")
    await eve.deactivate("max")
    assert (await slack.users_info(user="U0MAX"))["user"]["deleted"] is True
    assert await refused(slack.users_lookupByEmail(email="max@example.test")) == "users_not_found"
    assert await refused(slack.conversations_open(users="U0MAX")) == "user_disabled"


async def test_a_thread_is_posted_edited_and_read_back(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """A reply stands in its thread, an edit keeps blocks as Slack does, and a deleted root leaves a tombstone."""
    metadata = {"event_type": "app", "event_payload": {"id": "7"}}
    blocks = [section("card")]
    root = await slack.chat_postMessage(channel="#apps", text="card", blocks=blocks, metadata=metadata)
    reply = await slack.chat_postMessage(channel=root["channel"], thread_ts=root["ts"], text="reply")
    deeper = await slack.chat_postMessage(channel=root["channel"], thread_ts=reply["ts"], text="deeper")
    thread = await slack.conversations_replies(channel=root["channel"], ts=root["ts"], include_all_metadata=True)
    assert [one["text"] for one in thread["messages"]] == ["card", "reply", "deeper"]
    assert thread["messages"][0]["reply_count"] == 2
    assert thread["messages"][0]["metadata"] == metadata
    assert thread["messages"][2]["thread_ts"] == root["ts"]
    assert len((await slack.conversations_history(channel=root["channel"]))["messages"]) == 1

    edited = await slack.chat_update(channel=root["channel"], ts=root["ts"], text="plain")
    assert "blocks" not in edited["message"]
    assert "edited" in edited["message"]
    edited = await slack.chat_update(channel=root["channel"], ts=root["ts"], text="card", blocks=blocks)
    assert edited["message"]["blocks"][0]["text"]["text"] == "card"

    await slack.chat_delete(channel=root["channel"], ts=root["ts"])
    assert await refused(slack.chat_update(channel=root["channel"], ts=root["ts"], text="x")) == "message_not_found"
    await slack.chat_delete(channel=root["channel"], ts=deeper["ts"])
    ann = await workspace.person("ann")
    assert [one.text for one in ann.thread(ann.messages("apps")[0])] == ["This message was deleted.", "reply"]


async def test_history_pages_by_cursor_and_time(slack: AsyncWebClient) -> None:
    """The newest message comes first, page by page, and oldest leaves out what is not newer."""
    sent = [(await slack.chat_postMessage(channel="C0APPS", text=f"{number}"))["ts"] for number in range(5)]
    pages = [page["messages"] async for page in await slack.conversations_history(channel="C0APPS", limit=2)]
    assert [[one["text"] for one in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    newer = await slack.conversations_history(channel="C0APPS", oldest=sent[2])
    assert [one["text"] for one in newer["messages"]] == ["4", "3"]


async def test_the_bot_cannot_write_everywhere(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """Unknown, foreign and archived channels are refused by Slack's names, until the bot joins or is invited."""
    post = slack.chat_postMessage
    assert await refused(post(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert await refused(post(channel="finance-tools", text="x")) == "not_in_channel"
    assert await refused(post(channel="apps", text="x", thread_ts="1.000001")) == "thread_not_found"
    assert await refused(slack.conversations_history(channel="C0FINANCE")) == "not_in_channel"
    eve = await workspace.person("eve")
    await eve.command("/invite @groundcrew", channel="finance-tools")
    assert (await post(channel="finance-tools", text="x"))["ok"]
    await eve.command("/remove @groundcrew", channel="finance-tools")
    assert await refused(post(channel="finance-tools", text="x")) == "not_in_channel"
    await slack.conversations_join(channel="C0FINANCE")
    assert "U0CREW" in (await slack.conversations_members(channel="C0FINANCE"))["members"]
    await eve.archive("finance-tools")
    assert await refused(post(channel="finance-tools", text="x")) == "is_archived"
    listed = await slack.conversations_list(exclude_archived=True, types="public_channel,im")
    names = [one.get("name", one.get("user")) for one in listed["channels"]]
    assert names == ["general", "apps", "reliability", "U0ANN", "U0BO", "U0EVE", "U0MAX", "U0GUS"]


async def test_only_its_person_sees_an_ephemeral_message(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """A private message is not in the history, cannot be updated, and is refused for who is not inside."""
    ann, bo = await workspace.person("ann"), await workspace.person("bo")
    sent = await slack.chat_postEphemeral(channel="C0APPS", user="U0ANN", text="for you")
    await slack.chat_postMessage(channel="C0APPS", text="for all")
    await bo.wait_for(lambda m: m.text == "for all")
    assert [one.text for one in ann.ephemerals()] == ["for you"]
    assert [one.text for one in bo.messages("apps")] == ["for all"]
    assert len((await slack.conversations_history(channel="C0APPS"))["messages"]) == 1
    update = slack.chat_update(channel="C0APPS", ts=sent["message_ts"], text="x")
    assert await refused(update) == "message_not_found"
    stranger = slack.chat_postEphemeral(channel="C0RELIABILITY", user="U0GUS", text="x")
    assert await refused(stranger) == "user_not_in_channel"


async def test_only_its_own_messages_can_be_edited(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """What a person wrote is not the bot's to change."""
    ann = await workspace.person("ann")
    ts = await ann.say("mine", channel="apps")
    assert await refused(slack.chat_update(channel="C0APPS", ts=ts, text="x")) == "cant_update_message"
    assert await refused(slack.chat_delete(channel="C0APPS", ts=ts)) == "cant_delete_message"


async def test_texts_have_their_limits(slack: AsyncWebClient) -> None:
    """A message needs a text, a long one is cut, and a long edit is refused."""
    with pytest.warns(UserWarning, match="text"):
        assert await refused(slack.chat_postMessage(channel="apps")) == "no_text"
    sent = await slack.chat_postMessage(channel="apps", text="x" * 50_000)
    assert len(sent["message"]["text"]) == 40_000
    edit = slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="x" * 4_001)
    assert await refused(edit) == "msg_too_long"


async def test_bad_blocks_are_refused_with_their_place(slack: AsyncWebClient) -> None:
    """The refusal names the block and the field that are at fault."""
    with pytest.raises(SlackApiError) as raised:
        await slack.chat_postMessage(channel="apps", text="x", blocks=[section("ok"), section("x" * 3001)])
    assert raised.value.response["error"] == "invalid_blocks"
    assert raised.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


async def test_a_permalink_names_the_thread(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """The permalink of a reply leads to its thread on the page."""
    root = await slack.chat_postMessage(channel="apps", text="root")
    reply = await slack.chat_postMessage(channel="apps", text="reply", thread_ts=root["ts"])
    link = (await slack.chat_getPermalink(channel="C0APPS", message_ts=reply["ts"]))["permalink"]
    digits = reply["ts"].replace(".", "")
    assert link == f"{workspace.address}/archives/C0APPS/p{digits}?thread_ts={root['ts']}&cid=C0APPS"


async def test_a_home_is_published_and_guarded_by_its_hash(workspace: WorkspaceClient, slack: AsyncWebClient) -> None:
    """The App Home belongs to one person, and an old hash does not overwrite a new one."""
    home = {"type": "home", "blocks": [section("hello")]}
    first = await slack.views_publish(user_id="U0ANN", view=home)
    await slack.views_publish(user_id="U0ANN", view=home, hash=first["view"]["hash"])
    stale = slack.views_publish(user_id="U0ANN", view=home, hash=first["view"]["hash"])
    assert await refused(stale) == "hash_conflict"
    assert (await workspace.person("ann")).home() is not None
    assert (await workspace.person("bo")).home() is None
