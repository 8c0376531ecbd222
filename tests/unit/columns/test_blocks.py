"""Blocks give back the arrays they were made from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, read_block, write_block
from shared.metrics.columns.sealing import UnknownFormatError

shapes = st.one_of(st.tuples(st.integers(0, 20)), st.tuples(st.integers(0, 5), st.integers(0, 20)))


@st.composite
def arrays(draw: st.DrawFn) -> NDArray[np.generic]:
    shape = draw(shapes)
    size = int(np.prod(shape))
    if draw(st.booleans()):
        flags = draw(st.lists(st.booleans(), min_size=size, max_size=size))
        return np.array(flags, bool).reshape(shape)
    limit = draw(st.sampled_from([0, 1, 255, 256, 65_535, 65_536, (1 << 32) - 1, 1 << 32, 1 << 62]))
    numbers = draw(st.lists(st.integers(0, limit), min_size=size, max_size=size))
    return np.array(numbers, np.int64).reshape(shape)


@given(st.dictionaries(st.text(max_size=5), arrays(), max_size=4))
def test_a_block_gives_its_arrays_back(block: Arrays) -> None:
    found = read_block(write_block(block))
    assert found.keys() == block.keys()
    for name, array in block.items():
        assert found[name].shape == array.shape
        assert found[name].tolist() == array.tolist()
        assert (found[name].dtype == np.bool_) == (array.dtype == np.bool_)


@pytest.mark.parametrize(
    ("largest", "bits"),
    [(0, 8), (255, 8), (256, 16), (65_535, 16), (65_536, 32), ((1 << 32) - 1, 32), (1 << 32, 64)],
)
def test_numbers_take_the_narrowest_width_that_holds_them(largest: int, bits: int) -> None:
    found = read_block(write_block({"n": np.array([0, largest], np.int64)}))["n"]
    assert found.dtype.itemsize * 8 == bits
    assert found.tolist() == [0, largest]


@pytest.mark.parametrize("shape", [(0,), (0, 0), (0, 9), (3, 0)])
@pytest.mark.parametrize("dtype", [np.bool_, np.int64])
def test_empty_arrays_keep_their_shape(shape: tuple[int, ...], dtype: type[np.generic]) -> None:
    assert read_block(write_block({"n": np.zeros(shape, dtype)}))["n"].shape == shape


def test_the_same_arrays_give_the_same_bytes() -> None:
    one = {"n": np.arange(9), "f": np.arange(9) % 2 == 0}
    other = {"n": np.arange(9, dtype=np.uint16), "f": np.arange(9) % 2 == 0}
    assert write_block(one) == write_block(other)


def test_a_block_of_an_unknown_version_is_refused_with_the_version_named() -> None:
    body = b"\x09" + write_block({})[1:]
    with pytest.raises(UnknownFormatError, match="version 9; this program reads version 1"):
        read_block(body)
