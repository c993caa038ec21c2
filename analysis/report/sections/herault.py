"""What a hundred volunteers say of the Hérault: how far the share of users reaches (section V.A).

The thesis found a share of users among those who answered.  Here it is read in several ways, each
on a supposition that it names: an interval, had the doctors been drawn at random; the doctors left
out for not knowing the record; weights by which the sample has the council's margins of age, type
and place of practice; and nothing supposed of those who were silent.

How the three margins cross among the doctors who answered is not printed in full.  The weights
depend on it, so that they are also computed on every pair of tables of the two ensembles.  The
council's list of places leaves out some of its doctors: the weights are those of the listed ones,
and those that any place of the others gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.printed import parse
from analysis.reconstruction.ensemble import stored
from analysis.report.inline import CONFIDENCE, LEVEL, printed, share
from analysis.report.sections import demographics
from analysis.report.show import figures
from analysis.report.show.figures import Figure, beside, part, sheet, write
from analysis.report.show.french import UNDEFINED, Text, count, decimal, percent, percentage
from analysis.report.show.tables import Row, Table
from analysis.report.show.theme import WIDTH, Theme
from analysis.statistics.calibration import Calibration, calibrate, jackknife
from analysis.statistics.proportions import Interval, bounds, clopper_pearson, wilson
from analysis.survey import GROUPS, Group, ask, council, is_rebuilt, levels, load
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


_VARIABLES = ("age", "practice", "place")
"""What the council counts its doctors by."""
_UNLISTED = {"seul": "seuls", "groupe": "en groupe", "autre": "ailleurs"}
"""Where the doctors without a listed place may practise; the thesis sets them in the last."""

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Calibrated:
    """The share of users, calibrated to the council's margins.

    Attributes
    ----------
    interval : Interval
        The share and its jackknife interval, NaN where no weights have the margins.
    effective_size : float
        Kish's.
    """

    interval: Interval
    effective_size: float


def _margins(unlisted: str | None) -> list[NDArray[np.float64]]:
    """Give the council's margins, the doctors without a listed place left out, or all in one."""
    margins = {name: council.doctors(name).copy() for name in _VARIABLES}
    # The council's table sets them under "autre", as the thesis does.
    margins["place"]["autre"] -= council.unlisted()
    if unlisted:
        margins["place"][unlisted] += council.unlisted()
    return [margins[name][list(levels(name))].to_numpy(dtype=float) for name in _VARIABLES]


def _cells(rows: pd.DataFrame) -> IntArray:
    """Count doctors by age, type and place; those who left one of them out cannot be weighted."""
    names = [levels(name) for name in _VARIABLES]
    codes = [
        pd.Index(own).get_indexer(rows[name]) for own, name in zip(names, _VARIABLES, strict=True)
    ]
    counted = np.zeros(tuple(map(len, names)), dtype=np.int64)
    known = np.all(np.array(codes) >= 0, axis=0)
    np.add.at(counted, tuple(code[known] for code in codes), 1)
    return counted


@per_table
def _sample() -> tuple[IntArray, IntArray]:
    """Count the users, then all the doctors, by age, type and place."""
    table = load()
    return _cells(table[table["uses_dmp"] == GROUPS["users"]]), _cells(table)


@per_table
def calibrated(unlisted: str | None = None) -> Calibrated:
    """Calibrate the share of users to the council's margins of age, type and place.

    Parameters
    ----------
    unlisted : {"seul", "groupe", "autre"}, optional
        Where the doctors without a listed place are supposed to practise; by default they are left
        out of the margin.
    """
    users, doctors = _sample()
    margins = _margins(unlisted)
    found = calibrate(users, doctors, margins)
    return Calibrated(jackknife(users, doctors, margins, LEVEL), float(found.effective_size))


@cache
def _of_possible_tables() -> Calibration:
    """Calibrate every pair of a users' and a non-users' table of the ensembles."""
    users, others = (_different(group) for group in GROUPS)
    pairs = (users[:, None] + others).reshape(-1, *users.shape[1:])
    return calibrate(np.repeat(users, len(others), axis=0), pairs, _margins(None))


def _different(group: Group) -> IntArray:
    tables = [_cells(member.rows) for member in stored(group).members]
    different: IntArray = np.unique(np.stack(tables), axis=0)
    return different


def _weights() -> tuple[NDArray[np.float64], IntArray]:
    """Give the weights of the doctors, from the heaviest, and how many have each."""
    users, doctors = _sample()
    weights = calibrate(users, doctors, _margins(None)).weights
    has_weight = doctors > 0
    order = np.argsort(-weights[has_weight], kind="stable")
    return weights[has_weight][order], doctors[has_weight][order]


