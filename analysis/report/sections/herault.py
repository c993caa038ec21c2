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
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.printed import parse
from analysis.reconstruction.ensemble import stored
from analysis.report.inline import LEVEL, printed
from analysis.report.sections import council, recruitment
from analysis.report.sections.discussion import CONFIDENCE, Share, answers, percentage
from analysis.report.show import figures
from analysis.report.show.figures import Figure, hide_frame, part, sheet, write
from analysis.report.show.french import UNDEFINED, Text, count, decimal, percent
from analysis.report.show.tables import Row, Table, text_cell
from analysis.report.show.theme import WIDTH, Theme
from analysis.statistics.calibration import Calibration, calibrate, jackknife
from analysis.statistics.proportions import Interval, bounds, clopper_pearson, wilson
from analysis.survey import GROUPS, Group, ask, is_rebuilt, levels, load, source

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
    margins["place"]["autre"] -= council.unaccounted()
    if unlisted:
        margins["place"][unlisted] += council.unaccounted()
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


@cache
def _sample(_: Path) -> tuple[IntArray, IntArray]:
    """Count the users, then all the doctors, by age, type and place."""
    table = load()
    return _cells(table[table["uses_dmp"] == GROUPS["users"]]), _cells(table)


def calibrated(unlisted: str | None = None) -> Calibrated:
    """Calibrate the share of users to the council's margins of age, type and place.

    Parameters
    ----------
    unlisted : {"seul", "groupe", "autre"}, optional
        Where the doctors without a listed place are supposed to practise; by default they are left
        out of the margin.
    """
    return _calibrated(source(), unlisted)


@cache
def _calibrated(path: Path, unlisted: str | None) -> Calibrated:
    users, doctors = _sample(path)
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
    users, doctors = _sample(source())
    weights = calibrate(users, doctors, _margins(None)).weights
    has_weight = doctors > 0
    order = np.argsort(-weights[has_weight], kind="stable")
    return weights[has_weight][order], doctors[has_weight][order]


def weight_ratio() -> Text:
    """Say how many times the heaviest doctor weighs the lightest."""
    weights, _ = _weights()
    light = weights[weights > 0]
    ratio = light.max() / light.min() if len(light) else np.nan
    return Text(decimal(ratio, 0)) if np.isfinite(ratio) else Text("–")


def what_print_leaves_open() -> Text:
    """Say how far the calibrated share depends on what is not printed, for the rebuilt rows."""
    if not is_rebuilt():
        return Text("")
    found = readings()
    return Text(
        "Ces poids dépendent aussi de la façon dont les trois critères se croisent chez les "
        "médecins interrogés, que l’imprimé ne donne pas en entier : d’un tableau de réponses "
        "possible à l’autre (@sec-ensemble), on a vu la part calée aller de "
        f"{found['possible_low']} à {found['possible_high']}, et sa précision de celle de "
        f"{found['possible_size_low']} réponses à celle de {found['possible_size_high']}."
    )


def half_of_the_weight() -> Text:
    """Count the fewest doctors who have half of the weight together."""
    weights, doctors = _weights()
    each = np.repeat(weights, doctors)
    if not np.isfinite(each).all() or not len(each):
        return Text("–")
    reached = np.cumsum(each) >= each.sum() / 2
    return count(int(np.argmax(reached)) + 1)


def weight_of(question: str) -> Text:
    """Give the share of the weight that the doctors of a category have, in percent.

    Parameters
    ----------
    question : str
        On age, type or place of practice, as ``practice=salarié``.
    """
    (condition,) = ask(question).conditions
    axis = _VARIABLES.index(condition.variable)
    margin = _margins(None)[axis]
    _, doctors = _sample(source())
    there = doctors.sum(axis=tuple(each for each in range(3) if each != axis)) > 0
    own = np.where(there, margin, 0)
    chosen = np.isin(levels(condition.variable), condition.levels)
    return percentage(own[chosen].sum() / own.sum()) if own[chosen].any() else percentage(0)


def _of_the_herault() -> Interval:
    users = answers("users")
    # A reader's own table may have more doctors than the department.
    return bounds(users.part, users.whole, max(users.whole, council.population()))


def unaware_included() -> Share:
    """Count the users among the doctors analysed and those left out for not knowing the DMP."""
    users = answers("users")
    return Share(users.part, users.whole + recruitment.flow().unaware)


