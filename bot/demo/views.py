"""Which views are open, and may the app change them?

Each person has a stack of at most three modals and one Home tab (docs.slack.dev, "Modals", `views.open`,
`views.push`, `views.update`, `views.publish`; SLACK.md, "Views"). What is typed stays over an update where block_id
and action_id are the same.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from typing import Any

from blocks.limits import VIEW_BYTES, problems, view_bytes
from bot.demo.elements import as_slack_keeps, kept, merged
from bot.demo.errors import Refusal
from bot.demo.ids import slack_id
from bot.demo.state import State
from bot.demo.surfaces import Values, View

Object = dict[str, Any]

MOST_MODALS = 3


class Views:
    """All open views. Every method may be called from any thread."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stacks: dict[str, list[View]] = {user.id: [] for user in state.definition.users}
        self._homes: dict[str, View] = {}
        self._unseen_homes: set[str] = set()

    def stack(self, user_id: str) -> tuple[View, ...]:
        """The person's open modals, the last one on top."""
        with self._state.reading():
            return tuple(self._stacks[self._state.user(user_id).id])

    def home(self, user_id: str) -> View | None:
        """What the app published on this person's Home tab."""
        with self._state.reading():
            return self._homes.get(self._state.user(user_id).id)

    def home_is_unseen(self, user_id: str) -> bool:
        """Was Home published since the person last opened it?"""
        with self._state.reading():
            return user_id in self._unseen_homes

    def see_home(self, user_id: str) -> None:
        """The person looks at Home."""
        with self._state.changing():
            self._unseen_homes.discard(user_id)

    def find(self, view_id: str) -> View:
        """The open view with this id."""
        with self._state.reading():
            for view in self._all():
                if view.id == view_id:
                    return view
        raise Refusal("not_found")

    def find_external(self, external_id: str) -> View:
        """The open view that the app gave this external_id."""
        with self._state.reading():
            for view in self._all():
                if external_id and view.external_id == external_id:
                    return view
        raise Refusal("not_found")

    def check(self, fields: Mapping[str, Any], wanted: str) -> None:
        """Refuse a view that Slack would refuse; `wanted` is its type."""
        self._checked(fields, wanted)

    def open(self, user_id: str, fields: Mapping[str, Any], conversation_id: str | None = None) -> View:
        """Open a modal, over this conversation; whatever modals were open give way to it."""
        finished = self._checked(fields, "modal")
        with self._state.changing():
            self._stacks[self._state.user(user_id).id].clear()
            self._refuse_taken(finished, None)
            return self._put_on_top(user_id, finished, conversation_id)

    def push(self, user_id: str, fields: Mapping[str, Any]) -> View:
        """Put a modal on top of the open ones."""
        finished = self._checked(fields, "modal")
        with self._state.changing():
            below = self._stacks[self._state.user(user_id).id]
            if not below:
                raise Refusal("not_found")
            if len(below) >= MOST_MODALS:
                raise Refusal("push_limit_reached")
            self._refuse_taken(finished, None)
            return self._put_on_top(user_id, finished, below[-1].conversation_id)

    def update(self, view_id: str, fields: Mapping[str, Any], view_hash: str | None = None) -> View:
        """Replace an open view; with a hash, only if nobody replaced it since."""
        view = self.find(view_id)
        finished = self._checked(fields, view.type)
        with self._state.changing():
            view = self.find(view_id)
            if view_hash and view_hash != view.hash:
                raise Refusal("hash_conflict")
            self._refuse_taken(finished, view.id)
            return self._replace(
                dataclasses.replace(
                    view,
                    fields=finished,
                    hash=self._new_hash(),
                    typed=kept(finished["blocks"], view.values),
                )
            )

    def publish(self, user_id: str, fields: Mapping[str, Any], view_hash: str | None = None) -> View:
        """Put a view on a person's Home tab."""
        finished = self._checked(fields, "home")
        with self._state.changing():
            before = self._homes.get(self._state.user(user_id).id)
            if before is not None and view_hash and view_hash != before.hash:
                raise Refusal("hash_conflict")
            self._refuse_taken(finished, before.id if before else None)
            view_id = before.id if before else slack_id("V")
            view = View(
                id=view_id,
                user_id=user_id,
                hash=self._new_hash(),
                fields=finished,
                root_view_id=view_id,
                typed=kept(finished["blocks"], before.values) if before else {},
            )
            self._homes[user_id] = view
            self._unseen_homes.add(user_id)
            return view

    def close(self, view_id: str) -> None:
        """Take one modal away, and whatever lies on top of it."""
        with self._state.changing():
            for stack in self._stacks.values():
                for index, view in enumerate(stack):
                    if view.id == view_id:
                        del stack[index:]
                        return

    def clear(self, user_id: str) -> None:
        """Take all of a person's modals away."""
        with self._state.changing():
            self._stacks[user_id].clear()

    def keep_typed(self, view_id: str, values: Values) -> View:
        """Remember what a person typed; what belongs to no element is dropped."""
        with self._state.changing():
            view = self.find(view_id)
            return self._replace(dataclasses.replace(view, typed=merged(view.values, values)))

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())

    def _put_on_top(self, user_id: str, fields: Object, conversation_id: str | None) -> View:
        stack = self._stacks[user_id]
        view_id = slack_id("V")
        view = View(
            id=view_id,
            user_id=user_id,
            hash=self._new_hash(),
            fields=fields,
            root_view_id=stack[0].id if stack else view_id,
            previous_view_id=stack[-1].id if stack else None,
            conversation_id=conversation_id,
        )
        stack.append(view)
        return view

    def _replace(self, view: View) -> View:
        for stack in self._stacks.values():
            for index, candidate in enumerate(stack):
                if candidate.id == view.id:
                    stack[index] = view
        home = self._homes.get(view.user_id)
        if home is not None and home.id == view.id:
            self._homes[view.user_id] = view
        return view

    def _new_hash(self) -> str:
        return f"{int(self._state.now().timestamp())}.{secrets.token_hex(4)}"

    def _refuse_taken(self, fields: Object, own_id: str | None) -> None:
        external_id = fields.get("external_id")
        if external_id and any(view.id != own_id and view.external_id == external_id for view in self._all()):
            raise Refusal("duplicate_external_id")

    def _checked(self, fields: Mapping[str, Any], wanted: str) -> Object:
        """The view as it is kept, or a refusal in Slack's words for what is wrong with it."""
        if view_bytes(fields) > VIEW_BYTES:
            raise Refusal("view_too_large")
        wrong = [f"[ERROR] {what} [json-pointer:/view{pointer}]" for pointer, what in problems(fields)]
        if not wrong and fields.get("type") != wanted:
            wrong = [f"[ERROR] must be {wanted} [json-pointer:/view/type]"]
        if wrong:
            raise Refusal("invalid_arguments", messages=wrong)
        return {**fields, "blocks": as_slack_keeps(fields["blocks"])}
