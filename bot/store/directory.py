"""Who are the clients and patients, and whom does a typed word mean?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.model import Client, Patient
from bot.store import grams, search_key, typeahead
from bot.store.tables import ClientRow, PatientRow


@dataclasses.dataclass(frozen=True, slots=True)
class ClientFound:
    """A client as the type-ahead shows it, with the names of the living patients to tell namesakes apart."""

    client: Client
    patients: tuple[str, ...] = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class PatientFound:
    """A patient as the type-ahead shows it, with its owner."""

    patient: Patient
    client: Client


def client(session: Session, workspace: int, client_id: int) -> Client | None:
    """One client of a workspace."""
    row = session.scalar(select(ClientRow).where(ClientRow.id == client_id, ClientRow.workspace_id == workspace))
    return None if row is None else client_from_row(row)


def patient(session: Session, workspace: int, patient_id: int) -> Patient | None:
    """One patient of a workspace."""
    row = session.scalar(select(PatientRow).where(PatientRow.id == patient_id, PatientRow.workspace_id == workspace))
    return None if row is None else patient_from_row(row)


def patients_of(session: Session, workspace: int, client_id: int) -> list[Patient]:
    """A client's living, active patients by name."""
    rows = session.scalars(
        select(PatientRow)
        .where(PatientRow.workspace_id == workspace, PatientRow.client_id == client_id, *_alive())
        .order_by(PatientRow.name, PatientRow.id)
    )
    return [patient_from_row(row) for row in rows]


def every_patient_of(session: Session, workspace: int, client_id: int) -> list[Patient]:
    """A client's patients: the living, active ones first, each group by name."""
    rows = session.scalars(
        select(PatientRow)
        .where(PatientRow.workspace_id == workspace, PatientRow.client_id == client_id)
        .order_by(PatientRow.died_on.is_not(None), PatientRow.active.is_(False), PatientRow.name, PatientRow.id)
    )
    return [patient_from_row(row) for row in rows]


def namesakes(session: Session, workspace: int, new: Client, limit: int) -> list[ClientFound]:
    """The clients of the same name, accents and capitals apart, who have the same e-mail address or phone number."""
    same = [ClientRow.phone == new.phone] if new.phone else []
    if new.email:
        same.append(func.lower(ClientRow.email) == new.email.lower())
    if not same:
        return []
    name = search_key.fold(new.name)
    rows = session.scalars(
        select(ClientRow)
        .where(
            ClientRow.workspace_id == workspace,
            ClientRow.active.in_((True, False)),  # so that one index leads to the name
            ClientRow.name_key == search_key.name_key(new.name),
            or_(*same),
            ClientRow.id != new.id,
        )
        .order_by(ClientRow.active.desc(), ClientRow.id)
    )
    found = [client_from_row(row) for row in rows if search_key.fold(row.name) == name][:limit]
    names = _patient_names(session, [one.id for one in found])
    return [ClientFound(one, tuple(names.get(one.id, ()))) for one in found]


def search_clients(
    session: Session, workspace: int, query: str, limit: int, *, inactive: bool = False
) -> list[ClientFound]:
    """The clients in whom every word of `query` is found: in name, e-mail, phone digits or a patient's name.

    The best match first (`bot.store.typeahead`). The active ones alone, unless `inactive` asks for the others too, who
    then come last.
    """
    ids = typeahead.clients(session, workspace, query, limit, active=True)
    if inactive and len(ids) < limit:
        ids += typeahead.clients(session, workspace, query, limit - len(ids), active=False)
    rows = {row.id: row for row in session.scalars(select(ClientRow).where(ClientRow.id.in_(ids)))}
    names = _patient_names(session, ids)
    return [ClientFound(client_from_row(rows[one]), tuple(names.get(one, ()))) for one in ids]


def search_patients(
    session: Session, workspace: int, query: str, limit: int, client_id: int | None = None
) -> list[PatientFound]:
    """The living patients of active clients in whom every word of `query` is found: in their or their owner's key.

    The best match first (`bot.store.typeahead`).
    """
    ids = typeahead.patients(session, workspace, query, limit, client_id)
    rows = session.execute(
        select(PatientRow, ClientRow)
        .join(ClientRow, ClientRow.id == PatientRow.client_id)
        .where(PatientRow.id.in_(ids))
    )
    found = {row.id: PatientFound(patient_from_row(row), client_from_row(owner)) for row, owner in rows}
    return [found[one] for one in ids]


def add_client(session: Session, workspace: int, new: Client) -> Client:
    """Store a client; its `id` is given by the database."""
    row = ClientRow(
        workspace_id=workspace,
        name=new.name,
        email=new.email,
        phone=new.phone,
        language=new.language,
        email_allowed=new.email_allowed,
        sms_allowed=new.sms_allowed,
        active=new.active,
        search_key=search_key.client_key(new.name, new.email, new.phone),
        name_key=search_key.name_key(new.name),
    )
    session.add(row)
    session.flush()
    grams.index(session, row.id, None, grams.key(row.search_key, ""))
    return dataclasses.replace(new, id=row.id)


