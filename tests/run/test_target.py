"""Reports at a URL appear whole or not at all, on file systems of fsspec that are real: local, in memory, and one that is full."""

import errno
import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from batches import batch, events, small_chapters
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

from helpers.parameters import ParameterError, Parameters
from helpers.run import report
from helpers.run.batch import Options, run_batch
from helpers.run.report import report_folder
from helpers.run.target import Target

BOCHUM, ESSEN = "05911000", "05113000"
NAME = "ruhr/05911000-bochum"


class LimitedFile(MemoryFile):  # type: ignore[misc]  # fsspec tells no types
    def write(self, content: Any) -> int:
        Limited.take(len(content))
        written: int = super().write(content)
        return written


class Limited(MemoryFileSystem):  # type: ignore[misc]
    """Files in memory, until there is no space left."""

    protocol = "limited"
    store: dict[str, Any] = {}  # noqa: RUF012  (as in the class above, which shares it)
    pseudo_dirs = [""]  # noqa: RUF012
    space: int | None = None

    @classmethod
    def take(cls, size: int) -> None:
        if cls.space is not None:
            cls.space -= size
            if cls.space < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        stripped: str = super()._strip_protocol(str(path).replace("limited://", "memory://"))
        return stripped

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        if mode != "wb":
            return super()._open(path, mode, **options)
        file = LimitedFile(self, self._strip_protocol(path), options.get("data"))
        file.commit()
        return file

    def cp_file(self, path1: str, path2: str, **options: Any) -> None:
        self.take(self.size(path1))
        super().cp_file(path1, path2, **options)


