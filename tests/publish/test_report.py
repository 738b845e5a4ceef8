import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.parameters import Parameters
from helpers.present.language import current
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report

# What a second process on another machine would do: the notebooks in argv[1:-1], the folder last.
PUBLISH = """
import sys
from pathlib import Path
from helpers.parameters import Parameters, register
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report

parameters = Parameters.check(place="Bochum")
meta = ReportMeta(parameters, register()[parameters.place], data_date="2026-04-22", data_hash="ab" * 32)
publish_report([Path(name) for name in sys.argv[1:-1]], meta, Path(sys.argv[-1]))
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_inputs_give_the_same_bytes_anywhere(notebooks: list[Path], meta: ReportMeta, tmp_path: Path) -> None:
    publish_report(notebooks, meta, tmp_path / "here")
    elsewhere = tmp_path / "somewhere else" / "ä"
    elsewhere.mkdir(parents=True)
    copies = [str(shutil.copy(path, elsewhere)) for path in notebooks]
    settings = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", PUBLISH, *copies, str(elsewhere / "report")]
    subprocess.run(command, check=True, cwd=elsewhere, env=settings)
    assert contents(elsewhere / "report") == contents(tmp_path / "here")


def test_an_english_report_leaves_the_active_language_alone(
    notebooks: list[Path], meta: ReportMeta, tmp_path: Path
) -> None:
    english = Parameters.check(place="Bochum", language="en")
    publish_report(notebooks, ReportMeta(english, meta.place, "2026-04-22", "ab" * 32), tmp_path / "en")
    assert current() == "de"


def test_nothing_is_written_where_the_report_is_refused(meta: ReportMeta, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        publish_report([tmp_path / "absent.ipynb"], meta, tmp_path / "report")
    assert not (tmp_path / "report").exists()
