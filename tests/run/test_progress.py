"""What is seen of a batch: plain lines, events, and live lines."""

import io
import json
import re

import pytest
from rich.console import Console

from helpers.run.making import Failed, Outcome
from helpers.run.progress import Events, Lines, Pace, Screen, duration, summary

MADE = Outcome(seconds={"total": 4.25})
BROKEN = Outcome(failed=Failed("ValueError: no\nmore", "02-rankings.ipynb", 3, 2))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that has passed, to be set by the test."""
    now = [0.0]
    monkeypatch.setattr("helpers.run.progress.time.monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.34, "0.3 s"), (42.4, "42 s"), (185, "3:05 min"), (3725, "1:02:05 h")]
)
def test_durations_are_told_as_people_tell_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_summary_tells_what_there_was() -> None:
    assert summary({"made": 51, "failed": 2, "unchanged": 0}, 185) == "53 reports: 51 made, 2 failed; 3:05 min"
    assert summary({"unchanged": 1}, 1) == "1 report: 1 unchanged; 1.0 s"


def test_the_time_left_counts_what_is_running_as_half_done(clock: list[float]) -> None:
    pace = Pace(to_make=10, workers=2)
    clock[0] = 30
    assert pace.left() is None
    pace.count(MADE)
    assert pace.left() == 30 / 2 * 8
    for _ in range(9):
        pace.count(MADE)
    assert pace.left() == 0


def test_a_log_has_a_line_for_each_report(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.begins(2, 1, 2)
    lines.step("Bochum", "01-at-a-glance")
    clock[0] = 10
    lines.ended("Bochum", MADE)
    lines.ended("Essen", BROKEN)
    assert capsys.readouterr().out.splitlines() == [
        "2 to make, 1 unchanged; 2 at once",
        "[1/2, 3.3 s left] Bochum: made in 4.2 s",
        "[2/2] Essen: failed in 02-rankings.ipynb code cell 3, line 2: ValueError: no",
    ]


def test_events_are_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    told = Events()
    told.begins(2, 1, 2)
    told.step("Bochum", "PDF")
    told.ended("Bochum", MADE)
    told.ended("Essen", BROKEN)
    told.says("a word")
    told.closes({"made": 1, "failed": 1}, 5.0)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event.pop("event") for event in events] == ["begins", "step", "made", "failed", "says", "closes"]
    assert events[1] == {"report": "Bochum", "step": "PDF"}
    assert events[3] == {
        "report": "Essen",
        "chapter": "02-rankings.ipynb",
        "cell": 3,
        "line": 2,
        "error": "ValueError: no\nmore",
    }


def test_a_terminal_shows_what_is_running_the_totals_and_the_time_left(clock: list[float]) -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    screen = Screen(console, chapters=10)
    screen.begins(3, 0, 2)
    screen.step("Bochum", "01-at-a-glance")
    screen.step("Essen", "01-at-a-glance")
    screen.step("Essen", "02-rankings")
    clock[0] = 12
    screen.ended("Bochum", BROKEN)
    with console.capture() as shown:
        console.print(screen)
    running, bar = [line.rstrip() for line in shown.get().splitlines()]
    assert running == "Essen  2/10  02-rankings  12 s"
    assert re.search(r"1/3 about 6\.0 s left, 1 failed$|1/3 about 12 s left, 1 failed$", bar), bar
