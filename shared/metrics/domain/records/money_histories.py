"""The history of money: of an amount, and of the currency that it is in."""

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.field_columns import NO_RECORD, FieldType, Knowledge
from shared.metrics.domain.records.field_folds import only_changes
from shared.metrics.domain.records.field_history import FieldHistory
from shared.metrics.domain.records.money import decimals_of, minor_units


def money_history(amounts: FieldHistory, currencies: FieldHistory, default: str) -> FieldHistory:
    """Amounts as `MappedValues` has them, with the currencies of the same records, as minor units.

    An entry begins where the amount changes or its currency does. Where the currency is not known
    it is `default`; if that is empty, the amount is not known either.
    """
    upper = [name.upper() for name in currencies.names]
    names = list(dict.fromkeys((*upper, default)))
    code_of = np.array([names.index(name) for name in upper], np.int64)
    record = np.concatenate((amounts.record, currencies.record))
    change = np.concatenate((amounts.change, currencies.change))
    order = np.lexsort((change, record))
    repeated = np.zeros(len(order), bool)
    repeated[1:] = (np.diff(record[order]) == 0) & (np.diff(change[order]) == 0)
    order = order[~repeated]
    record, change = record[order], change[order]
    amount = _entry_by(amounts, record, change)
    currency = _entry_by(currencies, record, change)
    begun = amount != NO_RECORD
    record, change, amount, currency = record[begun], change[begun], amount[begun], currency[begun]
    code = np.full(len(record), names.index(default))
    stated = currency != NO_RECORD
    stated[stated] = currencies.knowledge[currency[stated]] == Knowledge.KNOWN
    code[stated] = code_of[currencies.values[currency[stated]]]
    of_amount = amounts.change[amount] == change
    knowledge = amounts.knowledge[amount].copy()
    has_amount = knowledge == Knowledge.KNOWN
    has_currency = np.array([bool(name) for name in names], bool)[code]
    knowledge[has_amount & ~has_currency] = Knowledge.UNKNOWN
    known = knowledge == Knowledge.KNOWN
    coded = amounts.values[amount]
    decimals = np.array([decimals_of(name) for name in names], np.int64)[code]
    values = np.where(coded % 2 == 1, coded >> 1, minor_units(coded >> 1, decimals))
    by_currency = np.where(stated, currency, 0)
    is_exact, actor = amounts.is_exact[amount], amounts.actor[amount]
    if len(currencies):
        is_exact = np.where(of_amount, is_exact, currencies.is_exact[by_currency])
        actor = np.where(of_amount, actor, currencies.actor[by_currency])
    return only_changes(
        FieldHistory(
            type=FieldType.MONEY,
            record=record,
            at_ms=amounts.instants_ms[change],
            values=np.where(known, values, 0),
            knowledge=knowledge,
            is_exact=is_exact,
            is_missed=amounts.is_missed[amount] & of_amount,
            actor=actor,
            actors=amounts.actors,
            change=change,
            instants_ms=amounts.instants_ms,
            currency=np.where(known, code, NO_RECORD),
            currencies=names,
        )
    )


def _entry_by(
    history: FieldHistory, record: NDArray[np.int64], change: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The entry of each record that holds after a change; NO_RECORD before its first."""
    width = len(history.instants_ms) + 1
    keys = history.record * width + history.change
    entry = np.searchsorted(keys, record * width + change, side="right") - 1
    belongs = entry >= 0
    belongs[belongs] = history.record[entry[belongs]] == record[belongs]
    return np.where(belongs, entry, NO_RECORD)
