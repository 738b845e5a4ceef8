"""The texts of judged claims in the active language, with their figures put in."""

from helpers.analysis.claims import Judged
from helpers.data.claims import PLACEHOLDER, Press
from helpers.data.evaluation import Value
from helpers.present import fmt
from helpers.present.language import current, tr


def claim_text(judged: Judged) -> str:
    """The statement in our own words."""
    return judged.claim.text(current())


def verdict_word(judged: Judged) -> str:
    """The verdict in a word."""
    return judged.verdict.word(current())


def check_word(judged: Judged, press: Press) -> str:
    """How the verdict was reached: `nachgerechnet`, `Quellen geprüft`, …"""
    return press.vocabulary.checks[judged.claim.check].word(current())


def finding_text(judged: Judged) -> str:
    """What the facts and sources say to the claim."""
    return _filled(tr(de=judged.claim.finding_de, en=judged.claim.finding_en), judged)


def since_text(judged: Judged) -> str:
    """What has changed since the claim was made; empty if nothing is to be said."""
    return _filled(tr(de=judged.claim.since_de, en=judged.claim.since_en), judged)


def _filled(template: str, judged: Judged) -> str:
    return PLACEHOLDER.sub(lambda match: _figure(judged.values[match[1]], match[2] or "0"), template)


def _figure(value: Value, form: str) -> str:
    """A value as the placeholder wants it: decimals (`1`), per cent (`1%`), a year, or a small number in words."""
    if value is None:
        return tr(de="unbekannt", en="unknown")
    if isinstance(value, tuple):
        return fmt.join([_figure(item, form) for item in value]) or tr(de="keine", en="none")
    if isinstance(value, bool):
        return tr(de="ja", en="yes") if value else tr(de="nein", en="no")
    if isinstance(value, str):
        return value
    if form == "year":
        return f"{value:.0f}"
    if form == "word":
        return fmt.count(int(value))
    return fmt.percent(value, int(form[0])) if form.endswith("%") else fmt.number(value, int(form))
