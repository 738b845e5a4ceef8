"""The command `cityreport`.

Exit codes: 0 done; 1 a report could not be made; 2 a mistake in what was asked or in the data.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from helpers.parameters import ParameterError, Parameters, check_universe, universe_places
from helpers.run.staging import blocking_file

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reports on how digital a place is.",
)
data_app = typer.Typer(no_args_is_help=True, help="The Data Package.")
app.add_typer(data_app, name="data")

UniverseOption = Annotated[str, typer.Option(help="ruhr, cities or districts: whom the place is compared with.")]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("cityreport"))
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def render(
    places: Annotated[list[str], typer.Argument(metavar="PLACE...", help="AGS, name or official name.")],
    universe: UniverseOption = "ruhr",
    language: Annotated[str, typer.Option(help="de or en.")] = "de",
    peers: Annotated[str, typer.Option(help="region, universe, or places separated by commas.")] = "region",
    draws: Annotated[int, typer.Option(help="Alternative indices behind each range of a rank.")] = 2000,
    seed: Annotated[int, typer.Option(help="Of the random numbers: the same seed gives the same report.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder that receives the reports.")] = Path("output"),
) -> None:
    """Make the report of one or more places: PDF, figures, tables and executed notebooks."""
    checked: list[Parameters] = []
    faults: list[str] = []
    for place in places:
        try:
            asked = {"place": place, "universe": universe, "language": language, "peers": peers}
            checked.append(Parameters.check(**asked, draws=draws, seed=seed))
        except ParameterError as error:
            faults += error.faults
    if blocking := blocking_file(out):
        faults.append(f"--out: {str(blocking)!r} is a file; a folder is expected.")
    if faults:
        raise ParameterError(list(dict.fromkeys(faults)))
    from helpers.run.console import render_all
    from helpers.run.report import check_targets

    check_targets(checked, out)
    raise typer.Exit(render_all(list(dict.fromkeys(checked)), out))


@app.command("places")
def list_places(
    universe: UniverseOption = "ruhr",
    ags: Annotated[bool, typer.Option("--ags", help="AGS only, one a line.")] = False,
) -> None:
    """List the places of a universe."""
    if faults := check_universe(universe):
        raise ParameterError(faults)
    for place in universe_places(universe).values():
        typer.echo(place.ags if ags else f"{place.ags:8}  {place.name}  ({place.type}, {place.state})")


@app.command("index")
def compute(
    definition: Annotated[Path, typer.Option(help="YAML file: the tree of indicators and the method.")],
    data: Annotated[Path, typer.Option(help="CSV file: a row for each unit, a column for each indicator.")],
    out: Annotated[Path, typer.Option(help="Folder that receives the tables.")],
    replay: Annotated[Path | None, typer.Option(help="CSV file: a row for each draw with its choices.")] = None,
) -> None:
    """Compute an index from any table; write every table on the way. See docs/index-files.md."""
    from helpers.run.index_files import run_index

    run_index(definition, data, out, replay, typer.echo)


@data_app.command()
def check() -> None:
    """Check every table, universe and hash of the Data Package; list all faults at once."""
    from helpers.data.checks import DataError, check_package

    faults = check_package()
    if faults:
        raise DataError(faults)
    typer.echo("The Data Package is in order.")


@data_app.command()
def seal() -> None:
    """Check the data and write size and hash of each file into datapackage.json; faulty data is refused."""
    from helpers.data.seal import seal_package

    changed = seal_package()
    typer.echo(f"The Data Package is checked and sealed; changed: {', '.join(changed) or 'nothing'}.")


def main() -> None:
    """Entry point: a user's mistake becomes a message and exit code 2, never a traceback."""
    try:
        app()
    except ParameterError as error:
        _refuse(error.faults)
    except ValueError as error:
        faults = getattr(error, "faults", None)
        if faults is None:
            raise
        _refuse([str(fault) for fault in faults])


def _refuse(faults: list[str]) -> None:
    for fault in faults:
        print(f"cityreport: {fault}", file=sys.stderr)
    sys.exit(2)
