"""The explorer's widgets: choose, and what is shown answers at once; the state is a set of `Parameters`, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Any, get_args

import ipywidgets as widgets

from helpers.analysis.faults import ConstructionError
from helpers.analysis.study import Study, same_place
from helpers.choices import LEAST_WEIGHT, MOST_WEIGHT, Mean, Scale
from helpers.data.parameter_file import read_parameters, write_parameters
from helpers.data.universe import load_universe
from helpers.parameters import (
    REPOSITORY,
    ParameterError,
    Parameters,
    register,
    resolve_place,
    universe_places,
    universes,
)
from helpers.present.explorer.panels import PANELS, View, head, panel_name
from helpers.present.explorer.workbench import Workbench
from helpers.present.language import tr, use
from helpers.present.names import domain_name, title_of
from helpers.present.wording.choice import mean_name, scale_name

LEAST, MOST, STEP = 0.1, 5.0, 0.1
"""Ends and step of a slider; a file may hold weights beyond them, and the slider is then widened."""

TOP = 10
LIST = "list"
FILE = "explored.yml"

_WIDE = {"width": "23rem"}
_LABEL = {"description_width": "8.5rem"}


class Explorer:
    """Controls for place, universe, peers and index beside the panels that answer.

    `parameters` and `study` are those of what is shown. Every control stands as an attribute, so that code can turn it as a
    hand does: `explorer.weights["research"].value = 2`. `show(parameters)` puts all of them to a given state.
    """

    def __init__(self, parameters: Parameters, workbench: Workbench | None = None):
        use(parameters.language)
        self.workbench = workbench or Workbench()
        self.parameters = parameters
        self._study = self.workbench.study(parameters)
        self.seconds = 0.0
        self._quiet = False
        self.universe = _dropdown(tr(de="Vergleich", en="Universe"), [(_universe_title(n), n) for n in universes()])
        self.place = _dropdown(tr(de="Ort", en="Place"), [])
        self.peers = _dropdown(tr(de="Vergleichsorte", en="Peers"), _peer_rules())
        self.n_peers = _whole(tr(de="Zahl", en="How many"), parameters.n_peers, 1, 30)
        self.others = widgets.Text(
            description=tr(de="Liste", en="List"), continuous_update=False, layout=_WIDE, style=_LABEL
        )
        scales = [(scale_name(scale), scale) for scale in get_args(Scale)]
        self.normalisation = _dropdown(tr(de="Skalierung", en="Scale"), scales)
        means = [(mean_name(mean), mean) for mean in get_args(Mean)]
        self.aggregation = _dropdown(tr(de="Mittel", en="Mean"), means)
        self.top = _whole(tr(de="unter den ersten", en="among the first"), TOP, 1, 30)
        self.weights: dict[str, Any] = {}
        self.reset = widgets.Button(description=tr(de="Standardindex", en="Default index"))
        self.file = widgets.Text(value=FILE, description=tr(de="Datei", en="File"), layout=_WIDE, style=_LABEL)
        self.save = widgets.Button(description=tr(de="Speichern", en="Save"))
        self.load = widgets.Button(description=tr(de="Laden", en="Load"))
        self.message, self.head = widgets.HTML(), widgets.HTML()
        self.panels = {name: widgets.HTML() for name in PANELS}
        self.tabs = widgets.Tab(list(self.panels.values()), titles=[panel_name(name) for name in self.panels])
        self._sliders = widgets.VBox()
        self._observe()
        self.show(parameters)

    @property
    def study(self) -> Study:
        """The study of what is shown, for questions in further cells."""
        return self._study

    @property
    def panel(self) -> str:
        """The name of the panel that is open."""
        return list(self.panels)[self.tabs.selected_index or 0]

    @property
    def box(self) -> Any:
        """All widgets in their order on the screen."""
        buttons = widgets.HBox([self.save, self.load])
        left = widgets.VBox(
            [
                *(self.universe, self.place, self.peers, self.n_peers, self.others),
                *(self._sliders, self.normalisation, self.aggregation, self.reset),
                *(self.top, self.file, buttons),
            ],
            layout={"flex": "0 0 24rem"},
        )
        right = widgets.VBox([self.message, self.head, self.tabs], layout={"flex": "1 1 0", "min_width": "0"})
        return widgets.HBox([left, right])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)

    def show(self, parameters: Parameters) -> None:
        """Put every control to `parameters` and show what they give."""
        universe = load_universe(parameters.universe)
        with self._at_once():
            self.universe.value = parameters.universe
            self.place.options = _places(parameters.universe)
            self.place.value = parameters.place
            listed = isinstance(parameters.peers, tuple)
            self.peers.value = LIST if listed else parameters.peers
            self.others.value = _listed(parameters.peers, parameters.universe) if listed else ""
            self.n_peers.value = parameters.n_peers
            own = universe.index
            self.normalisation.value = parameters.index.normalisation or own.normalisation.method
            self.aggregation.value = parameters.index.aggregation or own.aggregation
            self._make_sliders(parameters)
        self._fixed = {"language": parameters.language, "draws": parameters.draws, "seed": parameters.seed}
        self._answer()

    def asked(self) -> dict[str, Any]:
        """What the controls say, unchecked, as `Parameters.check` takes it."""
        return {
            **self._fixed,
            "place": self.place.value,
            "universe": self.universe.value,
            "peers": self.others.value if self.peers.value == LIST else self.peers.value,
            "n_peers": self.n_peers.value,
            "index": {
                "weights": {name: round(slider.value, 6) for name, slider in self.weights.items()},
                "normalisation": self.normalisation.value,
                "aggregation": self.aggregation.value,
            },
        }

    def _observe(self) -> None:
        self.universe.observe(self._change_universe, "value")
        answering = (self.place, self.peers, self.n_peers, self.others, self.normalisation, self.aggregation, self.top)
        for control in answering:
            control.observe(self._answer, "value")
        self.tabs.observe(self._draw, "selected_index")
        self.reset.on_click(self._reset)
        self.save.on_click(self._save)
        self.load.on_click(self._load)

    def _make_sliders(self, parameters: Parameters) -> None:
        """A slider for each domain, and folded away one for each indicator."""
        universe = self.workbench.universe(parameters.universe)
        chosen = parameters.index.weights
        domains, folded = [], []
        self.weights = {}
        for domain in universe.domains:
            name = domain_name(domain.id, start=True)
            slider = self._slider(domain.id, name, chosen.get(domain.id, domain.weight))
            domains.append(slider)
            for ref in domain.indicators:
                label = str(self.workbench.facts.indicators.at[ref.key, f"label_{parameters.language}"])
                folded.append(self._slider(ref.id, label, chosen.get(ref.id, ref.weight)))
        title = tr(de="Gewichte der Merkmale in ihrem Bereich", en="Weights of the indicators in their domain")
        accordion = widgets.Accordion([widgets.VBox(folded)], titles=[title], layout=_WIDE)
        self._sliders.children = [*domains, accordion]

    def _slider(self, name: str, label: str, weight: float) -> Any:
        slider = widgets.FloatSlider(
            value=weight,
            min=max(LEAST_WEIGHT, min(LEAST, weight)),
            max=min(MOST_WEIGHT, max(MOST, weight)),
            step=STEP,
            description=label,
            tooltip=label,
            continuous_update=False,
            readout_format=".1f",
            layout=_WIDE,
            style=_LABEL,
        )
        slider.observe(self._answer, "value")
        self.weights[name] = slider
        return slider

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Several controls are put without an answer to each."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _answer(self, change: Any = None) -> None:
        """Check what the controls say, and show it; or say what is wrong with it and leave what is shown."""
        if self._quiet:
            return
        started = perf_counter()
        if self.peers.value == LIST and not self.others.value.strip():
            with self._at_once():  # a list begins with the peers that are shown
                self.others.value = _listed(self._study.peers, self.parameters.universe)
        self.others.disabled, self.n_peers.disabled = self.peers.value != LIST, self.peers.value != "nearest"
        try:
            parameters = Parameters.check(**self.asked())
            study = self.workbench.study(parameters)
        except (ParameterError, ConstructionError) as error:
            self._refuse(error.faults)
            return
        use(parameters.language)
        self.message.value = ""
        self.parameters, self._study = parameters, study
        self.head.value = head(self._view())
        self._draw()
        self.seconds = perf_counter() - started

    def _draw(self, change: Any = None) -> None:
        """Draw the panel that is open; the others are drawn when they are opened."""
        use(self.parameters.language)
        for name, panel in self.panels.items():
            panel.value = PANELS[name](self._view()) if name == self.panel else ""

    def _view(self) -> View:
        return View(self._study, self.workbench.readers_weights(self.parameters), self.top.value)

    def _change_universe(self, change: Any) -> None:
        """The same place, or the first, in another universe; the weights of what both have are kept."""
        if self._quiet:
            return
        name = change["new"]
        place = next(iter([*same_place(register()[self.parameters.place], name), *universe_places(name)]))
        asked = self.asked()
        universe = load_universe(name)
        names = {domain.id for domain in universe.domains} | {ref.id for ref in universe.indicators}
        weights = {node: weight for node, weight in asked["index"]["weights"].items() if node in names}
        asked |= {"place": place, "index": asked["index"] | {"weights": weights}}
        if self.peers.value == LIST:
            asked["peers"] = "nearest"
        self.show(Parameters.check(**asked))

    def _reset(self, button: Any) -> None:
        self.show(self.parameters.model_copy(update={"index": Parameters.model_fields["index"].default}))

    def _save(self, button: Any) -> None:
        path = Path(self.file.value)
        try:
            write_parameters(self.parameters, path)
        except ParameterError as error:
            self._refuse(error.faults)
            return
        full = path.resolve()
        shown = full.relative_to(REPOSITORY) if full.is_relative_to(REPOSITORY) else full
        said = tr(de="Gespeichert. Der Bericht dazu:", en="Saved. The report of it:")
        self.message.value = f"<p>{escape(said)} <code>cityreport render --params {escape(str(shown))}</code></p>"

    def _load(self, button: Any) -> None:
        try:
            parameters = read_parameters(Path(self.file.value))
        except ParameterError as error:
            self._refuse(error.faults)
            return
        self.show(parameters)

    def _refuse(self, faults: list[str]) -> None:
        self.message.value = "".join(f'<p class="cr-refused">{escape(str(fault), quote=False)}</p>' for fault in faults)


def _dropdown(label: str, options: list[tuple[str, str]]) -> Any:
    return widgets.Dropdown(options=options, description=label, layout=_WIDE, style=_LABEL)


def _whole(label: str, value: int, low: int, high: int) -> Any:
    return widgets.IntSlider(
        value=value, min=low, max=high, description=label, continuous_update=False, layout=_WIDE, style=_LABEL
    )


def _peer_rules() -> list[tuple[str, str]]:
    return [
        (tr(de="die ähnlichsten", en="the most alike"), "nearest"),
        (tr(de="die der Region", en="those of the region"), "region"),
        (tr(de="alle", en="all"), "universe"),
        (tr(de="eigene Liste", en="a list of your own"), LIST),
    ]


def _universe_title(name: str) -> str:
    universe = load_universe(name)
    return tr(de=universe.title_de, en=universe.title_en)


def _listed(peers: Iterable[str], universe: str) -> str:
    """Places as the list takes them: by name where that is clear, else by AGS."""
    return ", ".join(_clear_name(ags, universe) for ags in peers)


def _clear_name(ags: str, universe: str) -> str:
    name = register()[ags].name
    try:
        return name if resolve_place(name, universe).ags == ags and "," not in name else ags
    except ParameterError:
        return ags


def _places(universe: str) -> list[tuple[str, str]]:
    """Title and AGS by title; names that occur twice carry the AGS."""
    titles = {ags: title_of(ags) for ags in universe_places(universe)}
    found = list(titles.values())
    named = [(f"{title} ({ags})" if found.count(title) > 1 else title, ags) for ags, title in titles.items()]
    return sorted(named, key=lambda pair: pair[0].casefold())
