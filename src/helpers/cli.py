"""The command `cityreport`.

Exit codes: 0 done; 1 a report could not be made or is not as it was made, or a verdict on a claim is no longer true; 2 a
mistake in what was asked or in the data.
"""

import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from helpers.parameters import N_PEERS, ParameterError, Parameters, check_universe, universe_places
from helpers.run.staging import blocking_file

if TYPE_CHECKING:
    from helpers.run.cluster import Cluster
    from helpers.run.target import Target

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reports on how digital a place is.",
)
data_app = typer.Typer(no_args_is_help=True, help="The Data Package.")
app.add_typer(data_app, name="data")

_KERNELS: dict[str, Literal["fork", "plain"] | None] = {"": None, "fork": "fork", "plain": "plain"}

UniverseOption = Annotated[str, typer.Option(help="ruhr, cities or districts: whom the place is compared with.")]
LanguageOption = Annotated[str, typer.Option(help="de or en.")]
PeersOption = Annotated[str, typer.Option(help="nearest, region, universe, or places separated by commas.")]
PeerCountOption = Annotated[int, typer.Option("--n-peers", help="How many places `nearest` takes.")]
DrawsOption = Annotated[int, typer.Option(help="Alternative indices behind each range of a rank.")]
SeedOption = Annotated[int, typer.Option(help="Of the random numbers: the same seed gives the same report.")]


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
    context: typer.Context,
    places: Annotated[
        list[str] | None, typer.Argument(metavar="[PLACE]...", help="AGS, name or official name.")
    ] = None,
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
    peers: PeersOption = "nearest",
    n_peers: PeerCountOption = N_PEERS,
    draws: DrawsOption = 2000,
    seed: SeedOption = 1,
    params: Annotated[
        Path | None, typer.Option(help="YAML file of parameters instead of these options; a PLACE replaces its place.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder that receives the reports.")] = Path("output"),
    kernel: Annotated[str, typer.Option(help="fork or plain; by default fork where it is known to work.")] = "",
    cell_seconds: Annotated[float, typer.Option(help="Time limit of one cell.", min=1)] = 300,
    report_seconds: Annotated[float, typer.Option(help="Time limit of one report.", min=1)] = 1800,
    memory: Annotated[int, typer.Option(help="Limit of the memory of a chapter, in MiB.", min=512)] = 4096,
) -> None:
    """Make the report of one or more places: PDF, figures, tables and executed notebooks."""
    checked: list[Parameters] = []
    faults: list[str] = []
    options = {"universe": universe, "language": language, "peers": peers, "n_peers": n_peers}
    options |= {"draws": draws, "seed": seed}
    if params:
        sources = {name: context.get_parameter_source(name) for name in options}
        typed = [name for name, source in sources.items() if source and source.name == "COMMANDLINE"]
        faults += [f"--{name.replace('_', '-')}: with --params it stands in the file ({name}: …)." for name in typed]
    elif not places:
        faults.append("place: name one or more places, or give a file by --params.")
    named: list[str | None] = [*(places or ())]
    for place in named or ([None] if params else []):
        try:
            checked.append(_asked(params, place, options))
        except ParameterError as error:
            faults += error.faults
    faults += _run_faults(out, kernel)
    if faults:
        raise ParameterError(list(dict.fromkeys(faults)))
    from helpers.run.console import render_all
    from helpers.run.faults import Limits
    from helpers.run.report import check_targets

    check_targets(checked, out)
    limits = Limits(cell_seconds, report_seconds, memory)
    raise typer.Exit(render_all(list(dict.fromkeys(checked)), out, _KERNELS[kernel], limits))


def _asked(params: Path | None, place: str | None, options: dict[str, Any]) -> Parameters:
    """The checked parameters of one report: those of the options, or of a file with another place."""
    named = {} if place is None else {"place": place}
    if params is None:
        return Parameters.check(**named, **options)
    from helpers.data.parameter_file import read_parameters

    return read_parameters(params, **named)