def change_client(session: Session, workspace: int, before: Client, after: Client) -> bool:
    """Replace a client's record if nobody changed it since `before` was read; tells whether it was replaced."""
    own, patients = _keys(session, before.id)
    key = search_key.client_key(after.name, after.email, after.phone)
    changed = _changed(
        session,
        update(ClientRow)
        .where(ClientRow.id == before.id, ClientRow.workspace_id == workspace, ClientRow.version == before.version)
        .values(
            name=after.name,
            email=after.email,
            phone=after.phone,
            language=after.language,
            email_allowed=after.email_allowed,
            sms_allowed=after.sms_allowed,
            search_key=key,
            name_key=search_key.name_key(after.name),
            version=ClientRow.version + 1,
        )
        .returning(ClientRow.id),
    )
    if changed:
        grams.index(session, before.id, grams.key(own, patients), grams.key(key, patients))
    return changed


def add_patient(session: Session, workspace: int, new: Patient) -> Patient:
    """Store a patient; its `id` is given by the database."""
    row = PatientRow(
        workspace_id=workspace,
        client_id=new.client_id,
        name=new.name,
        species=new.species,
        active=new.active,
        died_on=new.died_on,
        search_key=search_key.patient_key(new.name, new.species),
        name_key=search_key.name_key(new.name),
    )
    session.add(row)
    session.flush()
    _show_patients(session, new.client_id)
    return dataclasses.replace(new, id=row.id)


def mark_dead(session: Session, workspace: int, patient_id: int, day: date) -> bool:
    """Record the day on which a patient died, if none is; tells whether it was recorded."""
    return _set_died_on(session, workspace, patient_id, PatientRow.died_on.is_(None), day)


def mark_alive(session: Session, workspace: int, patient_id: int) -> bool:
    """Forget the day on which a patient died; tells whether there was one."""
    return _set_died_on(session, workspace, patient_id, PatientRow.died_on.is_not(None), None)


def set_active(session: Session, workspace: int, client_id: int, *, active: bool) -> bool:
    """Make a client active or inactive, which changes its record; tells whether it was the other before."""
    return _changed(
        session,
        update(ClientRow)
        .where(ClientRow.id == client_id, ClientRow.workspace_id == workspace, ClientRow.active.is_not(active))
        .values(active=active, version=ClientRow.version + 1)
        .returning(ClientRow.id),
    )


def client_from_row(row: ClientRow) -> Client:
    """The client in a row."""
    return Client(
        id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        language=row.language,
        email_allowed=row.email_allowed,
        sms_allowed=row.sms_allowed,
        active=row.active,
        version=row.version,
    )


def patient_from_row(row: PatientRow) -> Patient:
    """The patient in a row."""
    return Patient(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        species=row.species,
        active=row.active,
        died_on=row.died_on,
    )


def _set_died_on(
    session: Session, workspace: int, patient_id: int, before: ColumnElement[bool], day: date | None
) -> bool:
    one = (PatientRow.id == patient_id, PatientRow.workspace_id == workspace)
    owner = session.scalar(select(PatientRow.client_id).where(*one))
    if owner is None:
        return False
    _keys(session, owner)  # the client is locked before the patient, as where a delivery is loaded
    changed = _changed(session, update(PatientRow).where(*one, before).values(died_on=day).returning(PatientRow.id))
    if changed:
        _show_patients(session, owner)
    return changed


def _show_patients(session: Session, client_id: int) -> None:
    """Let a client be found by its living patients, as they are now."""
    # Locked first and read then: of two who add a patient at once, the second sees the first one's.
    own, before = _keys(session, client_id)
    rows = session.scalars(
        select(PatientRow.search_key).where(PatientRow.client_id == client_id, *_alive()).order_by(PatientRow.id)
    )
    after = " ".join(rows)
    if after != before:
        session.execute(update(ClientRow).where(ClientRow.id == client_id).values(patients_key=after))
        grams.index(session, client_id, grams.key(own, before), grams.key(own, after))


def _keys(session: Session, client_id: int) -> tuple[str, str]:
    """A client's own key and its patients', which stay so until the transaction ends."""
    keys = select(ClientRow.search_key, ClientRow.patients_key).where(ClientRow.id == client_id)
    own, patients = session.execute(keys.with_for_update(key_share=True)).one()
    return own, patients


def _changed(session: Session, statement: ReturningUpdate[int]) -> bool:
    return session.execute(statement).one_or_none() is not None


def _alive() -> tuple[ColumnElement[bool], ...]:
    return (PatientRow.active.is_(True), PatientRow.died_on.is_(None))


def _patient_names(session: Session, clients: Sequence[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(PatientRow.client_id, PatientRow.name)
        .where(PatientRow.client_id.in_(clients), *_alive())
        .order_by(PatientRow.name)
    )
    names: dict[int, list[str]] = {}
    for owner, name in rows:
        names.setdefault(owner, []).append(name)
    return names
