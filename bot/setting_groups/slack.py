"""What the bot needs to hear and speak in Slack."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting


class SlackSettings(BaseModel):
    """Slack."""

    bot_token: kinds.BotToken = setting(
        "SLACK_BOT_TOKEN",
        None,
        "text that starts with xoxb-",
        "The token with which the bot speaks in your Slack workspace.",
        where="your Slack app's settings > OAuth & Permissions > Bot User OAuth Token",
        unset="without it the bot starts a local workspace",
    )
    app_token: kinds.AppToken = setting(
        "SLACK_APP_TOKEN",
        None,
        "text that starts with xapp-",
        "The token that opens the connection to Slack (Socket Mode).",
        where="your Slack app's settings > Basic Information > App-Level Tokens, with the scope connections:write",
        unset="without it and SLACK_SIGNING_SECRET the bot starts a local workspace",
    )
    signing_secret: SecretStr | None = setting(
        "SLACK_SIGNING_SECRET",
        None,
        "text",
        "The secret with which Slack signs what it sends over HTTP, in place of SLACK_APP_TOKEN and Socket Mode.",
        where="your Slack app's settings > Basic Information > App Credentials > Signing Secret; its Request URLs are "
        "your https:// address and /slack/events",
        unset="Slack is heard by Socket Mode",
    )
    signing_secret_old: SecretStr | None = setting(
        "SLACK_SIGNING_SECRET_OLD",
        None,
        "text",
        "The signing secret before the present one, which is taken too while Slack changes over to a new one.",
        where="what SLACK_SIGNING_SECRET was until now; remove it a day later",
    )
    slack_api_url: kinds.ApiUrl = setting(
        "SLACK_API_URL",
        "https://slack.com/api/",
        "https address",
        "The address of Slack's Web API.",
        where="leave it as it is, except in GovSlack: https://slack-gov.com/api/",
    )
    reliability_channel: str | None = setting(
        "GROUNDCREW_RELIABILITY_CHANNEL",
        None,
        "channel id or #name",
        "The channel for requests to the admins and for apps that have none of their own; the last step of every page.",
        where="click the channel's name in Slack: its id stands at the bottom; then type /invite @Groundcrew in it",
        unset="needed in Slack; the local workspace has #reliability",
    )
    admins: kinds.Members = setting(
        "GROUNDCREW_ADMINS",
        frozenset(),
        "member ids, separated by commas",
        "The people who, beside the admins of the workspace, may see every finding, let the bot read private code, and "
        "answer for apps whose owner is gone.",
        where="click a person's picture in Slack > ... > Copy member ID",
    )
    approvers: str | None = setting(
        "GROUNDCREW_APPROVERS",
        None,
        "user group: @handle or id",
        "The user group whose people may read findings in private code, find a new owner for an app that nobody owns, "
        "and change who is on call.",
        where="Slack > People > User groups; any user group that the people of your reliability team are in",
        unset="nobody is an approver, and admins do it alone",
    )
    local_folders: kinds.Folders = setting(
        "GROUNDCREW_LOCAL_FOLDERS",
        (),
        "folders, separated by commas",
        "The folders below which the local workspace may check folders, beside the one that it is started in; in Slack "
        "no folder is ever checked.",
    )
    local_port: kinds.Port = setting(
        "GROUNDCREW_LOCAL_PORT",
        3000,
        "port number from 1 to 65535",
        "The port of the local workspace, which listens on this machine only.",
    )
