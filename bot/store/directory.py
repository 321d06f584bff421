"""Who are the clients and patients, and whom does a typed word mean?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.model import Client, Patient
from bot.store import search_key
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
        .where(ClientRow.workspace_id == workspace, or_(*same), ClientRow.id != new.id)
        .order_by(ClientRow.active.desc(), ClientRow.id)
    )
    found = [client_from_row(row) for row in rows if search_key.fold(row.name) == name][:limit]
    names = _patient_names(session, [one.id for one in found])
    return [ClientFound(one, tuple(names.get(one.id, ()))) for one in found]


def search_clients(
    session: Session, workspace: int, query: str, limit: int, *, inactive: bool = False
) -> list[ClientFound]:
    """The clients in whom every word of `query` is found: in name, e-mail, phone digits or a patient's name.

    The active ones alone, unless `inactive` asks for the others too, who then come last.
    """
    of_client = and_(PatientRow.client_id == ClientRow.id, *_alive())
    rows = session.scalars(
        select(ClientRow)
        .where(
            ClientRow.workspace_id == workspace,
            *(() if inactive else (ClientRow.active,)),
            *(
                or_(_holds(ClientRow.search_key, word), exists().where(of_client, _holds(PatientRow.search_key, word)))
                for word in search_key.words(query)
            ),
        )
        .order_by(*((ClientRow.active.desc(),) if inactive else ()), ClientRow.name, ClientRow.id)
        .limit(limit)
    ).all()
    names = _patient_names(session, [row.id for row in rows])
    return [ClientFound(client_from_row(row), tuple(names.get(row.id, ()))) for row in rows]


def search_patients(
    session: Session, workspace: int, query: str, limit: int, client_id: int | None = None
) -> list[PatientFound]:
    """The living patients of active clients in whom every word of `query` is found: in their or their owner's key."""
    of_client = () if client_id is None else (PatientRow.client_id == client_id,)
    rows = session.execute(
        select(PatientRow, ClientRow)
        .join(ClientRow, ClientRow.id == PatientRow.client_id)
        .where(
            PatientRow.workspace_id == workspace,
            ClientRow.active,
            *of_client,
            *_alive(),
            *(
                or_(_holds(PatientRow.search_key, word), _holds(ClientRow.search_key, word))
                for word in search_key.words(query)
            ),
        )
        .order_by(PatientRow.name, ClientRow.name, PatientRow.id)
        .limit(limit)
    )
    return [PatientFound(patient_from_row(found), client_from_row(owner)) for found, owner in rows]


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
    )
    session.add(row)
    session.flush()
    return dataclasses.replace(new, id=row.id)


def change_client(session: Session, workspace: int, before: Client, after: Client) -> bool:
    """Replace a client's record if nobody changed it since `before` was read; tells whether it was replaced."""
    changed = session.execute(
        update(ClientRow)
        .where(ClientRow.id == before.id, ClientRow.workspace_id == workspace, ClientRow.version == before.version)
        .values(
            name=after.name,
            email=after.email,
            phone=after.phone,
            language=after.language,
            email_allowed=after.email_allowed,
            sms_allowed=after.sms_allowed,
            search_key=search_key.client_key(after.name, after.email, after.phone),
            version=ClientRow.version + 1,
        )
        .returning(ClientRow.id)
    )
    return changed.one_or_none() is not None


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
    )
    session.add(row)
    session.flush()
    return dataclasses.replace(new, id=row.id)


def mark_dead(session: Session, workspace: int, patient_id: int, day: date) -> bool:
    """Record the day on which a patient died, if none is; tells whether it was recorded."""
    return _changed(
        session,
        update(PatientRow)
        .where(PatientRow.id == patient_id, PatientRow.workspace_id == workspace, PatientRow.died_on.is_(None))
        .values(died_on=day)
        .returning(PatientRow.id),
    )


def mark_alive(session: Session, workspace: int, patient_id: int) -> bool:
    """Forget the day on which a patient died; tells whether there was one."""
    return _changed(
        session,
        update(PatientRow)
        .where(PatientRow.id == patient_id, PatientRow.workspace_id == workspace, PatientRow.died_on.is_not(None))
        .values(died_on=None)
        .returning(PatientRow.id),
    )


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


def _changed(session: Session, statement: ReturningUpdate[int]) -> bool:
    return session.execute(statement).one_or_none() is not None


def _alive() -> tuple[ColumnElement[bool], ...]:
    return (PatientRow.active.is_(True), PatientRow.died_on.is_(None))


def _holds(key: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return key.contains(word, autoescape=True)


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
