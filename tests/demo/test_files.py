"""Does a file get from the app to those who may see it, in three steps, and to nobody else?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import ANNA, BO, CIA, DEFINITION, GENERAL, MANIFEST, QUIET, client_of
from tests.demo.test_page_socket import tab_of

EVERY_BYTE = bytes(range(256)) * 3 + b"\r\n--x\r\n\n"


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] += ["files:write", "files:read"]
    with LocalWorkspace(DEFINITION, manifest=manifest) as running:
        yield running


def downloaded(workspace: LocalWorkspace, file: dict[str, Any], user: str, key: str | None = None) -> Any:
    page = urlsplit(workspace.page_url)
    key = parse_qs(page.query)["key"][0] if key is None else key
    fields = {"key": key, "user": user}
    return urllib3.request("GET", f"http://{page.netloc}/page/files/{file['id']}/{file['name']}", fields=fields)


def started(client: WebClient, length: int = 3) -> tuple[str, str]:
    answer = client.files_getUploadURLExternal(filename="a.txt", length=length)
    return answer["upload_url"], answer["file_id"]


def test_slack_sdk_uploads_a_file_that_the_channel_sees_and_downloads(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    file = client.files_upload_v2(
        channel=GENERAL.id, content=EVERY_BYTE, filename="list.csv", title="The list", initial_comment="Here & there"
    )["file"]
    assert (file["title"], file["size"], file["mimetype"]) == ("The list", len(EVERY_BYTE), "text/csv")
    with tab_of(workspace, BO.id) as tab:
        message = tab.until(lambda _: True)["channels"][0]["messages"][-1]
        assert message["text"] == "Here & there"
        assert message["files"] == [
            {"id": file["id"], "name": "list.csv", "title": "The list", "mimetype": "text/csv", "size": len(EVERY_BYTE)}
        ]
    answer = downloaded(workspace, file, BO.id)
    assert answer.data == EVERY_BYTE
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''list.csv"
    assert answer.headers["x-content-type-options"] == "nosniff"
    token = {"authorization": f"Bearer {workspace.bot_token}"}
    assert urllib3.request("GET", file["url_private"], headers=token).data == EVERY_BYTE
    assert urllib3.request("GET", file["url_private"]).status == 403
    assert client.files_info(file=file["id"])["file"]["name"] == "list.csv"


def test_only_who_sees_the_message_gets_the_file(workspace: LocalWorkspace) -> None:
    file = client_of(workspace).files_upload_v2(channel=CIA.id, content="secret", filename="a.txt")["file"]
    assert downloaded(workspace, file, CIA.id).data == b"secret"
    assert downloaded(workspace, file, ANNA.id).status == 404
    assert downloaded(workspace, file, "U404").status == 404
    assert downloaded(workspace, file, CIA.id, key="guess").status == 403
    [message] = workspace.person("cia").dm
    client_of(workspace).chat_delete(channel=message.channel, ts=message.ts)
    assert downloaded(workspace, file, CIA.id).status == 404


def test_a_form_is_taken_as_well_as_bare_bytes(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    address, file_id = started(client, len(EVERY_BYTE))
    sent = urllib3.request("POST", address, fields={"note": "x", "filename": ("a.txt", EVERY_BYTE)})
    assert sent.status == 200
    client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=GENERAL.id)
    assert downloaded(workspace, {"id": file_id, "name": "a.txt"}, ANNA.id).data == EVERY_BYTE


def test_a_file_is_a_reply_in_a_thread(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    ts = client.chat_postMessage(channel=GENERAL.id, text="parent")["ts"]
    client.files_upload_v2(channel=GENERAL.id, content="x", filename="a.txt", thread_ts=ts)
    assert workspace.person("anna").messages("general")[-1].thread_ts == ts
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.files_upload_v2(channel=GENERAL.id, content="x", filename="a.txt", thread_ts="1.000001")


def test_what_is_not_uploaded_cannot_be_shared_nor_shared_twice(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    address, file_id = started(client)
    unready: list[list[dict[str, str | None]]] = [[{"id": file_id}], [{"id": "F404"}], []]
    for files in unready:
        with pytest.raises(SlackApiError, match="file_not_found"):
            client.files_completeUploadExternal(files=files, channel_id=GENERAL.id)
    assert urllib3.request("POST", address, body=b"four").status == 400
    assert urllib3.request("POST", f"{address}x", body=b"abc").status == 404
    assert urllib3.request("POST", address, body=b"abc").status == 200
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=QUIET.id)
    client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=GENERAL.id)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=GENERAL.id)
    assert urllib3.request("POST", address, body=b"abc").status == 404
    assert len(workspace.person("anna").messages("general")) == 1


def test_an_upload_that_fails_on_demand_shares_nothing(workspace: LocalWorkspace) -> None:
    workspace.fail_next("upload", status=500)
    with pytest.raises((SlackRequestError, OSError), match="500"):
        client_of(workspace).files_upload_v2(channel=GENERAL.id, content="x", filename="a.txt")
    assert workspace.person("anna").messages("general") == ()


@pytest.mark.parametrize(
    ("filename", "length", "error"),
    [("", 3, "invalid_arguments"), ("a.txt", 0, "missing_argument"), ("a.txt", "many", "invalid_arguments")],
)
def test_an_upload_needs_a_name_and_a_length(workspace: LocalWorkspace, filename: str, length: Any, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        client_of(workspace).files_getUploadURLExternal(filename=filename, length=length)
