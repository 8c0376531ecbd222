"""Records that are there twice (definitions §5)."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import share
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.quality.stewardship import DATA_QUALITY
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_columns import FieldColumn
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType

_NOT_A_LETTER: Final = re.compile(r"[\W_]+")
_LEGAL_FORMS: Final = "legalForms"
_SHARED_DOMAINS: Final = "sharedDomains"


def duplicate_accounts(scope: Scope) -> Rows:
    """Each account with a name or domain, and whether an older one has the same.

    Names are compared without case, accents, punctuation and legal form.
    """
    table = scope.table(RecordType.ACCOUNT)
    name, domain = table.column("name"), table.column("domain")
    forms = frozenset(scope.texts(_LEGAL_FORMS))
    shared = frozenset(scope.texts(_SHARED_DOMAINS))
    by_name = _keys(name, lambda text: _plain_name(text, forms))
    by_domain = _keys(domain, lambda text: _plain_domain(text, shared))
    again = _has_older(table, by_name) | _has_older(table, by_domain)
    return _rows(scope, table, (name, domain), again)


def duplicate_contacts(scope: Scope) -> Rows:
    """Each contact with an e-mail address, and whether an older one has the same."""
    table = scope.table(RecordType.CONTACT)
    email = table.column("email")
    again = _has_older(table, _keys(email, lambda text: text.strip().casefold()))
    return _rows(scope, table, (email,), again)


def _rows(
    scope: Scope, table: RecordTable, fields: Sequence[FieldColumn], again: NDArray[np.bool_]
) -> Rows:
    known = np.any([field.known for field in fields], axis=0)
    unknown = ~known & np.any([field.unknown for field in fields], axis=0)
    return share(known, again, np.full(len(table), scope.at_ms), unknown)


def _keys(column: FieldColumn, plain: Callable[[str], str]) -> NDArray[np.int64]:
    """A number for each value, the same for those that are the same when plain; -1 for none."""
    used = np.unique(column.values[column.known]).tolist()
    texts = {code: plain(column.names[code]) for code in used}
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts.values())) if text}
    by_code = np.full(len(column.names) + 1, -1)
    by_code[used] = [numbers.get(text, -1) for text in texts.values()]
    return by_code[np.where(column.known, column.values, -1)]


def _has_older(table: RecordTable, key: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which records have the key of one that was created before, or has a lower number."""
    created = np.where(table.created.known, table.created.values, np.iinfo(np.int64).max)
    order = np.lexsort((table.number, created, key))
    again = np.zeros(len(key), bool)
    again[order[1:]] = key[order[1:]] == key[order[:-1]]
    return again & (key >= 0)


def _plain_name(text: str, legal_forms: frozenset[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace(".", ""))
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    words = _NOT_A_LETTER.sub(" ", letters).split()
    kept = [word for word in words if word not in legal_forms]
    return " ".join(kept or words)


def _plain_domain(text: str, shared: frozenset[str]) -> str:
    address = text.strip().casefold().removeprefix("https://").removeprefix("http://")
    domain = address.split("/")[0].removeprefix("www.")
    return "" if domain in shared else domain


_ACCOUNTS: Final = (
    record("account", "a1", "2026-11-01", name="Zylker, Inc.", domain="zylker.example"),
    record("account", "a2", "2026-11-02", name="ZYLKER"),
    record("account", "a3", "2026-11-03", name="Oakly", domain="https://www.zylker.example/en"),
    record("account", "a4", "2026-11-04", name="Pine", domain="gmail.com"),
    record("account", "a5", "2026-11-05", name="Elm", domain="gmail.com"),
)
_CONTACTS: Final = (
    record("contact", "c1", "2026-11-01", email="ada@zylker.example"),
    record("contact", "c2", "2026-11-02", email="Ada@Zylker.example "),
    record("contact", "c3", "2026-11-02", email="bob@zylker.example"),
    record("contact", "c4", "2026-11-02", email=""),
    record("contact", "c5", "2026-11-02", email=""),
)


def _kpi(
    record_type: RecordType,
    formula: str,
    rows: Callable[[Scope], Rows],
    examples: tuple[Example, ...],
    parameters: tuple[Parameter, ...] = (),
) -> Kpi:
    name = record_type.value
    return Kpi(
        Entry(
            key=f"DUPLICATE_{name.upper()}S",
            name=f"Share of duplicate {name}s",
            formula=formula,
            unit=MetricUnit.RATIO,
            grain=name,
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=DATA_QUALITY,
            objective=f"Have one record of each {name}.",
            decision="Which records to merge, and which source to keep from making more.",
            parameters=parameters,
        ),
        Counted(rows, Aggregation.RATIO),
        examples,
    )


KPIS: Final = (
    _kpi(
        RecordType.ACCOUNT,
        "accounts with the plain name or the domain of an older one / accounts with a name or "
        "domain",
        duplicate_accounts,
        (
            Example(name="one by its name, one by its domain", given=_ACCOUNTS, value=2 / 5),
            Example(
                name="a domain of many",
                given=_ACCOUNTS,
                draft={_SHARED_DOMAINS: ("zylker.example",)},
                value=2 / 5,
            ),
            Example(
                name="neither name nor domain is sent",
                given=(record("account", "a", "2026-11-01", owner="ada"),),
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
        (
            Parameter(
                _LEGAL_FORMS,
                ("ag", "bv", "co", "corp", "gmbh", "inc", "llc", "ltd", "plc", "pvt", "sa", "srl"),
                "words that are no part of a name, in lower case without dots",
            ),
            Parameter(
                _SHARED_DOMAINS,
                (
                    "gmail.com",
                    "googlemail.com",
                    "hotmail.com",
                    "icloud.com",
                    "outlook.com",
                    "yahoo.com",
                ),
                "domains that say nothing of who uses them",
            ),
        ),
    ),
    _kpi(
        RecordType.CONTACT,
        "contacts with the e-mail address of an older one / contacts with an e-mail address",
        duplicate_contacts,
        (
            Example(name="one of three", given=_CONTACTS, value=1 / 3),
            Example(
                name="none has an address",
                given=_CONTACTS[3:],
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
