"""The hub (definitions §4), from a history."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.catalogue import CATALOGUE, Category
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason, Measure, Proof
from shared.metrics.domain.views.hub import (
    FrequencyAnswer,
    FrequencyByFeatureAnswer,
    FrequencyGroups,
    GroupNames,
    PopularityAnswer,
    PopularityGroups,
    Unit,
)
from shared.metrics.engine.hub_requests import (
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.requests import AttributeValues, PeopleAttribute, PeopleFilter
from tests.oracles import no_data, windows
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History
from tests.oracles.home import measure
from tests.oracles.local_days import day_bounds_ms
from tests.oracles.selected_hits import Hit, hits_in, row_of

Bucket = tuple[int, int | None]


def popularity(
    history: History,
    request: PopularityRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> PopularityAnswer:
    """Distinct people by row; of the day that is compared with today only the same hours."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    window, before = windows.compared(window, request.comparison, is_partial=is_partial)
    cut = None
    if is_partial:
        cut = (before.last, windows.same_hours_end_ms(history.zone, before.last, now_ms))
    people, hits, active = use(history, request, now_ms, window)
    then, hits_then, active_then = use(history, request, now_ms, before, cut)
    rows = set(people) | set(then)
    if request.with_unused:
        rows |= unused(request.part, request.selection)
    names = sorted(rows, key=lambda name: (-len(people[name]), name))
    shown = names[: request.top]
    days = [*windows.days(window), *windows.days(before)]
    changes = [
        Measure(len(people[name]), len(then[name]), None, ChangeReason.INCOMPLETE)
        if any(misses_row(history, day, now_ms, request, name) for day in days)
        else measure(len(people[name]), len(then[name]))
        for name in shown
    ]
    return PopularityAnswer(
        proof=proof,
        compared=before,
        active_users=active,
        compared_active_users=active_then,
        row_count=len(names),
        names=shown,
        categories=[category(request.part, name) for name in shown],
        ranks=[
            1 + sum(len(people[other]) > len(people[name]) for other in names) for name in shown
        ],
        people=[len(people[name]) for name in shown],
        shares=[len(people[name]) / active if active else None for name in shown],
        hits=[hits[name] for name in shown],
        previous_people=[len(then[name]) for name in shown],
        previous_shares=[len(then[name]) / active_then if active_then else None for name in shown],
        previous_hits=[hits_then[name] for name in shown],
        change_percents=[change.change_percent for change in changes],
        change_reasons=[change.reason for change in changes],
        groups=popularity_groups(history, request, now_ms, window, shown),
    )


def misses_row(
    history: History, day: date, now_ms: int, request: PopularityRequest, name: str
) -> bool:
    """Whether a row may lack hits of a day: it is known of features alone which of them do."""

    def is_about(feature: str) -> bool:
        if not request.selection.covers_feature(feature):
            return False
        if request.part is Part.FEATURE:
            return feature == name
        if request.part is Part.CATEGORY:
            of = CATALOGUE[feature].category.value if feature in CATALOGUE else "(uncatalogued)"
            return of == name
        return True

    return no_data.misses_any(history, day, now_ms, is_about)


def popularity_groups(
    history: History, request: PopularityRequest, now_ms: int, window: Window, shown: list[str]
) -> PopularityGroups | None:
    """The same by group."""
    if request.group_by is None:
        return None
    by_group = Grouped(history, request.people, request.group_by, now_ms)
    groups, active = by_group.groups(window)
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    hits: Counter[tuple[str, str]] = Counter()
    for hit in hits_in(by_group.who, window, request.selection):
        cell = (by_group.of(hit.user_id, hit.day), row_of(hit.event, request.part))
        people[cell].add(hit.user_id)
        hits[cell] += 1
    return PopularityGroups(
        groups=groups,
        people=[[len(people[group, name]) for name in shown] for group in groups.names],
        hits=[[hits[group, name] for name in shown] for group in groups.names],
        overlaps=sum(groups.active_users) > active,
    )


@dataclass
class Grouped:
    """Everyone by the value of an attribute."""

    history: History
    people: PeopleFilter
    attribute: PeopleAttribute
    now_ms: int

    @property
    def who(self) -> Counting:
        return counting(self.history, self.people, self.now_ms)

    def of(self, user_id: str, day: date) -> str:
        """The value of someone on a day, or now."""
        return self.history.person(user_id).value(self.attribute.value, self.looked_at_ms(day))

    def looked_at_ms(self, day: date) -> int:
        is_current = self.people.attribute_values is AttributeValues.CURRENT
        return self.now_ms if is_current else day_bounds_ms(self.history.zone, day)[1]

    def groups(self, window: Window) -> tuple[GroupNames, int]:
        """The groups with anyone active, those with most hits first; and who was active at all."""
        hits: Counter[str] = Counter()
        active: dict[str, set[str]] = defaultdict(set)
        is_backfilled = False
        for user_id, day, did in self.who.counted(window):
            group = self.of(user_id, day)
            hits[group] += did.hits
            active[group].add(user_id)
            stated = self.history.person(user_id).stated.get(self.attribute.value, [])
            is_backfilled |= (
                bool(stated) and bool(stated[0][1]) and stated[0][0] >= self.looked_at_ms(day)
            )
        names = sorted(active, key=lambda name: (-hits[name], -len(active[name]), name))
        return (
            GroupNames(
                names=names,
                active_users=[len(active[name]) for name in names],
                has_others=False,
                is_backfilled=is_backfilled,
            ),
            len(set().union(*active.values())),
        )


