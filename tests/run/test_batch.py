"""A batch makes what has to be made, tells what failed, and never leaves a wrong, half or lost report behind."""

import json
import random
import re
import shutil
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pymupdf
import pytest
from batches import batch, batch_process, data_copy, edit, events, small_chapters
from chapters import MARK, comes_true, marked
from studies import index_of

from helpers.parameters import Parameters, register
from helpers.publish.blocks import PICTURES, read_blocks
from helpers.run import making, report
from helpers.run.batch import Options, run_batch
from helpers.run.making import SHARED, Job, make_report
from helpers.run.report import report_folder

BOCHUM, ESSEN, HAGEN = "05911000", "05113000", "05914000"
PLACES = f"--only={BOCHUM},{ESSEN},{HAGEN}"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def folders(out: Path) -> dict[str, Path]:
    """The published reports by AGS."""
    return {path.name[:8]: path for path in sorted((out / "ruhr").iterdir()) if path.is_dir() and path.name[0] != "."}


def cases(out: Path) -> dict[str, ElementTree.Element]:
    """The test cases of batch.xml by AGS."""
    suite = ElementTree.parse(out / "ruhr" / "batch.xml").getroot()
    found = {re.findall(r"\((\d+),", case.attrib["name"])[0]: case for case in suite}
    failures = [case for case in found.values() if case.find("failure") is not None]
    assert suite.attrib["tests"] == str(len(found)) and suite.attrib["failures"] == str(len(failures))
    return found


def hidden(out: Path) -> list[str]:
    """Unfinished folders left among the reports."""
    return [path.name for path in (out / "ruhr").iterdir() if path.name[0] == "." and path.name != ".batch"]


def test_a_failing_place_is_told_and_stops_no_other(tmp_path: Path, out: Path) -> None:
    good = small_chapters(tmp_path / "good")
    assert batch(good, out, PLACES).returncode == 0
    before = (folders(out)[ESSEN] / "manifest.json").read_bytes()

    faults = {ESSEN: "1 / 0", HAGEN: "import os; os.kill(os.getpid(), 9)"}
    bad = small_chapters(tmp_path / "bad", f"faults = {faults!r}\nexec(faults.get(place, ''))")
    done = batch(bad, out, PLACES)

    assert done.returncode == 1
    assert "[3/3] " in done.stdout and "3 reports: 1 made, 2 failed" in done.stdout
    rows = [line.split() for line in done.stderr.splitlines()]
    essen = next(row for row in rows if row[:1] == ["Essen"])
    assert essen[1:8] == ["(05113000,", "ruhr)", "01-chapter.ipynb", "code", "cell", "4,", "line"]
    assert essen[8:] == ["2", "ZeroDivisionError:", "division", "by", "zero"]
    assert any(row[:1] == ["Hagen"] and "SIGKILL" in row for row in rows)
    again = f"cityreport render {ESSEN} --universe ruhr --draws 200 --out {out}"
    assert again in [line.strip() for line in done.stderr.splitlines()]
    assert (folders(out)[ESSEN] / "manifest.json").read_bytes() == before, "the last good report stays"
    traces = out / "ruhr" / ".batch" / "failed" / folders(out)[ESSEN].name
    assert "1 / 0" in (traces / "01-chapter.ipynb").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in (traces / "error.txt").read_text(encoding="utf-8")
    failure = cases(out)[ESSEN].find("failure")
    assert failure is not None and "ZeroDivisionError" in (failure.text or "") and again in (failure.text or "")
    assert cases(out)[BOCHUM].findtext("system-out") == "made"
    assert hidden(out) == []

    repaired = small_chapters(tmp_path / "bad", "'as it should be'")
    done = batch(repaired, out, PLACES, "--failed", "--json")
    assert (done.returncode, sorted(events(done, "made"))) == (0, ["Essen", "Hagen"])
    assert not traces.exists()
    assert events(batch(repaired, out, PLACES, "--failed", "--json"), "made") == []


def test_what_is_unchanged_is_not_made_again(tmp_path: Path, out: Path) -> None:
    notebooks = small_chapters(tmp_path / "notebooks")
    first = batch(notebooks, out, PLACES, "--limit=2", "--json")
    assert events(first, "made") == ["Bochum", "Essen"] or events(first, "made") == ["Essen", "Bochum"]
    assert json.loads(first.stdout.splitlines()[-1])["left"] == 1
    assert sorted(folders(out)) == [ESSEN, BOCHUM]

    explained = batch(notebooks, out, PLACES, "--explain")
    assert explained.stdout.splitlines() == [
        "Bochum (05911000, ruhr): not made, unchanged",
        "Essen (05113000, ruhr): not made, unchanged",
        "Hagen (05914000, ruhr): made",
        "  there is none yet",
    ]
    assert sorted(folders(out)) == [ESSEN, BOCHUM], "--explain makes none"

    page = folders(out)[ESSEN] / "report.html"
    page.write_text("cut off", encoding="utf-8")
    done = batch(notebooks, out, PLACES, "--json")
    assert sorted(events(done, "made")) == ["Essen", "Hagen"]
    assert page.stat().st_size > 1000
    assert batch(notebooks, out, PLACES).stdout.startswith("3 reports: 3 unchanged; ")

    (folders(out)[HAGEN] / "report.pdf").unlink()
    assert "  cannot be read: report.pdf" in batch(notebooks, out, PLACES, "--explain").stdout
    done = batch(notebooks, out, f"--only={HAGEN},{BOCHUM}", "--force", "--json")
    assert sorted(events(done, "made")) == ["Bochum", "Hagen"]


