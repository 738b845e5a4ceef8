"""Claims of the press about a place: data/claims*.yml, in the vocabulary and by the rules of data/verdicts.yml.

Read here: the schema, the expressions and all that can be wrong with them. The verdicts are computed in
`helpers.analysis.claims`. docs/claims.md says how a claim is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from helpers.data.definition import Strict
from helpers.data.expressions import Expression, Where, check, check_one, parse
from helpers.data.faults import DataError, Fault
from helpers.data.package import claims_files, read_descriptor, tables
from helpers.data.yaml_file import Lines, key_lines, read_yaml
from helpers.parameters import DATA_DIR

Check = Literal["F", "SF", "S", "O"]
Sign = Literal["check", "half", "clock", "question", "cross", "dash"]

VERDICTS = "verdicts.yml"
GIVEN = ("place", "newest")
"""Names that every expression of a claims file may use: the AGS of the place, the newest edition at the claims' date."""

PLACEHOLDER = re.compile(r"\{(\w+)(?::(\d%?|year|word))?\}")
_PLACE = re.compile(r"^place: *[\"']?(\d+)[\"']? *(?:#.*)?$", re.MULTILINE)
_BRACES = re.compile(r"\{[^{}]*\}?|\}")


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


Day = Annotated[str, BeforeValidator(_iso), Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
"""A date as precisely as it is known (`2025`, `2025-06`, `2025-06-24`), empty if it is not known."""


class Words(Strict):
    """A wording in both languages."""

    de: str
    en: str

    def word(self, language: str) -> str:
        """The wording in `language`."""
        return self.de if language == "de" else self.en


class Origin(Words):
    """A release or study that sources go back to. `follows`: the origin that it reports itself; the two are one witness."""

    follows: str = ""


class Verdict(Words):
    """What can be said of a claim. `sign` names a drawing, `checks` the kinds of check that may end in it."""

    id: str
    sign: Sign
    checks: tuple[Check, ...]
    meaning_de: str
    meaning_en: str

    def meaning(self, language: str) -> str:
        """The verdict explained in half a sentence."""
        return self.meaning_de if language == "de" else self.meaning_en


class Rule(Strict):
    """A step to a computed verdict: it is reached if `when` is true, or without a condition."""

    verdict: str
    when: str | None = None


class Vocabulary(Strict):
    """The verdicts in the order in which they are listed, the words of the kinds of check, and the rules by name."""

    verdicts: tuple[Verdict, ...] = Field(min_length=1)
    checks: dict[Check, Words]
    rules: dict[str, Annotated[tuple[Rule, ...], Field(min_length=1)]]

    def verdict(self, id_: str) -> Verdict:
        """The verdict of that id. Raises KeyError."""
        return {verdict.id: verdict for verdict in self.verdicts}[id_]


class Evidence(Strict):
    """A source: who published it, where and when; `origin` is the release or study that it goes back to."""

    source: str
    url: str = ""
    date: Day = ""
    origin: str


class Picture(Strict):
    """The ranks of the Smart City Index that a claim speaks of: category, and the edition to mark."""

    category: str = "total"
    edition: int


class Claim(Strict):
    """One statement in our own words, how it is checked, what is found, and the verdict written down."""

    id: str = Field(pattern=r"^[A-Z]\d{2,3}$")
    text_de: str
    text_en: str
    check: Check
    verdict: str
    rule: str | None = None
    define: dict[str, str] = Field(default_factory=dict)
    finding_de: str
    finding_en: str
    since_de: str = ""
    since_en: str = ""
    evidence: tuple[Evidence, ...] = ()
    picture: Picture | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The definitions that its verdict or its findings may use: its own and those named in the findings."""
        texts = self.finding_de + self.finding_en + self.since_de + self.since_en
        return tuple(dict.fromkeys([*self.define, *(match[1] for match in PLACEHOLDER.finditer(texts))]))

    def text(self, language: str) -> str:
        """The statement in `language`."""
        return self.text_de if language == "de" else self.text_en


class PressFile(Strict):
    """A claims file as it stands: what text is audited, and its claims. `newest`: the newest edition when it appeared.

    `dated` says in words what is known of the date where `published` alone would claim too much.
    """

    place: str = Field(pattern=r"^\d{5}(\d{3})?$")
    title_de: str
    title_en: str
    published: Annotated[Day, Field(min_length=4)]
    dated_de: str = ""
    dated_en: str = ""
    about_de: str
    about_en: str
    newest: int
    define: dict[str, str] = Field(default_factory=dict)
    origins: dict[str, Origin] = Field(default_factory=dict)
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Press:
    """The claims of one text about one place, ready to be judged.

    place: AGS. published: when the text appeared; dated: the same in words, or empty. newest: newest edition of the Smart City
    Index by then. origins: the
    words of each origin of a source. definitions: by claim id, those of the file included. rules: steps (condition,
    verdict) by name. rows: the line of each claim's verdict in its file.
    """

    file: str
    place: str
    title: Words
    about: Words
    published: str
    dated: Words
    newest: int
    origins: Mapping[str, Origin]
    claims: tuple[Claim, ...]
    vocabulary: Vocabulary
    definitions: Mapping[str, Mapping[str, Expression]]
    rules: Mapping[str, tuple[tuple[Expression | None, Verdict], ...]]
    rows: Mapping[str, int]


def load_press(data_dir: Path = DATA_DIR, files: Sequence[str] | None = None) -> tuple[Press, ...]:
    """All claims files, or the named ones. Raises DataError with all faults of all of them."""
    vocabulary, rules, faults = _load_vocabulary(data_dir)
    columns = {
        name: tuple(item["name"] for item in resource["schema"]["fields"])
        for name, resource in tables(read_descriptor(data_dir)).items()
    }
    loaded = []
    for file in claims_files(data_dir) if files is None else files:
        try:
            content = read_yaml(data_dir / file, PressFile, file)
            if vocabulary is not None:
                loaded.append(_press(file, content, key_lines(data_dir / file), vocabulary, rules, columns))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(sorted(faults))
    return tuple(loaded)


def press_for(ags: str, data_dir: Path = DATA_DIR) -> tuple[Press, ...]:
    """The claims about a place under either of its AGS: 05911 and 05911000 are one. Empty if there are none."""
    # Most places have no claims: files that plainly name another place are not read, which takes a third of a second.
    files = []
    for file in claims_files(data_dir):
        named = _PLACE.search((data_dir / file).read_text(encoding="utf-8"))
        if named is None or _whole(named[1]) == _whole(ags):
            files.append(file)
    if not files:
        return ()
    return tuple(press for press in load_press(data_dir, files) if _whole(press.place) == _whole(ags))


def _whole(ags: str) -> str:
    return ags + "000" if len(ags) == 5 else ags


def _load_vocabulary(
    data_dir: Path,
) -> tuple[Vocabulary | None, dict[str, tuple[tuple[Expression | None, Verdict], ...]], list[Fault]]:
    """verdicts.yml with its rules read, and its faults."""
    try:
        vocabulary = read_yaml(data_dir / VERDICTS, Vocabulary, VERDICTS)
    except DataError as error:
        return None, {}, error.faults
    lines = key_lines(data_dir / VERDICTS)
    known = {verdict.id: verdict for verdict in vocabulary.verdicts}
    faults = []
    if len(known) < len(vocabulary.verdicts):
        faults.append(Fault(VERDICTS, lines["verdicts",], "verdicts", "", "each id must occur once"))
    rules: dict[str, tuple[tuple[Expression | None, Verdict], ...]] = {}
    for name, steps in vocabulary.rules.items():
        found: list[tuple[Expression | None, Verdict]] = []
        for number, step in enumerate(steps):
            where = Where(VERDICTS, lines["rules", name, number], f"rules.{name}.{number}")
            if step.verdict not in known:
                faults.append(where.fault(f"must be one of {', '.join(known)}", step.verdict))
                continue
            if (step.when is None) != (number == len(steps) - 1):
                faults.append(where.fault("the last step, and no other, has no condition", step.verdict))
            try:
                found.append((parse(step.when, where=where) if step.when else None, known[step.verdict]))
            except DataError as error:
                faults += error.faults
        rules[name] = tuple(found)
    return vocabulary, rules, faults


def _press(
    file: str,
    content: PressFile,
    lines: Lines,
    vocabulary: Vocabulary,
    rules: dict[str, tuple[tuple[Expression | None, Verdict], ...]],
    columns: Mapping[str, tuple[str, ...]],
) -> Press:
    """A claims file with its expressions read. Raises DataError with all its faults."""
    faults: list[Fault] = []
    shared = _parse_all(content.define, Where(file, 0, "define"), ("define",), lines, faults)
    faults += check(shared, GIVEN, columns)
    faults += _check_origins(file, content, lines)
    definitions: dict[str, dict[str, Expression]] = {}
    for number, claim in enumerate(content.claims):
        path = ("claims", number)
        where = Where(file, lines[path], claim.id)
        if claim.id in definitions:
            faults.append(where.fault("each id must occur once", claim.id))
        own = _parse_all(claim.define, where, (*path, "define"), lines, faults)
        definitions[claim.id] = {**shared, **own}
        faults += [
            where.fault("is defined for the whole file already", name)
            for name in claim.define
            if name in content.define
        ]
        faults += check(own, [*GIVEN, *content.define, *(set(claim.define) - set(own))], columns)
        faults += _check_claim(claim, where, set(claim.define) | set(content.define), content, vocabulary)
        for condition, _ in rules.get(claim.rule or "", ()):
            if condition is not None:
                lacking = check_one(condition, [*GIVEN, *content.define, *claim.define], columns)
                faults += [where.fault(f"the rule {claim.rule} needs it: {f.rule}", f.value) for f in lacking]
    if faults:
        raise DataError(sorted(set(faults)))
    return Press(
        file=file,
        place=content.place,
        title=Words(de=content.title_de, en=content.title_en),
        about=Words(de=content.about_de, en=content.about_en),
        published=content.published,
        dated=Words(de=content.dated_de, en=content.dated_en),
        newest=content.newest,
        origins=content.origins,
        claims=content.claims,
        vocabulary=vocabulary,
        definitions=definitions,
        rules=rules,
        rows={claim.id: lines["claims", number, "verdict"] for number, claim in enumerate(content.claims)},
    )


def _parse_all(
    define: dict[str, str], where: Where, path: tuple[str | int, ...], lines: Lines, faults: list[Fault]
) -> dict[str, Expression]:
    """The definitions that can be read; the faults of the others are added to `faults`."""
    found = {}
    for name, text in define.items():
        key = f"define.{name}" if where.key == "define" else f"{where.key}.define.{name}"
        here = Where(where.file, lines[(*path, name)], key)
        if not name.isidentifier() or name.startswith("_"):
            faults.append(here.fault("must be a name of letters, digits and underscores", name))
            continue
        try:
            found[name] = parse(text, where=here)
        except DataError as error:
            faults += error.faults
    return found


def _check_origins(file: str, content: PressFile, lines: Lines) -> Iterator[Fault]:
    """Faults of origins that follow none that is declared, or one another in a circle."""
    for name, origin in content.origins.items():
        where = Where(file, lines["origins", name], f"origins.{name}")
        if origin.follows and origin.follows not in content.origins:
            yield where.fault(f"follows must be one of {', '.join(content.origins)}", origin.follows)
        seen = [name]
        while (then := content.origins[seen[-1]].follows) in content.origins and then not in seen:
            seen.append(then)
        # Told once, with the first of the circle.
        if then == name and name == next(known for known in content.origins if known in seen):
            yield where.fault(f"follows itself in a circle: {' > '.join([*seen, name])}", origin.follows)


def _check_claim(
    claim: Claim, where: Where, defined: set[str], content: PressFile, vocabulary: Vocabulary
) -> Iterator[Fault]:
    """Faults of a claim beside its expressions: verdict, rule, origins, placeholders of its findings."""
    verdicts = {verdict.id: verdict for verdict in vocabulary.verdicts}
    if claim.verdict not in verdicts:
        yield where.fault(f"the verdict must be one of {', '.join(verdicts)}", claim.verdict)
    elif claim.check not in verdicts[claim.verdict].checks:
        yield where.fault(f"the verdict cannot follow from a check {claim.check}", claim.verdict)
    if claim.check == "F" and claim.rule not in vocabulary.rules:
        yield where.fault(f"the rule must be one of {', '.join(vocabulary.rules)}", claim.rule or "")
    if claim.check != "F" and claim.rule is not None:
        yield where.fault("only a check F has a rule", claim.rule)
    if claim.check in ("S", "O") and claim.define:
        yield where.fault("only a check F or SF has definitions", ", ".join(claim.define))
    if claim.check in ("S", "SF") and not claim.evidence:
        yield where.fault("a verdict from sources must name them under evidence", "")
    for source in claim.evidence:
        if source.origin not in content.origins:
            yield where.fault(f"the origin must be one of {', '.join(content.origins)}", source.origin)
    for field in ("finding_de", "finding_en", "since_de", "since_en"):
        for brace in _BRACES.findall(getattr(claim, field)):
            placeholder = PLACEHOLDER.fullmatch(brace)
            if placeholder is None:
                yield where.fault(f"{field}: a placeholder is {{name}}, {{name:1}}, {{name:1%}}, …", brace)
            elif placeholder[1] not in (*GIVEN, *defined):
                yield where.fault(f"{field}: the placeholder must be defined", brace)
    if bool(claim.since_de) != bool(claim.since_en):
        yield where.fault("since must be given in both languages", "")
