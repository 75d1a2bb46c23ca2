"""While an import reads, Python looks for garbage less often; whoever goes on in the same process notices nothing."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest

from logtui.services.ingest.rare_collections import rare_collections


@pytest.mark.parametrize("before", [(700, 10, 10), (0, 10, 10), (1_000_000, 5, 5)])
def test_what_was_set_before_holds_again(before: tuple[int, int, int]) -> None:
    """The screen imports files, too, and lives on; a process that never collects is not made to."""
    kept = gc.get_threshold()
    gc.set_threshold(*before)
    try:
        with suppress(OSError), rare_collections():
            assert (gc.get_threshold()[0] == 0) == (before[0] == 0)
            assert gc.get_threshold()[0] >= before[0]
            raise OSError
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*kept)