def test_a_changed_row_makes_those_reports_that_show_it(tmp_path: Path, out: Path) -> None:
    notebooks, data = small_chapters(tmp_path / "notebooks"), data_copy(tmp_path / "data")
    known = {"CITYREPORT_DATA": str(data)}
    assert batch(notebooks, out, PLACES, **known).returncode == 0

    own = re.compile(r"^(\d{4},05113000,administration),[\d.]*,(\d*),", re.MULTILINE)
    edit(data, "smart_city_index.csv", lambda text: own.sub(r"\1,12.3,\2,", text, count=1))
    done = batch(notebooks, out, PLACES, "--json", **known)
    # Bochum: the press writes about it, and a claim may be about any row.
    assert sorted(events(done, "made")) == ["Bochum", "Essen"]

    edit(data, "claims.yml", lambda text: text.replace("finding_de: Tag", "finding_de: Der Tag"))
    told = batch(notebooks, out, PLACES, "--explain", **known).stdout
    assert re.findall("^(.*) .*: made$", told, re.MULTILINE) == ["Bochum (05911000,"]
    assert "  changed: data/claims.yml" in told

    row = re.compile(r"^(municipality,05911000,fiveg_area,2024),[\d.]+,", re.MULTILINE)
    edit(data, "observations.csv", lambda text: row.sub(r"\1,50.0,", text))
    told = batch(notebooks, out, PLACES, "--explain", **known).stdout
    assert told.count("changed: data: what the index of ruhr shows of everyone (every report shows everyone)") == 3
    done = batch(notebooks, out, PLACES, **known)
    assert done.stdout.splitlines()[1].startswith("all are made anew, since every report shows everyone: ")
    assert done.stdout.count("made in") == 3
    assert batch(notebooks, out, PLACES, **known).stdout.startswith("3 reports: 3 unchanged; ")


