"""Array code of data quality against plain loops over random records."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.kpis.examples import record, update
from tests.unit.domain.kpis.asking import asked

START = datetime(2026, 11, 2, tzinfo=UTC)
HOURS = st.integers(0, 300)
PEOPLE = st.sampled_from(["ada", "bob", ""])
DEALS = st.lists(
    st.tuples(PEOPLE, st.lists(st.tuples(HOURS, st.sampled_from("abc")), max_size=5)), max_size=6
)
FORECASTS = st.lists(st.tuples(PEOPLE, HOURS), min_size=1, max_size=6)
DAY_HOURS = 24


def at(hours: int) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def moves(stages: list[tuple[int, str]]) -> list[int]:
    """The hours at which a deal that begins in stage `a` gets to another stage."""
    by_hour = dict(sorted(stages, key=lambda each: each[0]))
    found, stage = [], "a"
    for hour, to in by_hour.items():
        if to != stage:
            found.append(hour + 1)
            stage = to
    return found


@given(DEALS, FORECASTS)
def test_moves_before_a_forecast_are_those_of_a_plain_loop(
    deals: list[tuple[str, list[tuple[int, str]]]], forecasts: list[tuple[str, int]]
) -> None:
    rows = [
        record("forecast", f"f{n}", at(0), owner=owner, submitted_at=at(hour))
        for n, (owner, hour) in enumerate(forecasts)
    ]
    flags = []
    for n, (owner, stages) in enumerate(deals):
        rows.append(record("deal", f"d{n}", at(0), status="OPEN", stage="a", owner=owner))
        by_hour = dict(sorted(stages, key=lambda each: each[0]))
        rows += [update("deal", f"d{n}", at(hour + 1), stage=to) for hour, to in by_hour.items()]
        flags += [
            any(
                0 <= submitted - moved <= DAY_HOURS
                for whose, submitted in forecasts
                if whose in ("", owner)
            )
            for moved in moves(stages)
        ]
    answer = asked("MOVED_BEFORE_FORECAST", rows, at="2026-11-30").current
    assert (answer.rows or 0) == (len(flags) if deals else 0)
    assert answer.value == (sum(flags) / len(flags) if flags else None)


ACCOUNTS = st.lists(
    st.tuples(
        st.sampled_from(["Zylker", "zylker inc.", "Zýlker", "Oakly", "Oakly Ltd", ""]),
        st.sampled_from(["a.example", "WWW.a.example", "b.example", "gmail.com", ""]),
        st.integers(0, 20),
    ),
    max_size=8,
)
PLAIN = {"zylker inc.": "zylker", "Zýlker": "zylker", "Zylker": "zylker", "Oakly Ltd": "oakly"}


@given(ACCOUNTS)
def test_duplicates_are_those_of_a_plain_loop(accounts: list[tuple[str, str, int]]) -> None:
    rows = [
        record("account", f"a{n}", at(hour), name=name, domain=domain)
        for n, (name, domain, hour) in enumerate(accounts)
    ]
    names, domains = set(), set()
    again = known = 0
    for name, domain, _ in sorted(accounts, key=lambda each: each[2]):
        plain = PLAIN.get(name, name.lower())
        host = domain.lower().removeprefix("www.")
        host = "" if host == "gmail.com" else host
        known += bool(name or domain)
        again += (plain in names) or (host in domains)
        names |= {plain} - {""}
        domains |= {host} - {""}
    answer = asked("DUPLICATE_ACCOUNTS", rows).current
    assert answer.value == (again / known if known else None)
