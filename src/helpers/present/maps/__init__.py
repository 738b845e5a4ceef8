"""Maps of the open index: the regional choropleth, the maps of Germany, and four small maps of the domains."""

from helpers.analysis.study import Study
from helpers.present.drawing import Drawing
from helpers.present.geometry import LOCAL
from helpers.present.maps.cities import city_map
from helpers.present.maps.districts import district_map
from helpers.present.maps.domains import domain_maps
from helpers.present.maps.hexagons import hexagon_map
from helpers.present.maps.ruhr import regional_map

__all__ = ["domain_maps", "hexagon_map", "index_map"]


def index_map(study: Study) -> Drawing:
    """The index of the report's universe as a map, with the place of the report marked."""
    name = study.universe.boundaries
    if name is None:
        return city_map(study)
    return regional_map(study, name) if name == LOCAL else district_map(study, name)
