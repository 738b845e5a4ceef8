"""Reading the Smart City Index panel: known ranks only, nothing filled in."""

import pandas as pd


def known_ranks(panel: pd.DataFrame, ags: str, category: str = "total") -> pd.Series:
    """Published or derived ranks of a city by edition (int, ascending); empty if none is known."""
    rows = panel[(panel["ags"] == ags) & (panel["category"] == category)].dropna(subset="rank").sort_values("edition")
    return pd.Series(rows["rank"].astype(int).to_numpy(), index=rows["edition"].astype(int).to_numpy(), dtype=int)


def members_in_order(panel: pd.DataFrame, edition: int, members: list[str], category: str = "total") -> pd.Series:
    """Ranks of those `members` (AGS) whose rank is known in `edition`, best first."""
    rows = panel[(panel["edition"] == edition) & (panel["category"] == category) & panel["ags"].isin(members)]
    ranks = rows.dropna(subset="rank").set_index("ags")["rank"].astype(int)
    return ranks.sort_values(kind="stable")


def only_better_known(panel: pd.DataFrame, edition: int, rank: int) -> bool:
    """True if every total rank better than `rank` is known in `edition`, so that "first of" may be said."""
    total = panel[(panel["edition"] == edition) & (panel["category"] == "total")]["rank"].dropna()
    known = total[total < rank]
    # Ties leave gaps in the numbers, so the count of better cities decides, not the set of numbers.
    return len(known) >= rank - 1


def last_known(panel: pd.DataFrame, members: list[str]) -> pd.DataFrame:
    """The last known total rank of each of `members` (AGS): edition, rank, n_places; newest edition first, then by rank."""
    rows = panel[(panel["category"] == "total") & panel["ags"].isin(members)].dropna(subset="rank")
    latest = rows.sort_values("edition").drop_duplicates("ags", keep="last")
    latest = latest.sort_values(["edition", "rank"], ascending=[False, True], kind="stable")
    return latest.set_index("ags")[["edition", "rank", "n_places"]].astype(int)
