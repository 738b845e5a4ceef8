"""Sentences that say how an index departs from that of its universe, so that no reader takes it for the default."""

from helpers.analysis.study import Study
from helpers.choices import IndexChoice, Mean, Scale
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import domain_name, indicator_label, universe_in


def notice(study: Study) -> str:
    """What was chosen instead of the default index, and where that holds; empty where nothing was."""
    choice = study.parameters.index
    if not choice:
        return ""
    where = universe_in(study.universe)
    only = tr(de=f" Das gilt nur {where}.", en=f" This holds {where} only.") if len(study.indices) > 1 else ""
    terms = "; ".join(_terms(study))
    return tr(
        de=f"[Nicht der Standardindex.]{{.strong}} Anders gewählt: {terms}.{only}",
        en=f"[Not the default index.]{{.strong}} Chosen otherwise: {terms}.{only}",
    )


def brief(choice: IndexChoice) -> str:
    """What was chosen otherwise, without the numbers: `Gewichte, z-Werte`; empty where nothing was."""
    terms = [tr(de="Gewichte", en="weights")] if choice.weights else []
    terms += [scale_name(choice.normalisation)] if choice.normalisation else []
    terms += [mean_name(choice.aggregation)] if choice.aggregation else []
    return ", ".join(terms)


def with_weights(study: Study) -> str:
    """`bei gleichen Gewichten`, or `mit den gewählten Gewichten` where a reader has chosen some."""
    if study.parameters.index.weights:
        return tr(de="mit den gewählten Gewichten", en="with the weights chosen")
    return tr(de="bei gleichen Gewichten", en="with equal weights")


def scale_name(scale: Scale) -> str:
    """How values become points: `Min-Max`, `z-Werte`, `Perzentilränge`."""
    return {
        "min_max": tr(de="Min-Max", en="min-max"),
        "z_score": tr(de="z-Werte", en="z-scores"),
        "percentile": tr(de="Perzentilränge", en="percentile ranks"),
    }[scale]


def mean_name(mean: Mean) -> str:
    """How points are averaged: `arithmetisches Mittel`, `geometrisches Mittel`."""
    return {
        "arithmetic": tr(de="arithmetisches Mittel", en="arithmetic mean"),
        "geometric": tr(de="geometrisches Mittel", en="geometric mean"),
    }[mean]


def _terms(study: Study) -> list[str]:
    choice, domains = study.parameters.index, study.universe.domains
    found = []
    if any(domain.id in choice.weights for domain in domains):
        shares = _shares([(domain_name(domain.id), domain.weight) for domain in domains])
        found.append(tr(de=f"Gewichte der Bereiche ({shares})", en=f"weights of the domains ({shares})"))
    for domain in domains:
        if any(ref.id in choice.weights for ref in domain.indicators):
            shares = _shares([(indicator_label(study, ref), ref.weight) for ref in domain.indicators])
            within = domain_name(domain.id)
            found.append(tr(de=f"Gewichte in {within} ({shares})", en=f"weights in {within} ({shares})"))
    if choice.normalisation:
        found.append(scale_name(choice.normalisation))
    if choice.aggregation:
        found.append(mean_name(choice.aggregation))
    return found


def _shares(weights: list[tuple[str, float]]) -> str:
    """Names with their shares in percent, with a decimal where whole numbers would not do."""
    shares = [100 * weight / sum(weight for _, weight in weights) for _, weight in weights]
    decimals = 0 if all(abs(share - round(share)) < 0.05 for share in shares) else 1
    return ", ".join(f"{name} {fmt.percent(share, decimals)}" for (name, _), share in zip(weights, shares, strict=True))
