"""A process that ends without a word ends the search, which says that it can go on."""

from __future__ import annotations

import multiprocessing
import threading
import time
from pathlib import Path

import pytest

from imu_gesture.errors import TrainingError
from tests.workflow.search.places import search, workspace


def test_a_fitting_process_that_dies_leaves_a_search_that_can_go_on(tmp_path: Path) -> None:
    def kill() -> None:
        while not (found := multiprocessing.active_children()):
            time.sleep(0.01)
        for process in found:
            process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(TrainingError, match="ended without a word") as ended:
        search(workspace(tmp_path))
    killer.join()
    assert "0 trials are kept in" in str(ended.value)
    assert str(ended.value).endswith("the same command goes on")
