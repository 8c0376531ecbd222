"""Expected hits and quiet runs of one series of days (definitions §4), in plain loops."""

import math
from collections.abc import Sequence

ROUNDS = [(1.5, 0.7080), (1.5, 0.7080), (3.5, 0.9985), (3.5, 0.9985), (3.5, 0.9985)]


def norms(
    hits: Sequence[int], weekdays: Sequence[int], covered: Sequence[bool]
) -> tuple[list[float], float]:
    """What is expected of each day, and the spread around it."""
    days = range(len(hits))
    weight = [1.0 if covered[day] else 0.0 for day in days]
    factor = [1.0 for _ in days]
    expected = [0.0 for _ in days]
    spread = 0.0
    for far, mean_square in ROUNDS:
        level = [level_at(day, hits, factor, weight, spread) for day in days]
        factor = [factor_at(day, hits, weekdays, level, weight) for day in days]
        expected = [level[day] * factor[day] for day in days]
        spread = spread_of(hits, expected, weight, far, mean_square)
        for day in days:
            distance = abs(hits[day] - expected[day]) / deviation(expected[day], spread)
            weight[day] = (min(1.0, (far / distance) ** 2) if distance else 1.0) * covered[day]
    return expected, spread


def level_at(
    at: int,
    hits: Sequence[int],
    factor: Sequence[float],
    weight: Sequence[float],
    spread: float,
) -> float:
    """A line through hits / factor of the 14 days on either side; its value at the day.

    The line minimises the sum of weight x nearness x factor x (hits / factor - line)^2, and pays
    for its slope.
    """
    near = [day for day in range(at - 14, at + 15) if day != at and 0 <= day < len(hits)]
    share = {day: weight[day] * (1 - abs(day - at) / 15) for day in near}
    factors = sum(share[day] * factor[day] for day in near)
    total = sum(share[day] * hits[day] for day in near)
    flat = (total + 0.5) / (factors + 0.5)
    lean = sum(share[day] * factor[day] * (day - at) for day in near)
    reach = sum(share[day] * factor[day] * (day - at) ** 2 for day in near)
    reach += (1 / flat + spread) / 0.01**2
    leaning = sum(share[day] * hits[day] * (day - at) for day in near)
    determinant = factors * reach - lean**2
    sloped = (total * reach - leaning * lean) / determinant if determinant > 0 else flat
    return max(sloped, flat / 4)


def factor_at(
    at: int,
    hits: Sequence[int],
    weekdays: Sequence[int],
    level: Sequence[float],
    weight: Sequence[float],
) -> float:
    """Hits of the other days of the weekday, by what the level alone would have given them."""
    others = [day for day in range(len(hits)) if weekdays[day] == weekdays[at] and day != at]
    had = sum(weight[day] * hits[day] for day in others)
    would_have = sum(weight[day] * level[day] for day in others)
    return (had + 0.5) / (would_have + 0.5)


def spread_of(
    hits: Sequence[int],
    expected: Sequence[float],
    weight: Sequence[float],
    far: float,
    mean_square: float,
) -> float:
    """The spread, up to 4, that makes the mean square distance what it is for quiet days."""
    telling = [day for day in range(len(hits)) if expected[day] >= 1]
    low, high = 0.0, 4.0
    while high - low > 1e-8:
        spread = (low + high) / 2
        total = sum(
            weight[day]
            * min(abs(hits[day] - expected[day]) / deviation(expected[day], spread), far) ** 2
            for day in telling
        )
        if total > mean_square * sum(weight[day] for day in telling):
            low = spread
        else:
            high = spread
    return low


def deviation(mean: float, spread: float) -> float:
    return math.sqrt(mean + spread * mean**2)


def quantile(mean: float, spread: float, probability: float) -> int:
    """Of the negative binomial distribution, by adding up its probabilities."""
    size = 1 / spread
    reached = 0.0
    count = -1
    while reached < probability:
        count += 1
        reached += math.exp(
            math.lgamma(count + size)
            - math.lgamma(size)
            - math.lgamma(count + 1)
            - size * math.log1p(mean * spread)
            + count * math.log(mean * spread / (1 + mean * spread))
        )
    return count


def quiet_runs(
    hits: Sequence[int], weekdays: Sequence[int], covered: Sequence[bool], spread: float
) -> list[tuple[int, int]]:
    """Runs of days without hits that their weekdays do not explain."""
    runs = []
    days = len(hits)
    first = 0
    while first < days:
        last = first
        while last < days and covered[last] and hits[last] == 0:
            last += 1
        if last > first and unusual(first, last - 1, hits, weekdays, covered, spread):
            runs.append((first, last - 1))
        first = max(last, first + 1)
    return runs


def unusual(
    first: int,
    last: int,
    hits: Sequence[int],
    weekdays: Sequence[int],
    covered: Sequence[bool],
    spread: float,
) -> bool:
    chance = 1.0
    active = False
    for row in range(first, last + 1):
        outside = [
            (max(first - day, day - last), day)
            for day in range(len(hits))
            if covered[day] and weekdays[day] == weekdays[row] and not first <= day <= last
        ]
        nearest = [hits[day] for _, day in sorted(outside)[:8]]
        if len(nearest) < 2:
            continue
        active = active or sum(1 for each in nearest if each) > len(nearest) / 2
        middle = sorted(nearest)[len(nearest) // 4 : len(nearest) - len(nearest) // 4]
        mean = sum(middle) / len(middle)
        flags = sorted(each == 0 for each in nearest)
        flags = flags[len(nearest) // 4 : len(nearest) - len(nearest) // 4]
        by_mean = (1 + mean * spread) ** (-1 / spread) if spread > 1e-9 else math.exp(-mean)
        chance *= max(by_mean, sum(flags) / len(flags))
    return active and chance <= 0.001