def test_a_mistake_is_told_before_anything_is_made(tmp_path: Path, out: Path) -> None:
    notebooks = small_chapters(tmp_path / "notebooks")
    done = batch(notebooks, out, "--only=Bochum,Bohcum,Esen")
    assert (done.returncode, done.stdout, out.exists()) == (2, "", False)
    assert [re.findall("'(.*?)'", line)[0] for line in done.stderr.splitlines()] == ["Bohcum", "Esen"]

    data = data_copy(tmp_path / "data")
    edit(data, "places.csv", lambda text: text.replace(",358676,", ",many,"), seal=False)
    done = batch(notebooks, out, PLACES, CITYREPORT_DATA=str(data))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "places.csv, line " in done.stderr and "population: 'many'" in done.stderr
    assert list(out.rglob("*.*")) == []

    (data / "observations.csv").write_bytes(b"level,ags\n\xff\xfe")
    done = batch(notebooks, out, PLACES, CITYREPORT_DATA=str(data))
    assert done.returncode == 2 and "Traceback" not in done.stderr and "observations.csv" in done.stderr
    assert list(out.rglob("*.*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a limit to the size of files is known to POSIX only")
def test_a_full_disk_fails_the_report_that_does_not_fit(tmp_path: Path, out: Path) -> None:
    notebooks = small_chapters(tmp_path / "notebooks", f"print('x' * 4_000_000 if place == '{ESSEN}' else '')")
    done = batch(notebooks, out, PLACES, TEST_FILE_LIMIT="3000000")
    assert done.returncode == 1
    assert "3 reports: 2 made, 1 failed" in done.stdout
    assert re.search(r"Essen .* OSError: \[Errno 27\] File too large", done.stderr)
    assert sorted(folders(out)) == [BOCHUM, HAGEN]
    assert hidden(out) == []


def test_a_stopped_batch_leaves_finished_reports_and_no_process(tmp_path: Path, out: Path) -> None:
    waits = (
        f"import time\nif place != '{BOCHUM}':\n    open('{tmp_path}/waits-' + place, 'w').close()\n    time.sleep(100)"
    )
    notebooks = small_chapters(tmp_path / "notebooks", waits)
    places = f"--only={BOCHUM},{ESSEN},{HAGEN},05913000"
    process = batch_process(notebooks, out, places, "--workers=2", **{MARK: str(out)})
    ready = comes_true(lambda: all((tmp_path / f"waits-{ags}").exists() for ags in (ESSEN, HAGEN)), 60)
    assert ready, process.communicate(timeout=1)
    process.send_signal(signal.SIGINT)
    told, faults = process.communicate(timeout=60)
    assert process.returncode == 130, faults
    assert "Traceback" not in faults
    assert "4 reports: 1 made, 3 stopped" in told
    assert "stopped, 3 not made: Essen (05113000, ruhr), Hagen (05914000, ruhr), Dortmund (05913000, ruhr)" in faults
    assert list(folders(out)) == [BOCHUM] and hidden(out) == []
    assert comes_true(lambda: marked(str(out)) == []), marked(str(out))
    assert cases(out)[HAGEN].find("skipped") is not None


def test_the_death_of_the_fork_server_is_survived(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = tmp_path / "once"
    first = f"not pathlib.Path('{once}').exists()"
    kills = f"import os, pathlib\nif {first}:\n    open('{once}', 'w').close()\n    os.kill(os.getppid(), 9)"
    monkeypatch.setattr(report, "NOTEBOOKS", small_chapters(tmp_path / "notebooks", kills))
    parameters = [Parameters.check(place=ags, draws=200) for ags in (BOCHUM, ESSEN)]
    assert run_batch(parameters, out, Options("fork", workers=1)) == 0
    assert sorted(folders(out)) == [ESSEN, BOCHUM]


def test_reports_are_made_by_any_executor(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "NOTEBOOKS", small_chapters(tmp_path / "notebooks"))
    parameters = [Parameters.check(place=ags, draws=200) for ags in (BOCHUM, ESSEN)]
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as executor:
        assert run_batch(parameters, out, Options("fork"), executor) == 0
    assert sorted(folders(out)) == [ESSEN, BOCHUM]


def test_an_error_of_ours_is_told_with_its_trace(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("not thought of")

    monkeypatch.setattr(making, "render_report", broken)
    job = Job(Parameters.check(place="Bochum"), out, "plain")
    SHARED.allow()
    outcome = make_report(job)
    SHARED.close()
    assert outcome.failed is not None and outcome.failed.error == "ValueError: not thought of"
    assert 'raise ValueError("not thought of")' in (job.failed / "error.txt").read_text(encoding="utf-8")


def shows_its_own_numbers(folder: Path, ags: str) -> None:
    """First sentence, cards, figures and their text alternatives are those of the place, by an index computed here."""
    blocks = read_blocks([folder / "notebooks" / "01-at-a-glance.ipynb"])
    index, name = index_of("ruhr"), register()[ags].name
    assert name in blocks[0].words
    cards = next(block.content["cards"] for block in blocks if block.type == "key_figures")
    assert cards[0]["value"] == str(int(index.rank[ags]))
    pictures = {block.id: block for block in blocks if block.type in PICTURES}
    assert sorted(pictures) == ["domains", "map"]
    score, points = f"{index.score[ags]:.1f}".replace(".", ","), index.domains.loc[ags]
    assert f"{name} {score} Punkte, Rang {int(index.rank[ags])}." in pictures["map"].content["alt"]
    for domain, value in points.items():
        printed = f"{value:.1f}".replace(".", ",")
        rank = int(index.domain_rank.at[ags, domain])
        assert f" {printed} Punkte, Rang {rank}" in pictures["domains"].content["alt"].partition(name)[2]
        assert f">{printed}<" in pictures["domains"].svg, "the number at the dot"


def test_no_report_ever_shows_another_place(tmp_path: Path, out: Path) -> None:
    """Eight places, four at once, in another order each time: all that is in a report is of its place."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    shutil.copy(report.NOTEBOOKS / "01-at-a-glance.ipynb", notebooks)
    names = ["Bochum", "Dortmund", "Essen", "Hagen", "Haltern am See", "Sonsbeck", "Witten", "Hünxe"]
    pictures: list[dict[str, str]] = []
    for number in range(2):
        random.Random(number).shuffle(names)
        done = batch(notebooks, out, f"--only={','.join(names)}", "--workers=4", "--force")
        assert done.returncode == 0, done.stderr
        found = folders(out)
        assert sorted(register()[ags].name for ags in found) == sorted(names)
        for ags, folder in found.items():
            place = register()[ags]
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            assert folder == report_folder(Parameters.check(place=ags, draws=200), out)
            assert (manifest["parameters"]["place"], manifest["place"]) == (ags, place.name)
            assert place.name in manifest["sections"][0]["title"]
            with pymupdf.open(folder / "report.pdf") as document:
                assert document.metadata["title"] == f"Wie digital ist {place.name}?"
                assert place.name in document[0].get_text()
            shows_its_own_numbers(folder, ags)
        outputs = {ags: (folder / "manifest.json").read_text(encoding="utf-8") for ags, folder in found.items()}
        assert len(set(outputs.values())) == len(names)
        pictures.append(outputs)
    assert pictures[0] == pictures[1], "the order and the company change nothing"
