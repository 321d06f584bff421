from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.errors import ImpossibleInput, Refusal
from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    GENERAL,
    NAME,
    actions,
    bolt_app,
    both_ways,
    button,
    client_of,
    connected,
    form,
    input_block,
    option,
    plain,
    section,
)


@both_ways
def test_a_command_is_answered_for_the_person_alone(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    seen: list[dict[str, Any]] = []

    @app.command("/sample")
    def answer(ack: Ack, body: dict[str, Any]) -> None:
        seen.append(body)
        ack(f"you said {body['text']}")

    with connected(app, workspace):
        anna, bo = workspace.person("anna"), workspace.person("bo")
        anna.command("/sample", "echo 1 & 2", channel="#general")
    assert anna.messages("#general")[-1].text == "you said echo 1 & 2"
    assert anna.messages("#general")[-1].ephemeral
    assert bo.messages("#general") == ()
    assert seen[0]["channel_id"] == GENERAL.id
    assert seen[0]["user_id"] == anna.id
    assert seen[0]["is_enterprise_install"] == "false"


@both_ways
def test_a_command_that_says_in_channel_is_answered_for_all(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)

    @app.command("/sample")
    def answer(ack: Ack) -> None:
        ack({"response_type": "in_channel", "blocks": [section("*hello*")], "text": "hello"})

    with connected(app, workspace):
        workspace.person("anna").command("/sample", channel="general")
    assert workspace.person("bo").messages("general")[-1].shown() == "*hello*"


def test_an_unknown_command_and_a_missing_app_are_told_apart(workspace: LocalWorkspace) -> None:
    with pytest.raises(Refusal, match="unknown_command"):
        workspace.person("anna").command("/smaple")
    with pytest.raises(Refusal, match="not_connected"):
        workspace.person("anna").command("/sample")


def test_a_command_nobody_acknowledges_times_out(hasty_workspace: LocalWorkspace) -> None:
    app = bolt_app(hasty_workspace)
    app.command("/sample")(lambda: time.sleep(1.5))
    with connected(app, hasty_workspace), pytest.raises(Refusal, match="operation_timeout"):
        hasty_workspace.person("anna").command("/sample")


@both_ways
def test_a_form_opens_is_filled_refused_corrected_and_taken(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    taken: list[dict[str, Any]] = []

    @app.shortcut("open-form")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        opened = client.views_open(trigger_id=body["trigger_id"], view=form(NAME, private_metadata="m-1"))
        assert opened["view"]["state"] == {"values": {}}

    @app.view("form")
    def take(ack: Ack, body: dict[str, Any]) -> None:
        name = body["view"]["state"]["values"]["name"]["name-input"]["value"]
        if name == "nobody":
            ack(response_action="errors", errors={"name": "is there really nobody?"})
        else:
            taken.append(body)
            ack()

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.shortcut("open-form")
        anna.wait_for_modal("form")
        assert anna.submit().errors == {"name": "Please complete this required field."}
        with pytest.raises(ImpossibleInput, match="at most 10"):
            anna.fill("name", "x" * 11)
        anna.fill("name-input", "nobody")
        assert anna.submit().errors == {"name": "is there really nobody?"}
        anna.fill("name", "Bella")
        assert anna.submit().ok
    assert anna.modal is None
    view = taken[0]["view"]
    assert view["state"]["values"] == {"name": {"name-input": {"type": "plain_text_input", "value": "Bella"}}}
    assert view["private_metadata"] == "m-1"
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None


@both_ways
def test_a_modal_is_pushed_updated_and_cleared_by_acknowledgements(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(NAME, callback_id="first"))
        ack()

    app.view("first")(
        lambda ack: ack(response_action="push", view=form(section("two"), callback_id="second", submit=plain("Next")))
    )
    app.view("second")(lambda ack: ack(response_action="update", view=form(section("three"), callback_id="third")))
    app.view("third")(lambda ack: ack(response_action="clear"))

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.fill("name", "Bella")
        assert anna.submit().ok
        first, second = anna.modals
        assert (second.previous_view_id, second.root_view_id) == (first.id, first.id)
        assert anna.submit().ok
        third = anna.modals[1]
        assert third.id == second.id
        assert third.hash != second.hash
        assert third.callback_id == "third"
        assert anna.submit().ok
    assert anna.modals == ()


@both_ways
@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"no-such-block": "wrong"}},
        {"response_action": "errors", "errors": {"text": "not an input"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal", "title": plain("x" * 25), "blocks": []}},
        {"response_action": "shout"},
        {"text": "a message is no answer here"},
    ],
)
def test_a_submission_that_is_answered_wrongly_shows_trouble(workspace: LocalWorkspace, answer: dict[str, Any]) -> None:
    app = bolt_app(workspace)

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(NAME, {**section("hello"), "block_id": "text"}))
        ack()

    @app.view("form")
    def wrong(ack: Ack) -> Any:
        return ack(**answer) if "text" not in answer else ack(answer)

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.fill("name", "Bella")
        result = anna.submit()
        assert result.error == "trouble"
        assert anna.values["name"]["name-input"]["value"] == "Bella"