@app.command()
def batch(
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
    peers: PeersOption = "nearest",
    n_peers: PeerCountOption = N_PEERS,
    draws: DrawsOption = 2000,
    seed: SeedOption = 1,
    only: Annotated[str, typer.Option(metavar="PLACE,...", help="These places, in this order, instead of all.")] = "",
    failed: Annotated[bool, typer.Option("--failed", help="Those that failed the last time.")] = False,
    limit: Annotated[int | None, typer.Option(help="Make no more than so many.", min=1)] = None,
    force: Annotated[bool, typer.Option("--force", help="Make also what is unchanged.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Tell why each would be made or not; make none.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print an event a line, as JSON.")] = False,
    workers: Annotated[int | None, typer.Option(help="Reports at once; by default two for each core.", min=1)] = None,
    executor: Annotated[
        str,
        typer.Option(metavar="dask://HOST:PORT", help="The workers of this scheduler make them, see docs/cluster.md."),
    ] = "",
    out: Annotated[
        str, typer.Option(help="Folder or URL (s3://…, see docs/cluster.md) that receives them.")
    ] = "output",
    kernel: Annotated[str, typer.Option(help="fork or plain; by default fork where it is known to work.")] = "",
    cell_seconds: Annotated[float, typer.Option(help="Time limit of one cell.", min=1)] = 300,
    report_seconds: Annotated[float, typer.Option(help="Time limit of one report.", min=1)] = 1800,
    memory: Annotated[int, typer.Option(help="Limit of the memory of a chapter, in MiB.", min=512)] = 4096,
) -> None:
    """Make the reports of all places of a universe that are not there as the data, the code and the options have it."""
    if faults := check_universe(universe):
        raise ParameterError(faults)
    places = [place for place in only.split(",") if place.strip()] or list(universe_places(universe))
    checked: dict[Parameters, None] = {}
    for place in places:
        try:
            asked = {"place": place, "universe": universe, "language": language, "peers": peers}
            checked[Parameters.check(**asked, n_peers=n_peers, draws=draws, seed=seed)] = None
        except ParameterError as error:
            faults += error.faults
    faults += _run_faults(None if _is_url(out) else Path(out), kernel)
    if executor and workers:
        faults.append(
            f"--workers: with --executor, the threads of the workers decide how many are made at once, not {workers}."
        )
    if faults:
        raise ParameterError(list(dict.fromkeys(faults)))
    from helpers.run.batch import Options, only_failed, run_batch
    from helpers.run.faults import Limits
    from helpers.run.kernels import default_kernels

    limits = Limits(cell_seconds, report_seconds, memory)
    kind = _KERNELS[kernel] or default_kernels()
    options = Options(kind, workers, limits, force, limit, explain, json)
    with ExitStack() as stack:
        desk = stack.enter_context(_target(out).desk([universe])) if _is_url(out) else None
        folder = desk.folder if desk else Path(out)
        chosen = only_failed(list(checked), folder) if failed else list(checked)
        cluster = None
        if executor and not explain:
            cluster = stack.enter_context(_open_cluster(executor, desk.target if desk else folder))
            options = replace(options, workers=cluster.threads, name=cluster.name)
        status = run_batch(chosen, folder, options, cluster, desk)
    raise typer.Exit(status)


def _is_url(out: str) -> bool:
    return "://" in out


def _target(url: str) -> "Target":
    """Raises ParameterError if what reaches URLs is not installed."""
    if find_spec("fsspec") is None:
        raise ParameterError([_needs("fsspec", url)])
    from helpers.run.target import Target

    return Target(url)


def _open_cluster(address: str, out: "Path | Target") -> "AbstractContextManager[Cluster]":
    """Raises ParameterError if what reaches clusters is not installed."""
    if find_spec("distributed") is None:
        raise ParameterError([_needs("distributed", address)])
    from helpers.run.cluster import open_cluster

    return open_cluster(address, out)


