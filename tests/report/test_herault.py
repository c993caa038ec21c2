"""What a hundred volunteers say of the Hérault: each reading of the share of users."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.printed import read_table
from analysis.report.inline import n
from analysis.report.sections import discussion
from analysis.report.show.french import NBSP, NNBSP
from analysis.results import herault
from analysis.statistics.calibration import calibrate
from analysis.survey import council, load
from analysis.survey.respondents import COLUMNS

Rows = list[dict[str, str]]
Use = Callable[[Rows], None]

USER = {"uses_dmp": "oui", "age": "40-49", "practice": "libéral", "place": "groupe"}


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(NNBSP, " ")


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Return a function that makes some rows the table that the report is computed from."""

    def use_rows(rows: Rows) -> None:
        path = tmp_path / "own.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows({**row, "respondent": str(i)} for i, row in enumerate(rows, start=1))
        monkeypatch.setenv("DMP_RESPONDENTS", str(path))

    return use_rows


def test_readings_of_the_share_of_users() -> None:
    found = discussion.numbers()
    wanted = {
        "wilson": "55,0 %",
        "wilson_low": "45,2 %",
        "wilson_high": "64,4 %",
        "exact_low": "44,7 %",
        "exact_high": "65,0 %",
        "unaware": "53,4 %",
        "unaware_low": "43,8 %",
        "unaware_high": "62,7 %",
        "calibrated": "51,2 %",
        "calibrated_low": "41,3 %",
        "calibrated_high": "61,1 %",
        "calibrated_size": "36",
        "seul": "56,5 %",
        "seul_low": "44,2 %",
        "seul_high": "68,8 %",
        "seul_size": "32",
        "groupe": "53,9 %",
        "groupe_low": "44,9 %",
        "groupe_high": "62,9 %",
        "groupe_size": "39",
        "autre": "38,7 %",
        "autre_low": "–",
        "autre_high": "–",
        "autre_size": "24",
        "possible_low": "40,0 %",
        "possible_high": "52,1 %",
        "possible_size": "27–39",
        "silent_low": "2,9 %",
        "silent_high": "97,6 %",
    }
    assert {key: plain(found[key]) for key in wanted} == wanted


# R 4.2, survey 4.1: svymean after rake of the rows, the margins scaled to the doctors.
def test_the_rows_of_the_report_are_calibrated_as_r_does() -> None:
    interval, effective_size = herault.Sample.of(load()).calibrated()
    assert interval.estimate == pytest.approx(0.51214, abs=5e-6)
    assert effective_size == pytest.approx(36.01445, abs=5e-6)


def test_the_rows_of_the_report_are_among_the_possible_ones() -> None:
    shares = herault.of_possible_tables().estimate
    own = herault.Sample.of(load()).calibrated()[0].estimate
    assert np.nanmin(np.abs(shares - own)) < 1e-6


def test_the_doctors_without_a_listed_place_are_in_no_margin_or_in_one() -> None:
    def places(unlisted: str | None) -> list[float]:
        return herault.margins(unlisted)[2].tolist()

    assert places(None) == [547, 652, 324]
    assert places("seul") == [904, 652, 324]
    assert places("autre") == council.doctors("place").tolist() == [547, 652, 681]


def test_the_weight_of_a_category_is_its_share_of_the_department() -> None:
    wanted = f"{100 * 324 / 1523:.1f} %".replace(".", ",")
    assert plain(discussion.numbers()["weight_elsewhere"]) == wanted


def test_the_fewest_doctors_with_half_of_the_weight_have_it() -> None:
    sample = herault.Sample.of(load())
    users, doctors = sample.users, sample.doctors
    cells = calibrate(users, doctors, herault.margins()).weights
    each = np.sort(np.repeat(cells[doctors > 0], doctors[doctors > 0]))[::-1]
    fewest = int(discussion.numbers()["weight_half"])
    assert each[: fewest - 1].sum() < 50 <= each[:fewest].sum()


def test_those_left_out_for_not_knowing_it_count_as_non_users() -> None:
    assert discussion.unaware_included() == (55, 103)


def test_at_the_break_even_half_of_the_herault_uses_it() -> None:
    share = float(discussion.numbers()["break_even"].split(NBSP)[0].replace(",", ".")) / 100
    assert 55 + share * 1780 == pytest.approx(940, abs=1)


def test_an_assumption_on_the_silent_gives_the_share_of_all() -> None:
    assert read_table("discussion").set_index("key").loc["elmatouat_users", "printed"] == "34,1%"
    wanted = 100 * (55 + 0.341 * 1780) / 1880
    assert plain(discussion.numbers()["if_elmatouat"]) == f"{wanted:.1f} %".replace(".", ",")


def test_the_table_has_the_range_over_the_possible_answers_for_the_rebuilt_rows_only(
    use: Use,
) -> None:
    def labels() -> list[str]:
        return [row.label for row in discussion.reach().rows]

    assert "– sur les autres réponses possibles" in labels()
    assert discussion.numbers()["open"]
    use([USER, USER | {"uses_dmp": "non"}])
    assert "– sur les autres réponses possibles" not in labels()
    assert discussion.numbers()["open"] == ""


def test_a_sample_of_one_stratum_has_the_weights_of_nobody_else(use: Use) -> None:
    use([USER, USER, USER | {"uses_dmp": "non"}])
    interval, effective_size = herault.Sample.of(load()).calibrated()
    assert interval.estimate == pytest.approx(2 / 3)
    assert effective_size == pytest.approx(3)
    assert (discussion.numbers()["weight_ratio"], discussion.numbers()["weight_half"]) == ("1", "2")
    assert plain(discussion.numbers()["weight_elsewhere"]) == "0,0 %"


def test_doctors_whose_answers_no_weights_reconcile_have_no_calibrated_share(use: Use) -> None:
    # Whoever is alone is salaried, and there are more alone than salaried.
    use([USER, USER | {"practice": "salarié", "place": "seul", "uses_dmp": "non"}])
    assert math.isnan(herault.Sample.of(load()).calibrated()[0].estimate)
    assert discussion.numbers()["calibrated"] == discussion.numbers()["calibrated_size"] == "–"
    assert discussion.numbers()["weight_ratio"] == discussion.numbers()["weight_half"] == "–"


def test_a_doctor_who_left_a_criterion_out_weighs_nothing(use: Use) -> None:
    use([USER, USER | {"uses_dmp": "non"}, USER | {"age": ""}, USER | {"place": ""}])
    assert herault.Sample.of(load()).calibrated()[0].estimate == pytest.approx(1 / 2)
    assert plain(discussion.numbers()["wilson"]) == "75,0 %"


def test_doctors_who_all_left_a_criterion_out_cannot_be_calibrated(use: Use) -> None:
    use([USER | {"age": ""}] * 3)
    assert discussion.numbers()["calibrated"] == "–"
    assert discussion.reach().to_markdown()


def test_more_doctors_than_the_department_leave_nobody_silent(use: Use) -> None:
    use([USER, USER | {"uses_dmp": "non"}] * 1000)
    found = discussion.numbers()
    assert (
        plain(found["silent_low"])
        == plain(found["silent_high"])
        == plain(found["wilson"])
        == "50,0 %"
    )
    assert plain(n("uses_dmp")) == "2 000"
    assert discussion.non_response_figure().to_svg()
