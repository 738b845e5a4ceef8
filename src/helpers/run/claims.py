"""`cityreport claims`: what the press says about a place, judged, as lines of text."""

from collections.abc import Callable

from helpers.analysis.claims import audit, overtaken
from helpers.data.claims import press_for
from helpers.data.facts import load_facts
from helpers.parameters import Parameters, register
from helpers.present import fmt
from helpers.present.language import current, tr, use
from helpers.present.names import place_name
from helpers.present.press import check_word, claim_text, finding_text, since_text, verdict_word


def print_audit(parameters: Parameters, say: Callable[[str], None]) -> int:
    """Tell `say` each claim with its verdict, its check and its finding. Returns the exit code: 1 if a verdict written
    down is no longer true, else 0, also for a place without claims.
    """
    use(parameters.language)
    place = place_name(register()[parameters.place], "accusative")
    facts, exit_code, claims = load_facts(), 0, 0
    for press in press_for(parameters.place):
        judged = audit(facts, press)
        claims += len(judged)
        if not judged:
            continue
        say(f"{press.title.word(current())} ({press.published}, {press.file})")
        for item in judged:
            say(f"\n{item.claim.id}  {verdict_word(item)} ({check_word(item, press)}): {claim_text(item)}")
            say(f"     {' '.join(filter(None, [finding_text(item), since_text(item)]))}")
        say("")
        for item in overtaken(judged):
            exit_code = 1
            written, computed = item.written.word(current()), verdict_word(item)
            say(
                tr(
                    de=f"{item.claim.id}: In {press.file} steht „{written}“, die Daten ergeben „{computed}“.",
                    en=f"{item.claim.id}: {press.file} says “{written}”, the data give “{computed}”.",
                )
            )
        say(_summary([verdict_word(item) for item in judged]))
    if not claims:
        say(
            tr(
                de=f"Über {place} liegt kein Text mit geprüften Aussagen vor (data/claims*.yml).",
                en=f"No text with claims to check is held about {place} (data/claims*.yml).",
            )
        )
    return exit_code


def _summary(words: list[str]) -> str:
    """How many claims there are of each verdict, the most frequent first."""
    counts = sorted(((words.count(word), word) for word in dict.fromkeys(words)), reverse=True)
    tally = ", ".join(f"{fmt.integer(number)} {word}" for number, word in counts)
    return f"{fmt.integer(len(words))} {tr(de='Aussagen', en='claims')}: {tally}."