def _needs(package: str, value: str) -> str:
    return f"{value!r} needs the package {package}, which is not installed: make cluster, see docs/cluster.md."


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


@app.command("claims")
def audit_claims(
    place: Annotated[str, typer.Argument(metavar="[PLACE]", help="AGS, name or official name.")] = "Bochum",
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
) -> None:
    """Judge what the press says about a place; exit code 1 if a verdict written down is no longer true."""
    asked = Parameters.check(place=place, universe=universe, language=language)
    from helpers.run.claims import print_audit

    raise typer.Exit(print_audit(asked, typer.echo))


@app.command()
def where(
    figure: Annotated[str, typer.Argument(help="The id beside the number of a figure or table.")],
    place: Annotated[str | None, typer.Argument(metavar="[PLACE]", help="AGS, name or official name.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder of the report, instead of a place.")] = None,
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
    peers: PeersOption = "nearest",
    n_peers: PeerCountOption = N_PEERS,
    draws: DrawsOption = 2000,
    seed: SeedOption = 1,
    out: Annotated[Path, typer.Option(help="Folder that holds the reports.")] = Path("output"),
) -> None:
    """Tell where a figure or table comes from: notebook, cell, helper, rows, sources, commit."""
    if report and place:
        raise ParameterError([f"report: give a place ({place!r}) or a folder ({str(report)!r}), not both."])
    if report:
        from helpers.run.where import tell_origin

        tell_origin(figure, report, "cityreport render PLACE", typer.echo)
        return
    asked = {"place": place or "Bochum", "universe": universe, "language": language, "peers": peers}
    checked = Parameters.check(**asked, n_peers=n_peers, draws=draws, seed=seed)
    from helpers.run.console import command
    from helpers.run.kernels import default_kernels
    from helpers.run.report import report_folder
    from helpers.run.where import tell_origin

    tell_origin(figure, report_folder(checked, out), command(checked, out, default_kernels()), typer.echo)


@app.command("verify")
def verify_output(
    output: Annotated[
        str, typer.Argument(help="A report, the reports of a universe, or the whole output; may be a URL.")
    ],
) -> None:
    """Tell which files of the reports were changed, are missing or extra; exit code 1 if any."""
    from helpers.run.verify import verify

    with _target(output).copied() if _is_url(output) else nullcontext(Path(output)) as folder:
        status = verify(folder, typer.echo)
    raise typer.Exit(status)


@app.command("gallery")
def make_gallery(
    folder: Annotated[Path, typer.Argument(help="The reports of a universe: OUTPUT/UNIVERSE.")],
    compare: Annotated[
        Path | None, typer.Option(help="An earlier folder of the kind, to tell how ranks moved.")
    ] = None,
    language: LanguageOption = "de",
) -> None:
    """Make the page that lists all reports of a universe on a map and in a table."""
    from helpers.run.gallery import write_gallery

    typer.echo(write_gallery(folder, language, compare))


@data_app.command()
def check() -> None:
    """Check every table, universe, claim and hash of the Data Package; list all faults at once."""
    from helpers.run.package import check_data

    check_data()
    typer.echo("The Data Package is in order.")


@data_app.command()
def seal() -> None:
    """Check the data and write size and hash of each file into datapackage.json; faulty data is refused."""
    from helpers.run.package import seal_data

    changed = seal_data()
    typer.echo(f"The Data Package is checked and sealed; changed: {', '.join(changed) or 'nothing'}.")


def _run_faults(out: Path | None, kernel: str) -> list[str]:
    """What is wrong with where and how reports are asked to be made."""
    faults = []
    if out and (blocking := blocking_file(out)):
        faults.append(f"--out: {str(blocking)!r} is a file; a folder is expected.")
    if kernel not in _KERNELS:
        faults.append(f"--kernel: {kernel!r} is not one of fork, plain.")
    return faults


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
