"""A batch on a real cluster: a worker may die, the batch may be stopped; nothing is lost, doubled, or left over."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import batch, batch_process, data_copy, edit, events, small_chapters
from chapters import comes_true
from clusters import Cluster

from helpers.parameters import DATA_DIR, ParameterError, Parameters
from helpers.run import cluster as cluster_module
from helpers.run.cluster import open_cluster, scheduler_address, unfit
from helpers.run.fingerprint import read_inputs
from helpers.run.identity import differences, identity
from helpers.run.making import Job, make_report

BOCHUM, ESSEN, HAGEN = "05911000", "05113000", "05914000"
THREE, FIVE = (BOCHUM, ESSEN, HAGEN), (BOCHUM, ESSEN, HAGEN, "05913000", "05915000")

# What the chapter does is read when it runs: the notebook itself must be the same for the batch and its workers.
CELL = "import pathlib\ncontrol = pathlib.Path({control!r})\nexec((control / 'cell.py').read_text())"
# Notes the worker (the parent of the fork server, of which a kernel is a child), then waits for a file.
WAITS = """
import os, psutil, time
worker = psutil.Process(os.getppid()).ppid()
(control / f'begun-{place}-{worker}').touch()
while not (control / 'go').exists():
    time.sleep(0.02)
"""


class Control:
    """What the chapters of the cluster's reports do, and which worker has begun which of them."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.set("")

    def set(self, cell: str) -> None:
        for path in self.folder.iterdir():
            path.unlink()
        (self.folder / "cell.py").write_text(cell, encoding="utf-8")

    def go(self) -> None:
        (self.folder / "go").touch()

    def begun(self) -> list[tuple[str, int]]:
        """Place and process of the worker, for each report that was begun."""
        parts = [path.name.split("-") for path in self.folder.glob("begun-*")]
        return [(place, int(worker)) for _, place, worker in parts]


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Control:
    return Control(tmp_path_factory.mktemp("control") / "control")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, control: Control) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    notebooks = small_chapters(folder / "notebooks", CELL.format(control=str(control.folder)))
    cluster = Cluster(folder / "processes", notebooks)
    cluster.add_workers(3)
    yield cluster
    cluster.close()


def hidden(folder: Path) -> list[str]:
    """What is left of unfinished reports."""
    return [path.relative_to(folder).as_posix() for path in folder.rglob(".*") if path.name != ".batch"] + [
        path.relative_to(folder).as_posix() for path in folder.rglob(".batch/new/*")
    ]


