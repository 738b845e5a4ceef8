"""The command `cityreport`.

Exit codes: 0 done; 1 a report could not be made; 2 a mistake in what was asked or in the data.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from helpers.parameters import ParameterError, Parameters, check_universe, universe_places

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reports on how digital a place is.",
)
data_app = typer.Typer(no_args_is_help=True, help="The Data Package.")
app.add_typer(data_app, name="data")

UniverseOption = Annotated[str, typer.Option(help="ruhr, cities or districts: whom the place is compared with.")]


@app.command()
def render(
    places: Annotated[list[str], typer.Argument(metavar="PLACE...", help="AGS, name or official name.")],
    universe: UniverseOption = "ruhr",
    language: Annotated[str, typer.Option(help="de or en.")] = "de",
    peers: Annotated[str, typer.Option(help="region, universe, or places separated by commas.")] = "region",
    out: Annotated[Path, typer.Option(help="Folder that receives the reports.")] = Path("output"),
) -> None:
    """Make the report of one or more places: PDF, figures, tables and executed notebooks."""
    checked: list[Parameters] = []
    faults: list[str] = []
    for place in places:
        try:
            checked.append(Parameters.check(place=place, universe=universe, language=language, peers=peers))
        except ParameterError as error:
            faults += error.faults
    blocking = next((path for path in (out, *out.parents) if path.exists() and not path.is_dir()), None)
    if blocking:
        faults.append(f"--out: {str(blocking)!r} is a file; a folder is expected.")
    if faults:
        raise ParameterError(list(dict.fromkeys(faults)))
    from helpers.run.console import render_all

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
    """Write size and hash of each file into datapackage.json after a change to the data."""
    from helpers.data.seal import seal_package

    try:
        seal_package()
    except FileNotFoundError as error:
        raise ParameterError([f"data: {error.filename} is listed in datapackage.json and does not exist."]) from error
    typer.echo("The Data Package is sealed; now run: cityreport data check")


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