@pytest.fixture(params=["file", "memory", "limited"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty place of its own on each file system."""
    fsspec.register_implementation("limited", Limited, clobber=True)
    name = uuid.uuid4().hex
    yield f"file://{tmp_path}/target" if request.param == "file" else f"{request.param}://{name}"
    Limited.space = None


@pytest.fixture
def full() -> Iterator[str]:
    fsspec.register_implementation("limited", Limited, clobber=True)
    yield f"limited://{uuid.uuid4().hex}"
    Limited.space = None


def made(folder: Path, **files: str) -> Path:
    """A report with its manifest: the names of files without their dots."""
    folder.mkdir()
    outputs = []
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        outputs.append({"path": path.relative_to(folder).as_posix(), "sha256": digest, "bytes": len(text)})
    (folder / "manifest.json").write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    (folder / "timings.json").write_text("{}", encoding="utf-8")
    return folder


def there(url: str) -> dict[str, str]:
    """All files at the URL."""
    fs, root = fsspec.url_to_fs(url)
    return (
        {path[len(root) + 1 :]: fs.cat_file(path).decode(errors="replace") for path in fs.find(root)}
        if fs.exists(root)
        else {}
    )


def local(folder: Path) -> dict[str, str]:
    """The files of a report as they are to be at the target."""
    return {
        f"{NAME}/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_report_takes_the_place_of_an_earlier_one(url: str, tmp_path: Path) -> None:
    target = Target(url)
    first = made(tmp_path / "first", report_pdf="one", figures__old_svg="old", tables__a_csv="1")
    target.publish(first, NAME)
    assert there(url) == local(first)
    fs, root = fsspec.url_to_fs(url)
    fs.pipe_file(f"{root}/{NAME}/notes.txt", b"of somebody else")

    second = made(tmp_path / "second", report_pdf="two", figures__new_svg="new", tables__a_csv="1")
    target.publish(second, NAME)
    assert there(url) == local(second) | {f"{NAME}/notes.txt": "of somebody else"}


def test_without_space_for_it_the_last_good_report_stays(full: str, tmp_path: Path) -> None:
    target = Target(full)
    first = made(tmp_path / "first", report_pdf="one" * 100, figures__old_svg="old")
    second = made(tmp_path / "second", report_pdf="two" * 100, figures__new_svg="new")
    target.publish(first, NAME)
    Limited.space = 200
    with pytest.raises(OSError, match="No space left"):
        target.publish(second, NAME)
    assert {path: text for path, text in there(full).items() if ".batch" not in path} == local(first)
    Limited.space = None
    target.publish(second, NAME)
    assert there(full) == local(second)


def test_a_publication_stopped_at_any_write_is_no_report_or_a_whole_one(full: str, tmp_path: Path) -> None:
    """The space ends after each number of bytes that the publication needs; what stands then is the old, the new, or no report."""
    target = Target(full)
    first = made(tmp_path / "first", report_pdf="one" * 10, figures__old_svg="old", tables__a_csv="1")
    second = made(tmp_path / "second", report_pdf="two" * 10, figures__new_svg="new", tables__a_csv="1")
    seen = set()
    space = 0
    while "new" not in seen:
        target.publish(first, NAME)
        Limited.space = space
        try:
            target.publish(second, NAME)
        except OSError:
            space += 7
        Limited.space = None
        now = {path: text for path, text in there(full).items() if ".batch" not in path}
        manifest = now.get(f"{NAME}/manifest.json")
        if manifest is None:
            seen.add("none")
        else:
            kind, expected = (
                ("old", local(first)) if manifest == local(first)[f"{NAME}/manifest.json"] else ("new", local(second))
            )
            assert now == expected, f"the {kind} report is not whole with {space} bytes of space"
            seen.add(kind)
        target.publish(second, NAME)
        assert there(full) == local(second), "what was left is removed"
    assert seen == {"old", "none", "new"}


def test_files_of_others_are_not_replaced(url: str) -> None:
    fs, root = fsspec.url_to_fs(url)
    fs.makedirs(f"{root}/{NAME}", exist_ok=True)
    fs.pipe_file(f"{root}/{NAME}/thesis.pdf", b"")
    with (
        Target(url).desk(["ruhr"]) as desk,
        pytest.raises(ParameterError, match=r"holds files of others: thesis\.pdf\."),
    ):
        desk.refuse_foreign([Parameters.check(place="Bochum")])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("nosuch://a/b", "ValueError: Protocol not known: nosuch"),
        ("file:///proc/none", "cannot write to 'file:///proc/none'"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_made(wrong: str, words: str, tmp_path: Path) -> None:
    done = batch(small_chapters(tmp_path / "notebooks"), wrong, f"--only={BOCHUM}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cityreport: --out: ") and words in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_sent_or_read_is_named(full: str) -> None:
    with Target(full).desk(["ruhr"]) as desk:
        (desk.folder / "batch.xml").write_text("x" * 100, encoding="utf-8")
        Limited.space = 10
        with pytest.raises(OSError, match=r"the record cannot be sent: OSError: .*No space left on device"):
            desk.send(desk.folder / "batch.xml")
    with (
        pytest.raises(ParameterError, match=rf"there is no manifest\.json at '{full}' or below it\."),
        Target(full).copied(),
    ):
        pass


def test_a_batch_keeps_all_its_records_at_the_target(tmp_path: Path) -> None:
    """As in a folder: what is unchanged is not made again, what failed is repeated, the gallery lists all."""
    out = f"file://{tmp_path}/target"
    only = f"--only={BOCHUM},{ESSEN}"
    bad = small_chapters(tmp_path / "bad", f"assert place != '{ESSEN}', 'not yet'")
    done = batch(bad, out, only, "--json")
    assert (done.returncode, events(done, "made"), events(done, "failed")) == (1, ["Bochum"], ["Essen"])
    assert f"cityreport render {ESSEN} --universe ruhr --draws 200 --out output" in done.stderr
    files = there(out)
    bochum, essen = (report_folder(Parameters.check(place=ags, draws=200), Path()) for ags in (BOCHUM, ESSEN))
    assert "AssertionError: not yet" in files[f"ruhr/.batch/failed/{essen.name}/error.txt"]
    assert essen.name in files["ruhr/failures.json"] and "Bochum" in files["ruhr/index.html"]

    repaired = small_chapters(tmp_path / "bad", "'as it should be'")
    assert events(batch(repaired, out, only, "--failed", "--json"), "made") == ["Essen"]
    left = there(out)
    assert "ruhr/failures.json" not in left
    assert [path for path in left if "/failed/" in path or "/new/" in path] == []
    assert events(batch(repaired, out, only, "--json"), "made") == ["Bochum"], "its notebook has changed"
    assert batch(repaired, out, only).stdout.startswith("2 reports: 2 unchanged; ")

    (tmp_path / "target" / bochum / "report.html").write_text("cut off", encoding="utf-8")
    explained = batch(repaired, out, only, "--explain").stdout
    assert "Bochum (05911000, ruhr): made\n  of other size than it was made: report.html\n" in explained
    shutil.rmtree(tmp_path / "target" / bochum)
    assert "Bochum (05911000, ruhr): made\n  there is none yet\n" in batch(repaired, out, only, "--explain").stdout


def test_a_batch_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(report, "NOTEBOOKS", small_chapters(tmp_path / "notebooks"))
    url = f"memory://{uuid.uuid4().hex}"
    parameters = Parameters.check(place="Bochum", draws=200)
    for words in ("1 report: 1 made", "1 report: 1 unchanged"):
        with Target(url).desk(["ruhr"]) as desk:
            assert run_batch([parameters], desk.folder, Options("fork", 1), desk=desk) == 0
        assert words in capsys.readouterr().out
    fs, root = fsspec.url_to_fs(url)
    manifest = json.loads(fs.cat_file(f"{root}/{report_folder(parameters, Path()).as_posix()}/manifest.json"))
    with Target(url).copied() as copy:
        for one in manifest["outputs"]:
            content = (copy / report_folder(parameters, Path()) / one["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert list(copy.rglob(".batch")) == []
