"""The kernels of a process serve the reports of one batch, and end with it."""

import threading
from pathlib import Path

from helpers.parameters import Parameters
from helpers.run.making import Job, end_batch, make_report, rest_others, shared


def test_the_kernels_of_an_ended_batch_stay_closed_and_those_of_another_stay_open(tmp_path: Path) -> None:
    other = shared("other").get("plain")
    shared("ended").get("plain")
    assert end_batch("ended")
    outcome = make_report(Job(Parameters.check(place="Bochum"), tmp_path, "plain", batch="ended"))
    assert outcome.failed is not None and outcome.failed.error == "the batch was stopped"
    assert shared("other").get("plain") is other
    assert end_batch("other")


def test_kernels_rest_only_while_no_report_is_made() -> None:
    """A batch whose command was killed leaves its kernels, and the next one ends them; one that is at work keeps its own."""
    idle, busy = shared("idle").get("plain"), shared("busy").get("plain")
    with shared("busy").making():
        rest_others("next")
        assert shared("busy").get("plain") is busy and busy.private.is_dir()
        assert not idle.private.exists()
        assert shared("idle").get("plain") is not idle, "opened anew"
    assert end_batch("idle") and end_batch("busy")


def test_the_end_of_a_batch_waits_for_its_reports() -> None:
    kernels, entered, leave = shared("waits"), threading.Event(), threading.Event()

    def make() -> None:
        with kernels.making():
            entered.set()
            leave.wait(20)

    report = threading.Thread(target=make)
    report.start()
    entered.wait(20)
    assert not end_batch("waits", 0.01)
    leave.set()
    assert end_batch("waits", 20)
    report.join()