def test_a_submission_nobody_acknowledges_keeps_the_form_and_shows_trouble(hasty_workspace: LocalWorkspace) -> None:
    app = bolt_app(hasty_workspace)

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(NAME))
        ack()

    app.view("form")(lambda: time.sleep(1.5))

    with connected(app, hasty_workspace):
        anna = hasty_workspace.person("anna")
        anna.command("/sample")
        anna.fill("name", "Bella")
        assert anna.submit().error == "trouble"
        assert anna.modal is not None


def test_what_was_typed_stays_over_an_update_where_the_ids_stay(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    note = {"type": "plain_text_input", "action_id": "note-input", "initial_value": "first"}

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(
            trigger_id=body["trigger_id"],
            view=form(NAME, input_block("note-1", note), actions("row", button("again"))),
        )
        ack()

    @app.action("again")
    def again(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_update(
            view_id=body["view"]["id"],
            hash=body["view"]["hash"],
            view=form(NAME, input_block("note-2", {**note, "initial_value": "second"}), callback_id="updated"),
        )

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.fill("name", "Bella")
        anna.fill("note", "mine")
        modal = anna.modal
        assert modal is not None
        anna.press(modal, "again")
        anna.wait_for_modal("updated")
        assert anna.values["name"]["name-input"]["value"] == "Bella"
        assert anna.values["note-2"]["note-input"]["value"] == "second"


def test_a_stale_hash_a_closed_view_and_a_fourth_modal_are_refused(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    client = client_of(workspace)
    triggers: list[str] = []

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(actions("row", button("push")), external_id="mine"))
        ack()

    @app.action("push")
    def keep_trigger(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        triggers.append(body["trigger_id"])

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        first = anna.modal
        assert first is not None
        client.views_update(external_id="mine", view=form(actions("row", button("push")), external_id="mine"))
        with pytest.raises(SlackApiError, match="hash_conflict"):
            client.views_update(view_id=first.id, hash=first.hash, view=form(NAME))
        for _ in range(2):
            anna.press(anna.modals[-1], "push")
            client.views_push(trigger_id=triggers[-1], view=form(actions("row", button("push"))))
        anna.press(anna.modals[-1], "push")
        with pytest.raises(SlackApiError, match="push_limit_reached"):
            client.views_push(trigger_id=triggers[-1], view=form(NAME))
        anna.close(cleared=True)
        assert anna.modals == ()
        with pytest.raises(SlackApiError, match="not_found"):
            client.views_update(view_id=first.id, view=form(NAME))


def test_a_trigger_is_exchanged_once_and_in_time(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    client = client_of(workspace)
    triggers: list[str] = []

    @app.command("/sample")
    def keep(ack: Ack, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        ack()

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        with pytest.raises(SlackApiError, match="invalid_arguments"):  # refused before the trigger is used up
            client.views_open(trigger_id=triggers[0], view={**form(NAME), "title": plain("x" * 25)})
        client.views_open(trigger_id=triggers[0], view=form(NAME))
        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            client.views_open(trigger_id=triggers[0], view=form(NAME))
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            client.views_open(trigger_id="1.2.abc", view=form(NAME))
        anna.command("/sample")
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):  # it comes from no modal
            client.views_push(trigger_id=triggers[1], view=form(NAME))


def test_a_trigger_expires(hasty_workspace: LocalWorkspace) -> None:
    app = bolt_app(hasty_workspace)
    triggers: list[str] = []

    @app.command("/sample")
    def keep(ack: Ack, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        ack()

    with connected(app, hasty_workspace):
        hasty_workspace.person("anna").command("/sample")
    time.sleep(1.0)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client_of(hasty_workspace).views_open(trigger_id=triggers[0], view=form(NAME))


@both_ways
def test_a_closed_modal_is_told_of_if_the_app_wants_to_know(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    closed: list[dict[str, Any]] = []

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(NAME, notify_on_close=True))
        ack()

    @app.view_closed("form")
    def note(ack: Ack, body: dict[str, Any]) -> None:
        closed.append(body)
        ack()

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.fill("name", "Bella")
        anna.close()
    assert closed[0]["is_cleared"] is False
    assert closed[0]["view"]["callback_id"] == "form"


@both_ways
def test_choices_dispatch_and_suggestions_work_as_in_a_browser(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    told: list[dict[str, Any]] = []
    queries: list[str] = []
    radio = {
        "type": "radio_buttons",
        "action_id": "method",
        "options": [option("E-mail", "email"), option("Post", "post")],
    }
    boxes = {"type": "checkboxes", "action_id": "free", "options": [option("Free text", "free")]}
    pets = {"type": "external_select", "action_id": "pet"}
    before = {"type": "number_input", "action_id": "before", "is_decimal_allowed": False, "min_value": "0"}
    typed = {
        "type": "plain_text_input",
        "action_id": "live",
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        view = form(
            input_block("method-1", radio, dispatch_action=True),
            input_block("free-1", boxes, optional=True),
            input_block("pet-1", pets, dispatch_action=True),
            input_block("before-1", before, dispatch_action=True),
            input_block("live-1", typed, dispatch_action=True),
            input_block("date-1", {"type": "datepicker", "action_id": "date"}),
        )
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @app.options("pet")
    def pets_named(ack: Ack, payload: dict[str, Any]) -> None:
        queries.append(payload["value"])
        ack(options=[option("Bella (dog)", "7")])

    for action_id in ("method", "pet", "before", "live"):

        @app.action(action_id)
        def note(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            told.append(body)

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.choose("method", "Post")
        assert told[-1]["actions"][0]["selected_option"]["value"] == "post"
        assert told[-1]["view"]["state"]["values"]["free-1"]["free"]["selected_options"] == []
        assert told[-1]["view"]["state"]["values"]["pet-1"]["pet"]["selected_option"] is None
        with pytest.raises(ImpossibleInput, match="not offered"):
            anna.choose("method", "Pigeon")
        anna.choose("free", "Free text")
        assert len(told) == 1
        assert anna.suggest("pet", "Be") == []
        assert anna.suggest("pet", "Bel") == ["Bella (dog)"]
        anna.choose("pet", "Bella (dog)", query="Bella")
        assert queries == ["Bel", "Bella"]
        assert told[-1]["actions"][0]["selected_option"]["value"] == "7"
        anna.fill("before", "5")
        assert len(told) == 2
        anna.fill("before", "5", enter=True)
        assert told[-1]["actions"][0]["value"] == "5"
        anna.fill("live", "x")
        assert len(told) == 4
        with pytest.raises(ImpossibleInput):
            anna.fill("date", "2026-02-30")
        anna.fill("before", "-1")
        assert anna.submit().errors == {
            "before-1": "Please enter a number no less than 0.",
            "date-1": "Please complete this required field.",
        }


@both_ways
def test_everything_interactive_can_be_delivered_twice(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    hashes: list[tuple[str, str]] = []
    lock = threading.Lock()

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(NAME))
        ack()

    @app.view("form")
    def take(ack: Ack, view: dict[str, Any]) -> None:
        with lock:
            hashes.append((view["id"], view["hash"]))
        ack()

    with connected(app, workspace):
        workspace.deliver_twice(True)
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.fill("name", "Bella")
        assert anna.submit().ok
    assert len(hashes) == 2
    assert hashes[0] == hashes[1]
