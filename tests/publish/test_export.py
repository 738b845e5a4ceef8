from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from helpers.publish.blocks import read_blocks
from helpers.publish.export import export_files


def test_figures_and_the_data_of_every_figure_and_table_are_written(notebooks: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "report"
    written = export_files(read_blocks(notebooks), folder)
    names = sorted(path.relative_to(folder).as_posix() for path in written)
    pictures = [f"figures/{id}.{kind}" for id in ("lines", "map", "strips") for kind in ("png", "svg")]
    assert names == pictures + [f"tables/{id}.csv" for id in ("heat", "lines", "long", "map", "signs", "strips")]
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == sorted(written)


def test_what_is_written_can_be_read(notebooks: list[Path], tmp_path: Path) -> None:
    export_files(read_blocks(notebooks), tmp_path)
    ElementTree.parse(tmp_path / "figures" / "map.svg")
    long = pd.read_csv(tmp_path / "tables" / "long.csv")
    assert len(long) == 60 and long["place"].iloc[-1] == "Straße 60"
