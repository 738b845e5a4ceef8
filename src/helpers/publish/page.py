"""What the pages of the HTML edition share: the look from the tokens, the fonts, and templates that escape everything."""

import base64
import hashlib
import io
from functools import cache
from pathlib import Path

import jinja2
from fontTools import subset
from markupsafe import Markup, escape

from helpers.present.language import tr
from helpers.present.style import BOLD, COLOR, FAMILY, FONTS, MM_PER_PT, REGULAR, SEMIBOLD, TOKENS

HERE = Path(__file__).resolve().parent
WEIGHTS = {"Regular": REGULAR, "Semibold": SEMIBOLD, "Bold": BOLD}
# Kept from the font: kerning, ligatures, and the figures of one width that tables need.
_FEATURES = ["kern", "liga", "mark", "ccmp", "tnum", "lnum"]
_SPACE = "\u00a0"
# What the pages of all places have in common, so that one set of fonts serves them all: Latin-1, Latin Extended-A, punctuation,
# and the signs of the reports and of the stylesheets.
_COMMON = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2009, 0x2040)])) | frozenset(
    "−≤≥α€→↑↓▲▼"
)

# What the font lacks; see `typeset`.
_DRAWN = frozenset("○●")


def template(name: str) -> jinja2.Template:
    """A template of this folder; the filter `words` typesets a text (see `typeset`)."""
    return _environment().get_template(name)


def read(name: str) -> str:
    """A stylesheet or script of this folder."""
    return (HERE / name).read_text(encoding="utf-8")


def style(characters: frozenset[str], *sheets: str) -> Markup:
    """The content of the style element: fonts with these characters, the tokens as variables, the stylesheets."""
    written = frozenset(filter(str.isprintable, characters)) - _DRAWN
    return Markup(faces(written | _COMMON) + variables() + "".join(read(sheet) for sheet in sheets))


def script_hash(script: str) -> str:
    """The script as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = typeset
    return environment


def typeset(text: str) -> Markup:
    """`text` escaped; a dash never opens a line, and the marks that the font lacks are drawn and named."""
    names = {"○": ("ring", tr(de="Ring", en="ring")), "●": ("disc", tr(de="Punkt", en="dot"))}
    safe = str(escape(text.replace(" – ", f"{_SPACE}– ")))
    for mark, (kind, name) in names.items():
        safe = safe.replace(mark, f'<span class="mark {kind}" role="img" aria-label="{name}"></span>')
    return Markup(safe)


def variables() -> str:
    """The tokens as CSS variables; 1rem is the base size, so that a page looks like a page of the PDF."""
    base = TOKENS["type_pt"]["base"]
    light = [f"--{name}:{value}" for name, value in COLOR.items() if isinstance(value, str)]
    light += [f"--ramp-{step}:{value}" for step, value in enumerate(COLOR["ramp5"])]
    light += [f"--on-ramp-{step}:{value}" for step, value in enumerate(COLOR["on_ramp5"])]
    light.append(f"--figure-paper:{COLOR['paper']}")
    sizes = [f"--base:{base}pt", f"--mm:{1 / MM_PER_PT / base:.4f}rem"]
    for group, short, unit in (
        ("type_pt", "type", 1.0),
        ("space_mm", "space", 1 / MM_PER_PT),
        ("line_pt", "line", 1.0),
    ):
        for name, value in TOKENS[group].items():
            sizes.append(f"--{short}-{name.replace('_', '-')}:{value * unit / base:.4f}rem")
    sizes += [f"--dot:{TOKENS['mark_diameter_pt']['focus'] / base:.4f}rem"]
    sizes += [f"--leading-{name}:{value + 1 - 0.2:.2f}" for name, value in TOKENS["leading_em"].items()]
    dark = [f"--{name}:{value}" for name, value in TOKENS["color_dark"].items()]
    return (
        f":root{{{';'.join([*light, *sizes])}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{';'.join(dark)}}}}}\n"
    )


def on_paper(selector: str) -> Markup:
    """The light colours for what stays on paper in the dark: there "the darker, the more" must stay true."""
    light = ";".join(f"--{name}:{COLOR[name]}" for name in TOKENS["color_dark"])
    return Markup(f"{selector}{{{light};color:var(--ink)}}\n")


@cache
def faces(characters: frozenset[str]) -> str:
    """The fonts of the report with the glyphs of these characters, as @font-face rules that hold their files."""
    rules = []
    for face, weight in WEIGHTS.items():
        options = subset.Options(layout_features=_FEATURES, hinting=False, recalc_timestamp=False)
        font = subset.load_font(str(FONTS / f"SourceSansPro-{face}.ttf"), options)
        glyphs = subset.Subsetter(options)
        glyphs.populate(text="".join(sorted(characters)))
        glyphs.subset(font)
        font.flavor = "woff"
        stream = io.BytesIO()
        font.save(stream)
        font.close()
        encoded = base64.b64encode(stream.getvalue()).decode()
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
            f'src:url(data:font/woff;base64,{encoded}) format("woff")}}\n'
        )
    return "".join(rules)
