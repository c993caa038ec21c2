"""The second study beside the survey: what its record says, and nothing else."""

from __future__ import annotations

import pytest

from analysis.printed import read_table
from analysis.report.sections import reproduction
from analysis.report.show.french import NBSP
from analysis.survey import tabulate

ROWS = {row.label: row for row in reproduction.joint_display().rows}


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def test_each_group_has_the_twelve_participants_of_the_record() -> None:
    assert reproduction.numbers()["participants"] == "douze"


def test_the_design_quotes_the_record_and_its_line() -> None:
    quotes = [plain(row.cells[0].text) for row in reproduction.design().rows]
    assert "« échantillonnage en variation maximale » (l. 9)" in quotes
    assert all(quote.startswith("« ") and quote.endswith(" (l. 9)") for quote in quotes)


def test_every_statement_has_its_row() -> None:
    assert list(ROWS) == read_table("themes")["label"].tolist()


def test_a_statement_is_given_to_both_groups_where_the_record_does_so_only() -> None:
    given = [label for label, row in ROWS.items() if "les deux groupes" in row.cells[0].text]
    assert given == ["Bénéfique", "Difficile à mettre en œuvre"]


def test_statements_and_items_converge_or_diverge_by_the_larger_side() -> None:
    names = read_table("themes").set_index("label")["theme"]
    assert {names[label]: row.cells[2].text for label, row in ROWS.items()} == {
        "beneficial": "converge",
        "hard_life": "muet",
        "practical": "diverge",
        "data": "converge",
        "simpler_access": "converge",
        "social_workers": "muet",
        "arrival": "muet",
        "relationship": "muet",
        "partnership": "muet",
    }


def test_the_item_turned_round_converges_by_its_disagreement() -> None:
    counts = tabulate("t10")
    assert counts[["1", "2"]].sum() == 66 > counts[["4", "5"]].sum() == 8
    assert ROWS["Bénéfique"].cells[2].text == "converge"


def test_a_result_is_shown_as_computed() -> None:
    shown = plain(ROWS["Une solution pratique"].cells[1].text)
    assert shown == "« consulter facilement un DMP » : 29 % d’accord, 38 % non"


def test_a_silent_row_shows_no_result() -> None:
    silent = [row for row in ROWS.values() if row.cells[2].text == "muet"]
    assert [row.cells[1].text for row in silent] == ["aucune question"] * 5


@pytest.mark.parametrize(("among", "text"), [(20, "46 %"), (10, "72 %"), (4, "97 %")])
def test_the_chance_of_meeting_a_theme_is_the_complement_of_missing_it(
    among: int, text: str
) -> None:
    missed = (1 - 1 / among) ** 12
    found = reproduction.numbers()[f"met_{among}"]
    assert plain(found) == text == f"{100 * (1 - missed):.0f} %"


def test_the_thresholds_are_where_missing_has_one_chance_in_twenty() -> None:
    numbers = reproduction.numbers()
    for groups, key, text in ((1, "threshold", "22 %"), (2, "threshold_together", "12 %")):
        share = 1 - 0.05 ** (1 / (12 * groups))
        assert plain(numbers[key]) == text == f"{100 * share:.0f} %"


def test_a_theme_of_one_in_twenty_needs_59_people() -> None:
    assert reproduction.numbers()["needed_20"] == "59"
    assert 1 - 0.95**59 >= 0.95 > 1 - 0.95**58