def _heaviest() -> dict[str, Text]:
    """Say how unequal the weights are, and which share of them two kinds of doctors have."""
    weights, doctors = _weights()
    light, each = weights[weights > 0], np.repeat(weights, doctors)
    found = {"weight_ratio": Text("–"), "weight_half": Text("–")}
    if len(light) and np.isfinite(ratio := light.max() / light.min()):
        found["weight_ratio"] = decimal(ratio, 0)
    if len(each) and np.isfinite(each).all():
        reached = np.cumsum(each) >= each.sum() / 2
        found["weight_half"] = count(int(np.argmax(reached)) + 1)
    return found | {
        "weight_salaried": _weight_of("practice=salarié"),
        "weight_elsewhere": _weight_of("place=autre"),
    }


def _weight_of(question: str) -> Text:
    """Give the share of the weight that the doctors of a level of age, type or place have."""
    (condition,) = ask(question).conditions
    axis = _VARIABLES.index(condition.variable)
    margin = _margins(None)[axis]
    _, doctors = _sample()
    there = doctors.sum(axis=tuple(each for each in range(3) if each != axis)) > 0
    own = np.where(there, margin, 0)
    chosen = np.isin(levels(condition.variable), condition.levels)
    return percentage(100 * own[chosen].sum() / own.sum() if own[chosen].any() else 0)


def _what_print_leaves_open(found: dict[str, Text]) -> Text:
    """Say how far the calibrated share depends on what is not printed, for the rebuilt rows."""
    if not is_rebuilt():
        return Text("")
    return Text(
        "Ces poids dépendent aussi de la façon dont les trois critères se croisent chez les "
        "médecins interrogés, que l’imprimé ne donne pas en entier : d’un tableau de réponses "
        "possible à l’autre (@sec-ensemble), on a vu la part calée aller de "
        f"{found['possible_low']} à {found['possible_high']}, et sa précision de celle de "
        f"{found['possible_size_low']} réponses à celle de {found['possible_size_high']}. "
        "Ce n’est que vu, et non prouvé : d’autres réponses possibles iraient peut-être au-delà."
    )


def _of_the_herault() -> Interval:
    users, doctors = _users()
    # A reader's own table may have more doctors than the department.
    return bounds(users, doctors, max(doctors, council.population()))


def _users() -> tuple[int, int]:
    """Count the users, and all the doctors."""
    asked = ask("users")
    return asked.count(), asked.base()