def verified(output: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("cityreport")), "verify", output]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("sent", "places", "url"),
    [(signal.SIGKILL, FIVE, False), (signal.SIGTERM, THREE, True)],
    ids=["killed, folder", "told to end, URL"],
)
def test_a_worker_that_ends_loses_and_doubles_nothing(
    sent: signal.Signals, places: tuple[str, ...], url: bool, cluster: Cluster, control: Control, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    where = f"file://{out}" if url else out
    control.set(WAITS)
    on = f"--executor={cluster.address}"
    process = batch_process(cluster.notebooks, where, f"--only={','.join(places)}", on, "--json")
    assert comes_true(lambda: len(control.begun()) == 3, 60), process.communicate(timeout=1)
    first = dict(control.begun())
    assert len(set(first.values())) == 3, "each worker has one"
    ended = next(worker for worker in cluster.workers if worker.pid == first[BOCHUM])
    if not url:
        assert len(hidden(out)) == 3, "unfinished, each in a folder of its own"
    ended.send_signal(sent)
    ended.wait(60)
    control.go()
    told, faults = process.communicate(timeout=120)
    assert process.returncode == 0, (told, faults)

    told_events = [json.loads(line) for line in told.splitlines()]
    made = [event["report"].split(" (")[1][:8] for event in told_events if event["event"] == "made"]
    assert Counter(made) == Counter(places)
    begun = Counter(place for place, _ in control.begun())
    assert begun == Counter({**dict.fromkeys(places, 1), BOCHUM: 2}), "begun anew by another worker, and no other was"
    assert f"{len(places)} of {len(places)} reports are as they were made" in verified(str(where)).stdout
    assert sorted(
        path.name[:8] for path in (out / "ruhr").iterdir() if path.is_dir() and path.name[0] != "."
    ) == sorted(places)
    assert hidden(out) == []
    assert not (out / "ruhr" / "failures.json").exists()
    assert (out / "ruhr" / "index.html").is_file()
    assert 'failures="0"' in (out / "ruhr" / "batch.xml").read_text(encoding="utf-8")
    assert comes_true(lambda: cluster.kernels() == [] and cluster.private() == []), (
        cluster.kernels(),
        cluster.private(),
    )

    again = batch(cluster.notebooks, where, f"--only={','.join(places)}")
    assert again.stdout.startswith(f"{len(places)} reports: {len(places)} unchanged; "), again
    cluster.workers.remove(ended)
    cluster.add_workers(1)


def test_a_stopped_batch_leaves_the_workers_for_the_next(cluster: Cluster, control: Control, tmp_path: Path) -> None:
    control.set(WAITS)
    on, only = f"--executor={cluster.address}", f"--only={','.join(THREE)}"
    process = batch_process(cluster.notebooks, tmp_path / "out", on, only)
    assert comes_true(lambda: len(control.begun()) == 3, 60), process.communicate(timeout=1)
    process.send_signal(signal.SIGINT)
    told, faults = process.communicate(timeout=60)
    assert process.returncode == 130, faults
    assert "Traceback" not in faults and "3 reports: 3 stopped" in told
    assert cluster.kernels() == [], "ended before the command was"
    assert {path.name for path in (tmp_path / "out" / "ruhr").iterdir()} == {".batch", "batch.xml"}
    assert hidden(tmp_path / "out") == []

    control.set("1 / 0 if place == '05113000' else 0")
    done = batch(cluster.notebooks, tmp_path / "out", on, only, "--json")
    assert done.returncode == 1
    assert (len(events(done, "made")), events(done, "failed")) == (2, ["Essen"])
    assert "ZeroDivisionError" in (tmp_path / "out" / "ruhr" / "failures.json").read_text(encoding="utf-8")
    assert comes_true(lambda: cluster.kernels() == []), cluster.kernels()


def test_a_worker_with_other_data_or_code_is_refused(cluster: Cluster, control: Control, tmp_path: Path) -> None:
    control.set("")
    data = data_copy(tmp_path / "data")
    edit(data, "places.csv", lambda text: text.replace(",358676,", ",358677,"))
    (worker,) = cluster.add_workers(1, CITYREPORT_DATA=str(data))
    done = batch(cluster.notebooks, tmp_path / "out", f"--executor={cluster.address}", f"--only={BOCHUM}")
    worker.kill()
    worker.wait()
    cluster.workers.remove(worker)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert f"(process {worker.pid}) has other data, code or libraries than the batch: data/" in line
    assert "data/places.csv" in line
    assert list((tmp_path / "out").rglob("*")) == []


def test_a_job_is_refused_where_it_cannot_be_made_the_same(tmp_path: Path) -> None:
    wanted = dict(identity(read_inputs()))
    other = wanted | {"src/helpers/run/report.py": "0" * 64, "pandas": "1.5"}
    job = Job(Parameters.check(place="Bochum"), tmp_path, "plain", made_from=other)
    outcome = make_report(job)
    assert outcome.failed is not None
    assert (
        "than the batch: pandas " in outcome.failed.error
        and " instead of 1.5, src/helpers/run/report.py" in outcome.failed.error
    )
    assert list(tmp_path.iterdir()) == []
    assert differences(wanted, {**wanted, "data/new.csv": ""}) == ["data/new.csv"]
    assert DATA_DIR.is_dir() and wanted["Python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_a_folder_that_is_not_shared_is_told(tmp_path: Path) -> None:
    wanted = identity(read_inputs())
    assert unfit(wanted, tmp_path / "elsewhere" / "file") == (
        f"does not share the folder --out, '{tmp_path / 'elsewhere'}'; give a URL instead, see docs/cluster.md"
    )
    (tmp_path / "file").touch()
    assert unfit(wanted, tmp_path / "file") is None


@pytest.mark.parametrize(
    "address",
    ["scheduler:8786", "tcp://scheduler:8786", "dask://scheduler", "dask://:1", "dask://a:b", "dask://a:1/path"],
)
def test_an_address_of_another_form_is_refused(address: str) -> None:
    with pytest.raises(ParameterError, match=r"--executor: '.*' is not of the form dask://HOST:PORT\."):
        scheduler_address(address)


def test_where_nobody_answers_nothing_is_made(tmp_path: Path) -> None:
    notebooks = small_chapters(tmp_path / "notebooks")
    done = batch(notebooks, tmp_path / "out", "--executor=dask://127.0.0.1:1", f"--only={BOCHUM}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cityreport: --executor: no scheduler answers at 'dask://127.0.0.1:1' within 5 s")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_packages_for_clusters_are_optional(tmp_path: Path) -> None:
    """They are taken away by what stands for them on the path of a Python without them."""
    program = (
        "import sys; sys.modules['distributed'] = sys.modules['fsspec'] = None\nfrom helpers.cli import main; main()"
    )
    for options, package in ((["--executor=dask://a:1"], "distributed"), (["--out=s3://a/b"], "fsspec")):
        command = [sys.executable, "-c", program, "batch", "--only=Bochum", *options]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 2
        assert f"needs the package {package}, which is not installed: make cluster, see docs/cluster.md." in done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_kills_its_worker_fails_and_so_do_all_without_a_scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = Control(tmp_path / "control")
    notebooks = small_chapters(tmp_path / "notebooks", CELL.format(control=str(control.folder)))
    cluster = Cluster(tmp_path / "processes", notebooks, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    on = f"--executor={cluster.address}"
    monkeypatch.setattr(cluster_module, "FIRST_WORKER", 0.2)
    with pytest.raises(ParameterError, match="has no worker after"), open_cluster(cluster.address, tmp_path / "out"):
        pass
    (nanny,) = cluster.add_workers(1, threads=2, nanny=True)

    control.set("import os, psutil\nos.kill(psutil.Process(os.getppid()).ppid(), 9)")
    done = batch(notebooks, tmp_path / "out", on, f"--only={BOCHUM}")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "the worker failed: KilledWorker: Attempted to run task" in done.stderr

    # The nanny has started another one.
    control.set(WAITS)
    process = batch_process(notebooks, tmp_path / "out", on, f"--only={BOCHUM},{ESSEN},{HAGEN}")
    assert comes_true(lambda: len(control.begun()) == 2, 60), process.communicate(timeout=1)
    cluster.scheduler.kill()
    told, faults = process.communicate(timeout=60)
    assert process.returncode == 1, (told, faults)
    assert "3 reports: 3 failed" in told
    assert faults.count("the executor has lost it") == 3 and "Traceback" not in faults
    nanny.terminate()
    nanny.wait(30)
    assert comes_true(lambda: cluster.kernels() == []), cluster.kernels()
    assert hidden(tmp_path / "out") == []
    cluster.close()