def use(
    history: History,
    request: PopularityRequest,
    now_ms: int,
    window: Window,
    cut: tuple[date, int] | None = None,
) -> tuple[dict[str, set[str]], Counter[str], int]:
    """People and hits by row, and how many people were active at all."""
    who = counting(history, request.people, now_ms, cut=cut)

    def is_counted(at_ms: int) -> bool:
        return cut is None or at_ms < cut[1] or history.day_of(at_ms) != cut[0]

    people: dict[str, set[str]] = defaultdict(set)
    hits: Counter[str] = Counter()
    for hit in hits_in(who, window, request.selection, is_counted):
        name = row_of(hit.event, request.part)
        people[name].add(hit.user_id)
        hits[name] += 1
    return people, hits, len({user_id for user_id, _, _ in who.counted(window)})


def unused(part: Part, selection: FeatureSelection) -> set[str]:
    """What the catalogue has for a selection."""
    found = set()
    for feature in CATALOGUE.values():
        is_module = feature.category is Category.MODULES
        is_named = selection.feature in (None, feature.name) or (
            selection.feature == "ALL_MODULES" and is_module
        )
        if not is_named or selection.category not in (None, feature.category):
            continue
        paths = [("", "")]
        paths += [(name, "") for name in feature.properties]
        paths += [(name, each) for name, of in feature.properties.items() for each in of]
        for name, attribute in paths:
            fits = selection.property in (None, name) and selection.attribute in (None, attribute)
            if not fits or selection.action is not None:
                continue
            found |= {
                Part.CATEGORY: {feature.category.value},
                Part.FEATURE: {feature.name},
                Part.PROPERTY: {name} - {""},
                Part.ATTRIBUTE: {attribute} - {""},
                Part.ACTION: set(),
            }[part]
    return found


def category(part: Part, name: str) -> Category | None:
    """The category of a row, if it is a feature of the catalogue, or a category."""
    if part is Part.FEATURE and name in CATALOGUE:
        return CATALOGUE[name].category
    if part is Part.CATEGORY and name != "(uncatalogued)":
        return next(each for each in Category if each.value == name)
    return None


def frequency(
    history: History,
    request: FrequencyRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> FrequencyAnswer:
    """People, or pairs, by number of hits."""
    hits, roster, window = asked_hits(history, request, now_ms)
    if request.unit is Unit.PAIRS:
        counts = list(Counter((hit.user_id, hit.event.feature) for hit in hits).values())
    else:
        counts = list(Counter(hit.user_id for hit in hits).values())
    buckets = buckets_of(request.edges)
    filled = [sum(is_in(count, bucket) for count in counts) for bucket in buckets]
    if request.with_zero:
        buckets, filled = [(0, 0), *buckets], [len(roster) - len(counts), *filled]
    return FrequencyAnswer(
        proof=proof,
        from_hits=[bucket[0] for bucket in buckets],
        to_hits=[bucket[1] for bucket in buckets],
        counts=filled,
        total=len(counts),
        groups=frequency_groups(history, request, now_ms),
        no_data_days=[
            day
            for day in windows.days(window)
            if no_data.is_missing(history, day, now_ms, request.selection)
        ],
    )


def frequency_groups(
    history: History, request: FrequencyRequest, now_ms: int
) -> FrequencyGroups | None:
    """People, or pairs, by the number of hits that they made in each group."""
    if request.group_by is None:
        return None
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    by_group = Grouped(history, request.people, request.group_by, now_ms)
    groups, active = by_group.groups(window)
    counts = []
    for group in groups.names:
        hits = [
            hit
            for hit in hits_in(by_group.who, window, request.selection)
            if by_group.of(hit.user_id, hit.day) == group
        ]
        is_of_pairs = request.unit is Unit.PAIRS
        made = Counter((hit.user_id, hit.event.feature if is_of_pairs else "") for hit in hits)
        counts.append(
            [
                sum(is_in(count, bucket) for count in made.values())
                for bucket in buckets_of(request.edges)
            ]
        )
    return FrequencyGroups(groups, counts, overlaps=sum(groups.active_users) > active)


def frequency_by_feature(
    history: History,
    request: FrequencyByFeatureRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> FrequencyByFeatureAnswer:
    """People by number of hits of each feature."""
    hits, roster, window = asked_hits(history, request, now_ms)
    by_feature: dict[str, Counter[str]] = defaultdict(Counter)
    for hit in hits:
        by_feature[hit.event.feature][hit.user_id] += 1
    buckets = buckets_of(request.edges)
    features = sorted(by_feature)
    counts = []
    for feature in features:
        people = by_feature[feature].values()
        filled = [sum(is_in(count, bucket) for count in people) for bucket in buckets]
        counts.append([len(roster) - len(people), *filled] if request.with_zero else filled)
    if request.with_zero:
        buckets = [(0, 0), *buckets]
    return FrequencyByFeatureAnswer(
        proof=proof,
        from_hits=[bucket[0] for bucket in buckets],
        to_hits=[bucket[1] for bucket in buckets],
        features=features,
        counts=counts,
        no_data=[
            no_data.any_missing(
                history, windows.days(window), now_ms, FeatureSelection(feature=feature)
            )
            for feature in features
        ],
    )


def asked_hits(
    history: History, request: FrequencyRequest | FrequencyByFeatureRequest, now_ms: int
) -> tuple[list[Hit], set[str], Window]:
    """The hits that are asked about, and the roster, of which days."""
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    return list(hits_in(who, window, request.selection)), who.roster(window), window


def buckets_of(edges: Iterable[int] | None) -> list[Bucket]:
    """The first and last number of each bucket."""
    found: list[Bucket] = []
    lower = 1
    for edge in (10, 100, 1_000) if edges is None else edges:
        found.append((lower, edge))
        lower = edge + 1
    return [*found, (lower, None)]


def is_in(count: int, bucket: Bucket) -> bool:
    """Whether a bucket has a number of hits."""
    return count >= bucket[0] and (bucket[1] is None or count <= bucket[1])
