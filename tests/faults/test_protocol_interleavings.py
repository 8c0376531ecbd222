"""Ingests, folds, sweeps and a reader of the same days, step by step and in very many orders."""

import os

import pytest

from tests.faults.play import Play
from tests.faults.published import figures_of, published_figures

BATCHES = 20
SEEDS_A_BATCH = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 10


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_the_order_of_steps_days_come_out_as_their_events_say(batch: int) -> None:
    for seed in range(batch * SEEDS_A_BATCH, (batch + 1) * SEEDS_A_BATCH):
        play = Play(seed)
        play.run()
        assert play.acknowledged == play.sent
        assert published_figures(play.world.data()) == figures_of(play.sent), f"seed {seed}"
