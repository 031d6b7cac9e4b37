"""Who is here: the users.*, usergroups.*, bots.*, team.* and auth.* methods of the Web API."""

from workspace import people, rooms
from workspace.people import BOT, BOT_ID, PEOPLE, Person
from workspace.state import Workspace
from workspace.wire import Json, Refusal, flag, needed, page


def as_user(workspace: Workspace, person: Person) -> Json:
    """Describe a person as Slack does."""
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "title": person.title,
        "team": people.TEAM_ID,
    }
    profile |= {"bot_id": BOT_ID, "api_app_id": people.APP_ID} if person.is_bot else {"email": person.email}
    return {
        "id": person.id,
        "team_id": people.TEAM_ID,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": rooms.is_deactivated(workspace, person.id),
        "tz": person.tz,
        "tz_label": person.tz_label,
        "tz_offset": person.tz_offset,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": people.CREATED,
    }


def info(workspace: Workspace, args: Json) -> Json:
    """Describe one person."""
    person = people.person(needed(args, "user"))
    if person is None:
        raise Refusal("user_not_found")
    return {"user": as_user(workspace, person)}


def list_all(workspace: Workspace, args: Json) -> Json:
    """List everybody, the bot last."""
    cut, cursor = page([as_user(workspace, one) for one in (*PEOPLE, BOT)], args, otherwise=200)
    return {"members": cut, "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(workspace: Workspace, args: Json) -> Json:
    """Find a person by address; one whose account is deactivated is not found, as in Slack."""
    wanted = needed(args, "email").casefold()
    for person in PEOPLE:
        if person.email == wanted and not rooms.is_deactivated(workspace, person.id):
            return {"user": as_user(workspace, person)}
    raise Refusal("users_not_found")


def list_groups(workspace: Workspace, args: Json) -> Json:
    """List the user groups."""
    del workspace
    groups = [
        {
            "id": group.id,
            "team_id": people.TEAM_ID,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "date_delete": 0,
            "user_count": len(group.members),
            **({"users": list(group.members)} if flag(args, "include_users") else {}),
        }
        for group in people.GROUPS
    ]
    return {"usergroups": groups}


def list_group_members(workspace: Workspace, args: Json) -> Json:
    """List who is in a user group."""
    del workspace
    wanted = needed(args, "usergroup")
    for group in people.GROUPS:
        if group.id == wanted:
            return {"users": list(group.members)}
    raise Refusal("no_such_subteam")


def bot_info(workspace: Workspace, args: Json) -> Json:
    """Describe the bot."""
    del workspace
    if needed(args, "bot") != BOT_ID:
        raise Refusal("bot_not_found")
    about = {"id": BOT_ID, "app_id": people.APP_ID, "user_id": people.BOT_USER, "name": people.BOT_NAME}
    return {"bot": {**about, "deleted": False, "updated": people.CREATED}}


def team_info(workspace: Workspace, args: Json) -> Json:
    """Describe the workspace."""
    del args
    team = {"id": people.TEAM_ID, "name": people.TEAM_NAME, "domain": people.TEAM_DOMAIN}
    return {"team": {**team, "url": f"{workspace.address}/", "email_domain": "example.test"}}


def auth_test(workspace: Workspace, args: Json) -> Json:
    """Say whose token this is, and, which Slack does not, where this workspace keeps its messages."""
    del args
    return {
        "kept_in": str(workspace.folder),
        "url": f"{workspace.address}/",
        "team": people.TEAM_NAME,
        "user": BOT.name,
        "team_id": people.TEAM_ID,
        "user_id": people.BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


METHODS = {
    "auth.test": auth_test,
    "bots.info": bot_info,
    "team.info": team_info,
    "usergroups.list": list_groups,
    "usergroups.users.list": list_group_members,
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
}
