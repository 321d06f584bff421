"""How is a client or a patient added, and a client's record changed, without anybody's change being lost?

Each function is one transaction. A form that Slack delivers twice is saved once: its key is kept with what it did.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.domain import client_rules
from bot.domain.client_rules import TypedClient, TypedPatient
from bot.domain.errors import Conflict, NotFound
from bot.domain.messages import message
from bot.domain.model import Client, ClientEvent, Patient
from bot.services import workspaces
from bot.store import client_history, clinics, directory
from bot.store.client_history import Saved
from bot.store.database import AlreadyStored, Database, Session
from bot.store.directory import ClientFound

Result = TypeVar("Result")

NAMESAKES = 5
"""How many are asked about at once."""


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """Which form is saved: its `key` is the same when Slack delivers it twice; who saves it, and when (UTC)."""

    key: str
    who: str
    now: datetime
    languages: tuple[str, ...]
    """In which clients can be written to."""
    clinic_id: int | None = None
    """Whose country a phone number without a country code is of; the first clinic's where it is `None`."""


def add(
    database: Database, team_id: str, typed: TypedClient, form: Form, *, known: frozenset[int] = frozenset()
) -> Saved | list[ClientFound]:
    """Store a new client; or give the namesakes with the same number or address, unless all are `known` to be others.

    Raises:
        ClientRefused: with a sentence for every field that cannot be used; nothing is stored.
        NotSetUp: if the workspace has no clinic.
    """

    def store(session: Session, workspace: int) -> Saved | list[ClientFound]:
        country = _country(session, workspace, form.clinic_id)
        new = client_rules.check_client(typed, None, country=country, languages=form.languages)
        namesakes = directory.namesakes(session, workspace, new, NAMESAKES + len(known))
        if asked := [one for one in namesakes if one.client.id not in known]:
            return asked[:NAMESAKES]
        made = directory.add_client(session, workspace, new)
        client_history.add(session, workspace, made.id, ClientEvent.ADDED, at=form.now, actor=form.who, key=form.key)
        return Saved(made.id, None)

    return _once(database, team_id, form.key, store)


def change(database: Database, team_id: str, client_id: int, version: int, typed: TypedClient, form: Form) -> Saved:
    """Replace a client's contact data, language and allowed channels.

    Raises:
        ClientRefused: with a sentence for every field that cannot be used; nothing is stored.
        Conflict: if the record is no longer at `version`.
        NotFound: if this workspace has no such client.
    """

    def store(session: Session, workspace: int) -> Saved:
        before = _client(session, workspace, client_id)
        country = _country(session, workspace, form.clinic_id)
        after = client_rules.check_client(typed, before, country=country, languages=form.languages)
        if before.version != version:
            raise Conflict(message("Somebody changed this client's record meanwhile."))
        if parts := before.parts_that_differ(after):
            if not directory.change_client(session, workspace, before, after):
                raise Conflict(message("Somebody changed this client's record meanwhile."))
            client_history.add(
                session,
                workspace,
                client_id,
                ClientEvent.CHANGED,
                at=form.now,
                actor=form.who,
                parts=parts,
                key=form.key,
            )
        return Saved(client_id, None)

    return _once(database, team_id, form.key, store)


def add_patient(database: Database, team_id: str, owner_id: int | None, name: str, species: str, form: Form) -> Saved:
    """Store a new patient of a client.

    Raises:
        ClientRefused: with a sentence for every field that cannot be used; nothing is stored.
        NotFound: if this workspace has no such client.
    """

    def store(session: Session, workspace: int) -> Saved:
        owner = None if owner_id is None else _client(session, workspace, owner_id)
        new = client_rules.check_patient(TypedPatient(owner, name, species))
        made: Patient = directory.add_patient(session, workspace, new)
        client_history.add(
            session,
            workspace,
            made.client_id,
            ClientEvent.PATIENT_ADDED,
            at=form.now,
            actor=form.who,
            patient=made.id,
            key=form.key,
        )
        return Saved(made.client_id, made.id)

    return _once(database, team_id, form.key, store)


def find(database: Database, team_id: str, client_id: int) -> Client:
    """One client as its record stands.

    Raises:
        NotFound: if this workspace has no such client.
    """
    with database.reading() as session:
        return _client(session, workspaces.require(session, team_id), client_id)


def _once(database: Database, team_id: str, key: str, store: Callable[[Session, int], Result]) -> Saved | Result:
    """Run `store` unless a form of this key was saved before, also at this very moment."""
    try:
        with database.writing() as session:
            workspace = workspaces.require(session, team_id)
            return client_history.saved_as(session, workspace, key) or store(session, workspace)
    except AlreadyStored:
        with database.reading() as session:
            saved = client_history.saved_as(session, workspaces.require(session, team_id), key)
        if saved is None:
            raise
        return saved


def _client(session: Session, workspace: int, client_id: int) -> Client:
    client = directory.client(session, workspace, client_id)
    if client is None:
        raise NotFound
    return client


def _country(session: Session, workspace: int, clinic_id: int | None) -> str:
    offered = clinics.of_workspace(session, workspace)
    return next((one for one in offered if one.id == clinic_id), offered[0]).country