def unaware_included() -> tuple[int, int]:
    """Count the users, and the doctors analysed or left out for not knowing the DMP."""
    users, doctors = _users()
    return users, doctors + demographics.flow()["excluded_unaware"]


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences: the share of users, read in several ways.

    Returns
    -------
    dict of str to Text
        ``observed``; ``wilson_low``, ``wilson_high``, ``exact_low``, ``exact_high``: limits of its
        intervals; ``unaware``, ``unaware_low``, ``unaware_high``: with the doctors left out for not
        knowing the DMP, and its limits; ``calibrated``, ``calibrated_low``, ``calibrated_high``,
        ``calibrated_size``: weighted to the council's margins, its limits, its effective size, and
        likewise ``seul``, ``groupe``, ``autre``, where the doctors without a listed place have this
        one; ``possible_low``, ``possible_high``, ``possible_size_low``, ``possible_size_high``: the
        least and the greatest of the weighted share, and of its effective size, over the ensembles,
        for the rebuilt rows, and ``open`` says so; ``least``, ``most``: bounds on the share in the
        whole Hérault, and ``break_even``: the share among the silent above which most doctors use
        it; ``if_elmatouat``: the share if they do as the doctors of El Matouat.
        ``weight_ratio`` says how many times the heaviest doctor weighs the lightest,
        ``weight_half`` counts the fewest who have half of the weight, ``weight_salaried`` and
        ``weight_elsewhere`` are the shares of two kinds of doctors in it; ``unlisted`` counts those
        whose place the council does not list.
    """
    users, widened = _users(), unaware_included()
    score, exact, wider = (
        method(*counts, LEVEL)
        for method, counts in ((wilson, users), (clopper_pearson, users), (wilson, widened))
    )
    unbound = _of_the_herault()
    silent = float(parse(printed("discussion:elmatouat_users")).value) / 100
    unseen = max(0, council.population() - users[1])
    found = {
        "observed": share("users"),
        **_limits("wilson", score),
        **_limits("exact", exact),
        "unaware": percent(*widened),
        **_limits("unaware", wider),
        "least": percentage(100 * unbound.low),
        "most": percentage(100 * unbound.high),
        "if_elmatouat": percentage(100 * (unbound.low + silent * (unbound.high - unbound.low))),
        "break_even": percent(council.population() - 2 * users[0], 2 * unseen),
        **_heaviest(),
        "unlisted": count(council.unlisted()),
    }
    for key in ("calibrated", *_UNLISTED):
        each = calibrated(key if key in _UNLISTED else None)
        found[key] = percentage(100 * each.interval.estimate)
        found |= _limits(key, each.interval)
        found[f"{key}_size"] = _size(each.effective_size)
    if is_rebuilt():
        possible = _of_possible_tables()
        for name, pick in (("low", np.nanmin), ("high", np.nanmax)):
            found[f"possible_{name}"] = percentage(100 * float(pick(possible.estimate)))
            found[f"possible_size_{name}"] = _size(float(pick(possible.effective_size)))
    return found | {"open": _what_print_leaves_open(found)}


def _limits(key: str, interval: Interval) -> dict[str, Text]:
    return {
        f"{key}_low": percentage(100 * interval.low),
        f"{key}_high": percentage(100 * interval.high),
    }


def _size(size: float) -> Text:
    return UNDEFINED if np.isnan(size) else decimal(size, 0)


def reach() -> Table:
    """Set out what the share of users becomes under each reading."""
    found = numbers()

    def row(label: str, *keys: str) -> Row:
        return Row.of(label, *(found.get(key, "") for key in keys))

    def calibrated_row(label: str, key: str) -> Row:
        return row(label, key, f"{key}_low", f"{key}_high", f"{key}_size")

    (_, everyone), (_, widened) = _users(), unaware_included()
    found |= {"everyone": count(everyone), "widened": count(widened)}
    rows = [
        row("Observée, intervalle de Wilson", "observed", "wilson_low", "wilson_high", "everyone"),
        row("Observée, intervalle exact", "observed", "exact_low", "exact_high", "everyone"),
        row("Avec ceux qui ignoraient le DMP", "unaware", "unaware_low", "unaware_high", "widened"),
        calibrated_row("Calée sur l’âge, le type et le lieu", "calibrated"),
        *(calibrated_row(f"– lieux inconnus : {name}", key) for key, name in _UNLISTED.items()),
        row("Sans rien supposer des silencieux", "", "least", "most", ""),
    ]
    if is_rebuilt():
        found["possible_size"] = Text(f"{found['possible_size_low']}–{found['possible_size_high']}")
        label = "– sur les autres réponses possibles"
        rows.insert(4, row(label, "", "possible_low", "possible_high", "possible_size"))
    note = (
        f"Intervalles à {CONFIDENCE}, par jackknife pour les parts calées. Taille : celle d’un "
        "échantillon sans poids de même précision (Kish). Calage sur les effectifs du conseil de "
        "l’Ordre, sans les strates où personne n’a répondu, et sans les "
        f"{count(council.unlisted())} médecins dont le lieu n’est pas connu, ou avec eux, tous "
        "d’un même lieu. Le tiret : aucun poids n’y satisfait, pour cet échantillon ou sans l’un "
        f"de ses médecins. Dernière ligne : part parmi les {count(council.population())} médecins "
        "de l’Hérault, si aucun, puis si tous les médecins non interrogés utilisaient le DMP."
    )
    header = ("Part d’utilisateurs du DMP", "Estimée", "De", "À", "Taille")
    return Table("portee", header, tuple(rows), note)


def _draw_non_response(canvas: Canvas, look: Theme) -> None:
    users, doctors = _users()
    score = wilson(users, doctors, LEVEL)
    everyone = percent(doctors, council.population())
    curves = (
        (_of_the_herault(), look.users, "-", f"ici : {everyone} des médecins"),
        (
            bounds(users, doctors, 2 * doctors),
            look.non_users,
            "--",
            "si la moitié avait répondu",
        ),
    )
    page = sheet(canvas)
    write(page, 0, 9, "Part des médecins interrogés", look.ink, weight=600)
    entries = [
        (name, "line", {"ls": style, "color": colour, "lw": 2}) for _, colour, style, name in curves
    ]
    top = figures.key(page, 27, entries, look) + 26
    write(page, 0, top, "% d’utilisateurs parmi tous les médecins", look.muted)
    axes = part(canvas, 28, top + 14, WIDTH - 28 - 46, _HEIGHT - top - 14 - 40)
    axes.axhspan(100 * score.low, 100 * score.high, color=look.veil, zorder=0)
    for edge in (score.low, score.high):
        axes.axhline(100 * edge, color=look.muted, lw=0.8, ls=":", zorder=0)
    axes.text(98, 100 * score.low + 2, "intervalle de Wilson", ha="right", color=look.muted)
    for (found, colour, style, _), below in zip(curves, ((16, -3), (12, -7)), strict=True):
        low, high = 100 * found.low, 100 * found.high
        axes.plot([0, 100], [low, high], style, color=colour, lw=2)
        for end, offset in (((0, low), below), ((100, high), (5, -4))):
            beside(axes, end, offset, percentage(end[1]), look, annotation_clip=False)
    centre = 100 * score.estimate
    axes.plot([centre], [centre], "o", ms=7, color=look.ink)
    for line, up in (("comme les médecins", 23), ("interrogés", 8)):
        beside(axes, (centre, centre), (-8, up), line, look, ha="right")
    ticks = np.arange(0, 101, 25)
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 102)
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    write(page, 0, _HEIGHT - 9, "% d’utilisateurs parmi ceux qui n’ont pas répondu", look.muted)


_HEIGHT = 330


def non_response_figure() -> Figure:
    """Draw the share of users in the Hérault against what the silent doctors do."""
    return Figure("silence", _draw_non_response, _HEIGHT)
