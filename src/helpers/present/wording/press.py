"""Sentences of the chapter *What the press says*: how many statements hold, on what evidence, and what came later.

What a verdict is called stands in data/verdicts.yml; here a verdict is known by the sign that is drawn for it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from helpers.analysis.claims import Judged, overtaken
from helpers.analysis.rankings import known_ranks
from helpers.analysis.study import Study
from helpers.data.claims import Picture, Press
from helpers.present import fmt
from helpers.present.language import current, tr
from helpers.present.names import category_name, title_of
from helpers.present.wording.phrases import capital, named

HOLDS, AT_CORE, LATE, NO_SOURCE, WRONG, NOT_A_FACT = "check", "half", "clock", "question", "cross", "dash"
COMPUTED, FIGURES = "F", "SF"
TOTAL = "total"


def judged_of(study: Study) -> list[Judged]:
    """Every judged statement about the place, of all texts."""
    return [item for _, audit in study.press for item in audit]


def pictures(study: Study, press: Press, audit: Sequence[Judged]) -> list[tuple[Picture, list[str]]]:
    """The published ranks that a text speaks of, each with the numbers of the statements whose verdict rests on them.

    A picture is asked for by a claim of the file; left out are those of a category in which no rank of the place is known.
    """
    panel, asked = study.facts.smart_city_index, dict.fromkeys(c.picture for c in press.claims if c.picture is not None)
    found = []
    for picture in asked:
        if not known_ranks(panel, study.city_ags, picture.category).empty:
            ids = [
                item.claim.id
                for item in audit
                if item.claim.picture == picture or _cites(item, study, picture.category)
            ]
            found.append((picture, ids))
    return found


def _cites(item: Judged, study: Study, category: str) -> bool:
    """True if a computed verdict rests on a rank of the place in the category."""
    return item.computed and any(
        cell.table == "smart_city_index" and cell.column == "rank" and cell.row[1:] == (study.city_ags, category)
        for cell in item.cites
    )


def finding(study: Study) -> str:
    """How many statements of which text hold in full and how many at their core; for a place without any: that none is kept."""
    judged = judged_of(study)
    if not judged:
        return tr(
            de=f"Keine Aussage der Presse über {named(study, 'accusative')} ist geprüft",
            en=f"No statement in the press on {named(study)} has been checked",
        )
    signs = _signs(judged)
    n, full, core = len(judged), signs[HOLDS], signs[AT_CORE]
    of = _of_texts(study)
    if n == 1:
        return tr(
            de=f"Die eine geprüfte Aussage {of}: {_word(judged[0])}",
            en=f"The one statement {of} that was checked: {_word(judged[0])}",
        )
    if full == n:
        return tr(de=f"Alle {n} Aussagen {of} stimmen", en=f"All {n} statements {of} hold")
    if not core:
        return tr(
            de=f"Von {n} Aussagen {of} {_verb(full)} {_none_or_count(full)}",
            en=f"Of {n} statements {of}, {_none_or_count(full)} {'holds' if full < 2 else 'hold'}",
        )
    if not full:
        return tr(
            de=f"Keine der {n} Aussagen {of} stimmt ganz, im Kern {_verb(core)} {_one_or_count(core)}",
            en=f"None of {n} statements {of} holds in full, {_one_or_count(core)} only at the core",
        )
    return tr(
        de=f"Von {n} Aussagen {of} {_verb(full)} {_one_or_count(full)} ganz, {_one_or_count(core)} nur im Kern",
        en=f"Of {n} statements {of}, {_one_or_count(full)} {'holds' if full == 1 else 'hold'} in full, "
        f"{_one_or_count(core)} only at the core",
    )


def without_claims(study: Study) -> str:
    """That no statements about the place are part of the data, which says nothing about what could be read."""
    return tr(
        de=f"Zu {named(study, 'dative')} ist kein Text der Presse ausgewertet; geprüft ist deshalb keine Aussage. Über das, was "
        "dort zu lesen war, ist damit nichts gesagt.",
        en=f"No text of the press about {named(study)} has been examined, so no statement has been checked. This says nothing "
        "about what could be read there.",
    )


def deck(study: Study) -> str:
    """What was audited, as far as its date is known, and how to read the signs."""
    n = len(judged_of(study))
    dates = [date_of(press) for press, audit in study.press if audit]
    when = f" ({fmt.join(list(dict.fromkeys(dates)))})"
    one = len(dates) == 1
    name = study.place.name
    return tr(
        de=f"Was {'ein Artikel' if one else f'{fmt.count(len(dates))} Artikel'}{when} über [{name}]{{.focus}} "
        f"{'schreibt' if one else 'schreiben'}, in unseren Worten, und was die Daten und Quellen dazu sagen. Jedes Zeichen steht "
        f"für eine der {n} Aussagen; die Tabelle zeigt alle.",
        en=f"What {'one article' if one else f'{fmt.count(len(dates))} articles'}{when} "
        f"{'says' if one else 'say'} about [{name}]{{.focus}}, in our words, and what the data and sources say to it. Each sign "
        f"stands for one of the {n} statements; the table shows all of them.",
    )


def _of_texts(study: Study) -> str:
    """`eines Artikels über Bochum`: what the statements were taken from."""
    texts, name = sum(bool(audit) for _, audit in study.press), named(study, "accusative")
    if texts == 1:
        return tr(de=f"eines Artikels über {name}", en=f"of one article on {name}")
    return tr(de=f"aus {fmt.count(texts)} Artikeln über {name}", en=f"of {fmt.count(texts)} articles on {name}")


def date_of(press: Press) -> str:
    """When a text appeared, as far as that is known: `frühestens Ende Juni 2025`."""
    return press.dated.word(current()) or fmt.period(press.published)


def text_audited(press: Press) -> str:
    """Which text was audited, and what is known of it."""
    language = current()
    return f"{press.title.word(language)} – {press.about.word(language)}"


def what_it_means(study: Study) -> str:
    """The counts of the verdicts in words, each verdict by what it means."""
    judged = judged_of(study)
    signs = _signs(judged)
    n = fmt.integer(sum(signs.values()))
    wrong, full = signs[WRONG], signs[HOLDS]
    if full == signs.total():
        first = tr(
            de=f"Alle {n} Aussagen stimmen so, wie sie dastehen.", en=f"All {n} statements hold exactly as worded."
        )
    elif wrong:
        first = tr(
            de=f"{capital(_one_or_count(wrong))} der {n} Aussagen {'widerspricht' if wrong == 1 else 'widersprechen'} den "
            f"Zahlen, {_none_or_count(full)} {_verb(full)} so, wie sie {'dasteht' if full < 2 else 'dastehen'}.",
            en=f"{capital(_one_or_count(wrong))} of the {n} statements {'goes' if wrong == 1 else 'go'} against the figures, "
            f"{_none_or_count(full)} {'holds' if full == 1 else 'hold'} as it stands.",
        )
    else:
        first = _not_against(sum(item.claim.check in (COMPUTED, FIGURES) for item in judged)) + tr(
            de=f"{capital(_only(full))} der {n} {_verb(full)} so, wie sie {'dasteht' if full < 2 else 'dastehen'}.",
            en=f"{capital(_only(full))} of the {n} {'holds' if full == 1 else 'hold'} exactly as worded.",
        )
    return " ".join([first, *_shortcomings(signs)])


def _not_against(figures: int) -> str:
    """That no statement goes against the figures, said of those on which there are figures."""
    if not figures:
        return ""
    if figures == 1:
        return tr(
            de="Der einen Aussage, zu der Zahlen vorliegen, widersprechen sie nicht. ",
            en="The one statement on which there are figures does not go against them. ",
        )
    return tr(
        de=f"Von den {fmt.count(figures)} Aussagen, zu denen Zahlen vorliegen, widerspricht ihnen keine. ",
        en=f"Of the {fmt.count(figures)} statements on which there are figures, none goes against them. ",
    )


def _shortcomings(signs: Counter[str]) -> list[str]:
    """What the other statements lack, a sentence for two of them."""
    core, late, unfounded, not_a_fact = (signs[sign] for sign in (AT_CORE, LATE, NO_SOURCE, NOT_A_FACT))
    inexact, rest = [], []
    if core:
        inexact.append(
            tr(
                de=f"{_one_or_count(core)} {'ist' if core == 1 else 'sind'} im Kern richtig, aber ungenau",
                en=f"{_one_or_count(core)} {'is' if core == 1 else 'are'} right at the core but imprecise",
            )
        )
    if late:
        inexact.append(
            tr(
                de=f"{_one_or_count(late)} {'gab' if late == 1 else 'gaben'} beim Erscheinen des Textes nicht mehr den "
                "neuesten Stand wieder",
                en=f"{_one_or_count(late)} no longer gave the latest figures when the text appeared",
            )
        )
    if unfounded:
        rest.append(
            tr(
                de=f"für {_one_or_count(unfounded)} fand sich keine Quelle",
                en=f"for {_one_or_count(unfounded)} no source was found",
            )
        )
    if not_a_fact:
        rest.append(
            tr(
                de=f"{_one_or_count(not_a_fact)} "
                f"{'ist eine Wertung oder ein Vorhaben' if not_a_fact == 1 else 'sind Wertungen oder Vorhaben'}",
                en=f"{_one_or_count(not_a_fact)} {'is a judgement or a plan' if not_a_fact == 1 else 'are judgements or plans'}",
            )
        )
    return [capital(", ".join(part)) + "." for part in (inexact, rest) if part]


def how_certain(study: Study) -> str:
    """How many verdicts were computed, how many rest on one origin, and what has changed since the texts."""
    judged = judged_of(study)
    parts = [_computed(judged), _single_origin(judged), _since(study, judged)]
    return " ".join(part for part in parts if part)


def _computed(judged: Sequence[Judged]) -> str:
    computed = [item for item in judged if item.computed]
    n, figures = len(computed), sum(item.claim.check == FIGURES for item in judged)
    if not n:
        return tr(
            de=f"Nachrechnen ließ sich keines der {fmt.integer(len(judged))} Urteile; sie folgen aus den genannten Quellen.",
            en=f"None of the {fmt.integer(len(judged))} verdicts could be computed; they follow from the sources named.",
        )
    origins = list(dict.fromkeys(words.word(current()) for item in computed for words in item.rests_on))
    after = tr(de=f" nach {origins[0]}", en=f" from {origins[0]}") if len(origins) == 1 else ""
    beside = ""
    if figures:
        beside = tr(
            de=f", bei {'einem weiteren' if figures == 1 else f'{fmt.count(figures)} weiteren'} die Zahlen im Befund",
            en=f"; for {'one' if figures == 1 else fmt.count(figures)} more the figures in the finding are",
        )
    return tr(
        de=f"{capital(_one_or_count(n, neuter=True))} der {fmt.integer(len(judged))} Urteile "
        f"{'ist' if n == 1 else 'sind'}{after} nachgerechnet{beside}.",
        en=f"{capital(_one_or_count(n))} of the {fmt.integer(len(judged))} verdicts {'is' if n == 1 else 'are'} computed{after}"
        f"{beside}.",
    )


def _single_origin(judged: Sequence[Judged]) -> str:
    """On how much the verdicts rest that were read off sources; what is no matter of fact needs none."""
    read = [item for item in judged if not item.computed and item.sources and item.verdict.sign != NOT_A_FACT]
    single = sum(item.origins == 1 for item in read)
    if not read:
        return ""
    if not single:
        return tr(
            de="Jedes Urteil nach Quellen stützt sich auf mindestens zwei unabhängige Ursprünge.",
            en="Every verdict from sources rests on at least two independent origins.",
        )
    if single == len(read) > 1:
        return tr(
            de=f"Jedes der {fmt.integer(len(read))} Urteile nach Quellen stützt sich auf einen einzigen Ursprung, auch wo mehrere "
            "Fundstellen dasselbe melden: Mitteilungen, die eine Studie wiedergeben, zählen mit ihr als einer.",
            en=f"Each of the {fmt.integer(len(read))} verdicts from sources rests on a single origin, even where several places "
            "report the same: releases that report a study count as one with it.",
        )
    return tr(
        de=f"Von den {fmt.integer(len(read))} Urteilen nach Quellen {'stützt sich' if single == 1 else 'stützen sich'} "
        f"{_one_or_count(single, neuter=True)} auf einen einzigen Ursprung, auch wo mehrere Fundstellen dasselbe melden.",
        en=f"Of the {fmt.integer(len(read))} verdicts from sources, {_one_or_count(single)} "
        f"{'rests' if single == 1 else 'rest'} on a single origin, even where several places report the same.",
    )


def _since(study: Study, judged: Sequence[Judged]) -> str:
    """The editions of the Smart City Index that came after the texts, and how many statements they touch."""
    touched = sum(bool(item.claim.since_de) for item in judged)
    if not touched:
        return ""
    newest = min(press.newest for press, _ in study.press)
    ranks = known_ranks(study.facts.smart_city_index, study.city_ags)
    later = [(int(edition), int(rank)) for edition, rank in ranks.items() if edition > newest]
    at = tr(
        de="bei einer Aussage" if touched == 1 else f"bei {fmt.count(touched)} Aussagen",
        en="for one statement" if touched == 1 else f"for {fmt.count(touched)} statements",
    )
    if not later:
        return tr(
            de=f"Was seither hinzukam, steht {at} dabei.",
            en=f"What has been added since stands beside the finding {at}.",
        )
    told = fmt.join([tr(de=f"{edition} (Platz {rank})", en=f"{edition} (rank {rank})") for edition, rank in later])
    return tr(
        de=f"Seither erschien der Smart City Index {told}; was er ändert, steht {at} dabei.",
        en=f"The Smart City Index {told} came out since; what it changes is noted {at}.",
    )


def no_longer_true(audit: Iterable[Judged]) -> str:
    """The statements whose computed verdict is no longer the one written down; empty if there are none."""
    language = current()
    changed = [
        tr(
            de=f"{item.claim.id} „{item.verdict.word(language)}“ statt „{item.written.word(language)}“",
            en=f"{item.claim.id} “{item.verdict.word(language)}” instead of “{item.written.word(language)}”",
        )
        for item in overtaken(audit)
    ]
    if not changed:
        return ""
    return tr(
        de=f"Die Daten haben sich seit der letzten Prüfung geändert. Sie ergeben jetzt für {fmt.join(changed)}; gezeigt wird das "
        "berechnete Urteil.",
        en=f"The data have changed since the last check. They now give for {fmt.join(changed)}; the computed verdict is shown.",
    )


def rank_title(study: Study, press: Press, picture: Picture) -> str:
    """The claimed rank against the newest one when the text appeared."""
    ranks = known_ranks(study.facts.smart_city_index, study.city_ags, picture.category)
    known = ranks[ranks.index <= press.newest]
    edition, claimed = picture.edition, ranks.get(picture.edition)
    newest = int(known.index[-1]) if len(known) else edition
    area = category_name(picture.category)
    head = tr(de="Der Artikel nennt", en="The article names")
    if picture.category != TOTAL:
        head = tr(de=f"Im Bereich {area} nennt der Artikel", en=f"In {area} the article names")
    if claimed is None:
        return tr(
            de=f"{head} die Ausgabe {edition}; ein Platz ist dafür nicht bekannt",
            en=f"{head} the edition of {edition}, for which no rank is known",
        )
    if newest <= edition:
        return tr(
            de=f"{head} Platz {claimed} von {edition}, der damals neuesten Ausgabe",
            en=f"{head} rank {claimed} of {edition}, then the newest edition",
        )
    now = known[newest]
    if now == claimed:
        return tr(
            de=f"{head} Platz {claimed} von {edition}; {newest} war es derselbe",
            en=f"{head} rank {claimed} of {edition}; it was the same in {newest}",
        )
    return tr(
        de=f"{head} Platz {claimed} von {edition}; damals galt schon Platz {now} von {newest}",
        en=f"{head} rank {claimed} of {edition}; by then rank {now} of {newest} was out",
    )


def rank_subtitle(study: Study, picture: Picture, claims: Sequence[str], others: bool) -> str:
    """What the lines are, and which statements they prove."""
    what, city, numbers = category_name(picture.category), title_of(study.city_ags), fmt.join(list(claims))
    beside = tr(de="; grau: weitere Städte der Region", en="; grey: other cities of the region") if others else ""
    return tr(
        de=f"[{city}]{{.focus}} im Smart City Index ({what}), Platz je Ausgabe{beside}. Beleg zu {numbers}",
        en=f"[{city}]{{.focus}} in the Smart City Index ({what}), rank by edition{beside}. Evidence for {numbers}",
    )


def _signs(judged: Iterable[Judged]) -> Counter[str]:
    """How often each sign stands."""
    return Counter(item.verdict.sign for item in judged)


def _word(item: Judged) -> str:
    return item.verdict.word(current())


def _one_or_count(n: int, *, neuter: bool = False) -> str:
    """`eine`, `zwei`, …, `13`: statements are feminine, verdicts (`eines`) neuter."""
    if n == 1:
        return tr(de="eines" if neuter else "eine", en="one")
    return fmt.count(n)


def _none_or_count(n: int) -> str:
    return _one_or_count(n) if n else tr(de="keine", en="none")


def _only(n: int) -> str:
    """`nur fünf`, `keine`."""
    return tr(de=f"nur {_one_or_count(n)}", en=f"only {_one_or_count(n)}") if n else tr(de="keine", en="none")


def _verb(n: int) -> str:
    return "stimmt" if n < 2 else "stimmen"