def readings() -> dict[str, Text]:
    """Read the share of users in several ways, in percent.

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
        for the rebuilt rows; ``least``, ``most``: bounds on the share in the whole Hérault.
    """
    users, widened = answers("users"), unaware_included()
    score, exact, wider = (
        method(share.part, share.whole, LEVEL)
        for method, share in ((wilson, users), (clopper_pearson, users), (wilson, widened))
    )
    unbound = _of_the_herault()
    found = {
        "observed": users.text(1),
        **_limits("wilson", score),
        **_limits("exact", exact),
        "unaware": widened.text(1),
        **_limits("unaware", wider),
        "least": percentage(unbound.low),
        "most": percentage(unbound.high),
    }
    for key in ("calibrated", *_UNLISTED):
        each = calibrated(key if key in _UNLISTED else None)
        found[key] = percentage(each.interval.estimate)
        found |= _limits(key, each.interval)
        found[f"{key}_size"] = _size(each.effective_size)
    if is_rebuilt():
        possible = _of_possible_tables()
        for name, pick in (("low", np.nanmin), ("high", np.nanmax)):
            found[f"possible_{name}"] = percentage(float(pick(possible.estimate)))
            found[f"possible_size_{name}"] = _size(float(pick(possible.effective_size)))
    return found


def _limits(key: str, interval: Interval) -> dict[str, Text]:
    return {f"{key}_low": percentage(interval.low), f"{key}_high": percentage(interval.high)}


def _size(size: float) -> Text:
    return UNDEFINED if np.isnan(size) else decimal(size, 0)


def reach() -> Table:
    """Set out what the share of users becomes under each reading."""
    found = readings()

    def row(label: str, *keys: str) -> Row:
        return Row(label, tuple(text_cell(found.get(key, "")) for key in keys))

    def calibrated_row(label: str, key: str) -> Row:
        return row(label, key, f"{key}_low", f"{key}_high", f"{key}_size")

    everyone, widened = answers("users").whole, unaware_included().whole
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
        f"{count(council.unaccounted())} médecins dont le lieu n’est pas connu, ou avec eux, tous "
        "d’un même lieu. Le tiret : aucun poids n’y satisfait, pour cet échantillon ou sans l’un "
        f"de ses médecins. Dernière ligne : part parmi les {count(council.population())} médecins "
        "de l’Hérault, si aucun, puis si tous les médecins non interrogés utilisaient le DMP."
    )
    header = ("Part d’utilisateurs du DMP", "Estimée", "De", "À", "Taille")
    return Table("portee", header, tuple(rows), note)


def if_silent(key: str) -> Text:
    """Give the share of users in the Hérault if the silent do as a number of the discussion says.

    Parameters
    ----------
    key : str
        Of a printed percentage of the discussion.
    """
    unbound = _of_the_herault()
    share = float(parse(printed(f"discussion:{key}")).value) / 100
    return percentage(unbound.low + share * (unbound.high - unbound.low))


def break_even() -> Text:
    """Give the share of users among the silent above which most doctors of the Hérault use it."""
    users = answers("users")
    unseen = max(0, council.population() - users.whole)
    return percent(council.population() - 2 * users.part, 2 * unseen, 1)


def _draw_non_response(canvas: Canvas, look: Theme) -> None:
    users = answers("users")
    score = wilson(users.part, users.whole, LEVEL)
    half = 2 * users.whole
    everyone = percent(users.whole, council.population())
    curves = (
        (_of_the_herault(), look.users, "-", f"ici : {everyone} des médecins"),
        (
            bounds(users.part, users.whole, half),
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
            axes.annotate(
                percentage(end[1] / 100),
                end,
                xytext=offset,
                textcoords="offset points",
                color=look.ink,
                annotation_clip=False,
            )
    centre = 100 * score.estimate
    axes.plot([centre], [centre], "o", ms=7, color=look.ink)
    for line, up in (("comme les médecins", 23), ("interrogés", 8)):
        axes.annotate(
            line,
            (centre, centre),
            xytext=(-8, up),
            textcoords="offset points",
            ha="right",
            color=look.ink,
        )
    ticks = np.arange(0, 101, 25)
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 102)
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    hide_frame(axes)
    write(page, 0, _HEIGHT - 9, "% d’utilisateurs parmi ceux qui n’ont pas répondu", look.muted)


_HEIGHT = 330


def non_response_figure() -> Figure:
    """Draw the share of users in the Hérault against what the silent doctors do."""
    return Figure("silence", _draw_non_response, _HEIGHT)
