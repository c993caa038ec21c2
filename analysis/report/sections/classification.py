"""Section IV.D: the profiles of users and of non-users, cluster by cluster.

The thesis clusters each group apart, and describes every cluster by the categories that are more or
less frequent in it than in the group.  Here each of its tables is computed from the clustered rows,
each of its sentences that states a number or a majority is measured again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import pandas as pd

from analysis.printed import Verdict, compare, read_table
from analysis.reconstruction.bounds import Bounds, known, told_apart
from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.respondents import is_named
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.report.register import registered_as
from analysis.report.sections import _classification_figures as drawn
from analysis.report.show.figures import Figure
from analysis.report.show.french import (
    NBSP,
    Text,
    as_printed,
    count,
    decimal,
    lower_first,
    percent,
    percentage,
    small_p_value,
    source_lines,
    spell,
)
from analysis.report.show.tables import Cell, Row, Table, count_cell, text_cell
from analysis.results import clusters
from analysis.survey import Group, is_rebuilt
from analysis.survey.labels import GROUPS, LEVELS, ROMAN
from analysis.survey.labels import VARIABLES as NAMES
from analysis.survey.question import EITHER, Condition, Question, ask
from analysis.survey.rebuilt import read_certificate

_SHORT = {
    "age": "Âge",
    "practice_type": "Exercice",
    "frequency": "Fréquence",
    "purpose": "Motif",
}
_ADDED = " ‡"
_ADDED_NOTE = "‡ Significative d’après l’annexe VI, absente du tableau de la thèse."
_SIGNS = {Verdict.MATCH: "✓", Verdict.ROUNDING: "≈", Verdict.DISCREPANCY: "✗"}


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        ``clusters`` and ``axes`` are those of the clustering, ``statements`` and
        ``statements_match`` count the statements of the descriptions, and those that are exact in
        every reading. Of each group, ``suggested_…`` is the number of clusters that the gains of
        inertia suggest, ``suggesting_…`` counts the members of the ensemble, of ``members_…``, that
        suggest the printed one; ``inertia_…`` is the share of the inertia on the first three axes,
        ``between_before_…`` and ``between_after_…`` that between the clusters on the axes used,
        before and after the consolidation, which puts ``moved_…`` doctors in another cluster;
        ``pairs_…`` counts the pairs of a category and a cluster, each of which has its test, and
        ``open_…`` those whose number of doctors print leaves open; ``cells_…`` counts the cells of
        the chi2 tests, and ``small_cells_…`` those whose expected count is below five.
        ``lone_doctor`` is the share of the users' first axis that cluster V makes.
    """
    contributions = clusters.correspondences("users").rows.contributions.iloc[:, 0].to_numpy()
    lone = clusters.clustering("users").clusters == N_CLUSTERS
    stated = _descriptive()
    found = {
        "clusters": spell(N_CLUSTERS),
        "axes": spell(clusters.N_AXES),
        "lone_doctor": percentage(float(contributions[lone].sum()), 0),
        "statements": count(len(stated)),
        "statements_match": count(sum(each.verdict is Verdict.MATCH for each in stated)),
    }
    for group in GROUPS:
        own = clusters.clustering(group)
        eigenvalues = clusters.correspondences(group).eigenvalues
        expected = [clusters.independence(group, name).expected for name in VARIABLES[group]]
        is_open = [clusters.is_open(group, name).to_numpy() for name in VARIABLES[group]]
        of_group = {
            "suggested": spell(own.suggested),
            "suggesting": count(read_certificate()["ensembles"][group]["suggest_five_clusters"]),
            "members": count(len(stored(group))),
            "inertia": percentage(100 * float(eigenvalues[:3].sum() / eigenvalues.sum()), 0),
            "between_before": percentage(100 * own.between_before, 0),
            "between_after": percentage(100 * own.between_after, 0),
            "moved": spell(int((own.clusters != own.before_consolidation).sum())),
            "pairs": count(len(clusters.described(group))),
            "open": count(sum(int(each.sum()) for each in is_open)),
            "small_cells": count(sum(int((each < 5).sum()) for each in expected)),
            "cells": count(sum(each.size for each in expected)),
        }
        found |= {f"{name}_{group}": text for name, text in of_group.items()}
    return found


_TITLES: dict[Group, tuple[str, ...]] = {
    "users": (
        "Libéraux seuls, la cinquantaine, dont tous les quotidiens",
        "La quarantaine en cabinet de groupe, pour créer des dossiers",
        "La trentaine, pour ajouter des documents",
        "Venus une fois voir, pour consulter",
        "Un seul médecin, de plus de 70 ans",
    ),
    "non_users": (
        "La quarantaine : ni besoin, ni temps",
        "Les 60 à 69 ans",
        "Ne savent pas comment accéder au DMP",
        "Lieu d’exercice non équipé",
        "Logiciel incompatible",
    ),
}
"""Names of the clusters: each says what print determines."""


def ten_profiles() -> Table:
    """Set out the ten clusters, a name each."""
    rows = []
    for cluster, name in enumerate(ROMAN, start=1):
        cells = []
        for group, titles in _TITLES.items():
            cells += [
                text_cell(titles[cluster - 1]),
                text_cell(count(int(clusters.clustering(group).sizes[cluster - 1]))),
            ]
        rows.append(Row.of(name, *cells))
    header = ["Classe"]
    for name in GROUPS.values():
        header += [name, "Effectif"]
    return Table("dix-profils", tuple(header), tuple(rows), align="left")


# ---- the tests of the variables ----------------------------------------------------------------

_TESTED: dict[str, tuple[str, ...]] = {
    "td0u": ("age", "practice_type", "purpose", "frequency"),
    "td0n": ("age", "practice_type", "barrier_1"),
}


def _test_row(group: Group, variable: str, printed: str = "", line: str = "") -> Row:
    found = clusters.independence(group, variable)
    below = int((found.expected < 5).sum())
    return Row.of(
        NAMES[variable],
        decimal(found.statistic, 1),
        count_cell(found.df),
        Cell(small_p_value(found.p_value), (found.p_value,), printed, line),
        f"{below} sur {found.expected.size}",
    )


def _test_table(id_: str, group: Group) -> Table:
    rows = [
        _test_row(group, variable, printed.p_value, printed.line)
        for variable, printed in zip(_TESTED[id_], read_table(id_).itertuples(), strict=True)
    ]
    rows += [_test_row(group, name) for name in VARIABLES[group] if name not in _TESTED[id_]]
    header = ("Variable", "Khi-deux", "Degrés de liberté", "p", f"Effectifs attendus sous{NBSP}5")
    return Table(id_, header, tuple(rows))


td0u, td0n = registered_as({"td0u": ("users",), "td0n": ("non_users",)}, _test_table)


# ---- one table a cluster -----------------------------------------------------------------------

_Category = tuple[str, str]
_PRINTED: dict[str, tuple[_Category, ...]] = {
    "tdu1": (
        ("age", "50-59"),
        ("practice_type", "seul_liberal"),
        ("frequency", "journalier"),
        ("frequency", "mensuel"),
        ("practice_type", "groupe_liberal"),
    ),
    "tdu2": (
        ("age", "40-49"),
        ("practice_type", "groupe_liberal"),
        ("frequency", "hebdomadaire"),
        ("purpose", "creation"),
    ),
    "tdu3": (("age", "30-39"), ("purpose", "ajout")),
    "tdu4": (("age", "60-69"), ("frequency", "curiosite"), ("purpose", "consultation")),
    "tdn1": (
        ("age", "40-49"),
        ("barrier_1", "besoin"),
        ("barrier_1", "temps"),
        ("barrier_1", "manque_info_acces"),
    ),
    "tdn2": (("age", "60-69"),),
    "tdn3": (
        ("age", "<29"),
        ("practice_type", "groupe_liberal"),
        ("barrier_1", "manque_info_acces"),
        ("barrier_1", "besoin"),
    ),
    "tdn4": (("barrier_1", "equipement"),),
    "tdn5": (("barrier_1", "logiciel"), ("barrier_2", "besoin")),
}
"""The categories that the rows of the thesis's tables are about, in their order."""


def _share(part: int, whole: int, printed: str, line: str) -> Cell:
    share = Fraction(100 * part, whole)
    text = f"{percent(part, whole)}{NBSP}({count(part)}/{count(whole)})"
    return Cell(text, (share,), printed, line)


def _category_name(variable: str, category: str) -> str:
    """Name a category with its variable, in French."""
    name = LEVELS[variable].get(category, "sans réponse")
    return f"{_SHORT.get(variable, NAMES[variable])}{NBSP}: {lower_first(name)}"


def _profile_row(found: clusters.Row, printed: pd.Series | None, *, is_added: bool) -> Row:
    cell = printed if printed is not None else pd.Series(dtype=str)
    line = cell.get("line", "")
    return Row.of(
        _category_name(found.variable, found.category) + (_ADDED if is_added else ""),
        _share(found.count, found.of_category, cell.get("cla_mod", ""), line),
        _share(found.count, found.of_cluster, cell.get("mod_cla", ""), line),
        Cell(
            percent(found.of_category, found.n),
            (Fraction(100 * found.of_category, found.n),),
            cell.get("overall", ""),
            line,
        ),
        Cell(small_p_value(found.p_value), (found.p_value,), cell.get("p_value", ""), line),
        Cell(decimal(found.v_test, 2), (found.v_test,), cell.get("v_test", ""), line),
    )


def _profile_table(
    id_: str, group: Group, cluster: int, printed: dict[_Category, pd.Series]
) -> Table:
    """Set out a cluster: the rows that the thesis prints, and all that are significant."""
    rows = []
    for found in clusters.described(group):
        key = (found.variable, found.category)
        if found.cluster == cluster and (found.is_significant or key in printed):
            is_added = key not in printed
            rows.append(_profile_row(found, printed.get(key), is_added=is_added))
    header = ("Modalité", "Cla/Mod", "Mod/Cla", "Ensemble", "p", "v.test")
    has_added = any(each.label.endswith(_ADDED) for each in rows)
    return Table(id_, header, tuple(rows), _ADDED_NOTE if has_added else "")


def _body_table(id_: str, group: Group, cluster: int) -> Table:
    listed = read_table(id_)
    printed = {
        key: printed_row
        for key, (_, printed_row) in zip(_PRINTED[id_], listed.iterrows(), strict=True)
    }
    return _profile_table(id_, group, cluster, printed)


tdu1, tdu2, tdu3, tdu4 = registered_as({f"tdu{n}": ("users", n) for n in range(1, 5)}, _body_table)
tdn1, tdn2, tdn3, tdn4, tdn5 = registered_as(
    {f"tdn{n}": ("non_users", n) for n in range(1, 6)}, _body_table
)


def tdu5() -> Table:
    """Set out cluster V of the users, whose table the thesis leaves to Annexe VI."""
    annexe = read_table("taviu")
    own = annexe.loc[annexe["cluster"] == "5"]
    keys = (("practice_type", "cabinet_solo_mixte"), ("age", ">70"))
    printed = dict(zip(keys, (row for _, row in own.iterrows()), strict=True))
    return _profile_table("tdu5", "users", 5, printed)


# ---- the sentences -----------------------------------------------------------------------------

_CONCLUSION = "f"
_NOTE = (
    "Mesure : médecins considérés → part d’entre eux ; I à V, les classes. "
    "Entre crochets, le nombre que disent les mots. "
    "✓ exact ; ≈ exact à l’arrondi près ; ✗ inexact pour cette mesure, et peut-être pas pour une "
    "autre ; ? l’imprimé ne tranche pas."
)


@cache
def possible_parts(asked: Question) -> tuple[range, int]:
    """Give the counts that print allows, proved, and the base, which print determines."""
    whole, part = _proved(asked.whole), _proved(asked.together)
    assert whole.is_determined
    return range(part.lower, part.upper + 1), whole.lower


def _proved(asked: Question) -> Bounds:
    """Give the bounds of a count of doctors, one condition of which may be of either barrier."""
    (group,) = asked.groups
    plain = tuple(each for each in asked.conditions if each.variable not in EITHER)
    everyone = known(Question(plain), group)
    if plain == asked.conditions:
        return everyone
    (either,) = (set(each.levels) for each in asked.conditions if each.variable in EITHER)
    others = [name for name in told_apart(group, "barrier_1") if name not in either]
    second = [name for name in told_apart(group, "barrier_2") if name not in either]
    # A second barrier that the source does not name may be one of them.
    named = second if either <= {"besoin"} else list(filter(is_named, second))
    first = Condition("barrier_1", tuple(others))
    surely, possibly = (
        known(Question((*plain, first, Condition("barrier_2", tuple(own)))), group)
        for own in (second, named)
    )
    least, most = everyone.lower - surely.upper, everyone.upper - possibly.lower
    return Bounds(least, most, least, most)


def possible(question: str, of: str) -> Text:
    """Give a share over all the tables that print allows, from the least to the greatest.

    Parameters
    ----------
    question, of : str
        As `analysis.survey.ask` reads them.

    Examples
    --------
    >>> possible("purpose=ajout", of="users & age=30-39").replace(NBSP, " ")
    'de 53 % à 74 %'
    """
    return _range(ask(question, of))


def _range(asked: Question) -> Text:
    parts, whole = possible_parts(asked)
    least, greatest = (percent(parts[end], whole, 0) for end in (0, -1))
    return least if least == greatest else Text(f"de {least} à {greatest}")


@dataclass(frozen=True)
class _Statement:
    """A sentence of the thesis that says a number, and the number on the rows in use."""

    group: Group
    part: str
    text: str
    line: str
    printed: str
    implied: str
    kind: str
    base: str
    has: str

    @property
    def asked(self) -> Question:
        """The share as a question to the group."""
        return ask(self.has, of=" & ".join(filter(None, (self.group, self.base))))

    @property
    def cluster(self) -> int:
        (condition,) = ask(self.base).conditions
        return int(condition.levels[0])

    @property
    def value(self) -> Fraction | None:
        if self.kind == "share":
            return self.asked.share(clusters.respondents(self.asked))
        if self.kind == "count":
            return Fraction(self.asked.count(clusters.respondents(self.asked)))
        if self.kind == "clusters":
            return Fraction(clusters.clustering(self.group).suggested)
        if self.kind == "v_test":
            (condition,) = ask(self.has).conditions
            row = clusters.row(self.group, self.cluster, condition.variable, *condition.levels)
            return Fraction(row.v_test) if row and math.isfinite(row.v_test) else None
        return Fraction(
            sum(
                row.is_significant and row.v_test > 0
                for row in clusters.described(self.group)
                if row.cluster == self.cluster
            )
        )

    @property
    def computed(self) -> Cell:
        """The number in French, beside print where print has one."""
        if self.value is None:
            return text_cell("–")
        if self.kind == "share":
            text = percentage(self.value)
        else:
            text = decimal(self.value, 2 if self.kind == "v_test" else 0)
        return Cell(text, (self.value,), self.printed, self.line) if self.printed else Cell(text)

    @property
    def said(self) -> str:
        """The number that the thesis says."""
        return as_printed(self.printed or f"[{self.implied}]")

    @property
    def range(self) -> str:
        """Where the number lies in all the tables that print allows, if the rows are of them."""
        if self.kind != "share" or not is_rebuilt():
            return ""
        parts, _ = possible_parts(self.asked)
        return "déterminé" if len(parts) == 1 else _range(self.asked)

    @property
    def verdict(self) -> Verdict | None:
        """What the comparison says; nothing where the tables that print allows disagree."""
        if self.value is None:
            return None
        values = {self.value}
        if self.kind == "share" and is_rebuilt():
            parts, whole = possible_parts(self.asked)
            values |= {Fraction(100 * part, whole) for part in parts}
        verdicts = {compare(self.printed or self.implied, value) for value in values}
        return verdicts.pop() if len(verdicts) == 1 else None

    def row(self) -> Row:
        """Set the statement out: words, measure, numbers, verdict."""
        measure = {
            "share": f"{_named(self.base)} → {_named(self.has)}",
            "v_test": f"v.test de {_named(self.has)}, {_named(self.base)}",
            "marks": f"modalités sur-représentées, {_named(self.base)}",
        }.get(self.kind, _named(self.has))
        said = f"{self.said} ({source_lines(self.line)})"
        cells = [text_cell(measure), text_cell(said), self.computed]
        cells.append(text_cell(self.range))
        verdict = self.verdict
        cells.append(text_cell(_SIGNS[verdict] if verdict else "?"))
        text = self.text.replace("« ", "“").replace(" »", "”")
        return Row.of(f"«{NBSP}{text}{NBSP}»", *cells)


_BRIEF = {
    "curiosite": "une fois par curiosité",
    "mensuel": "chaque mois",
    "hebdomadaire": "chaque semaine",
    "journalier": "chaque jour",
    "groupe_liberal": "libéral en groupe",
    "seul_liberal": "libéral seul",
}


def _named(question: str) -> str:
    """Name the levels of a question on one variable in French.

    Examples
    --------
    >>> _named("cluster=3|4|5"), _named("frequency=mensuel|journalier")
    ('III, IV ou V', 'chaque mois ou chaque jour')
    """
    names = [
        ROMAN[int(level) - 1]
        if each.variable == "cluster"
        else _BRIEF.get(level) or lower_first(LEVELS[each.variable][level])
        for each in ask(question).conditions
        for level in each.levels
    ]
    return " ou ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


@cache
def _statements() -> tuple[_Statement, ...]:
    names = ("group", "part", "text", "line", "printed", "implied", "kind", "base", "has")
    return tuple(
        _Statement(*(row[name] for name in names)) for _, row in read_table("profiles").iterrows()
    )


def _statement_table(id_: str, groups: Mapping[Group, Sequence[_Statement]]) -> Table:
    rows = []
    for group, statements in groups.items():
        if len(groups) > 1:
            rows.append(Row(GROUPS[group], opens_group=True))
        rows += [statement.row() for statement in statements]
    note = _NOTE
    if is_rebuilt():
        note += (
            " Bornes : la plus petite et la plus grande part que l’imprimé permet, prouvées "
            "(@sec-prouve) ; les classes que R retrouve peuvent les resserrer. "
            "Déterminé : elles se confondent."
        )
    header = (
        *("Énoncé de la thèse", "Mesure", "Imprimé"),
        *("Calcul", "Bornes", "Exact"),
    )
    return Table(id_, header, tuple(rows), note, align="left")


def _conclusion(id_: str, group: Group) -> Table:
    own = [each for each in _statements() if (each.group, each.part) == (group, _CONCLUSION)]
    return _statement_table(id_, {group: own})


def conclusion_users() -> Table:
    """Set out every statement of the conclusion on the users."""
    return _conclusion("conclusion-utilisateurs", "users")


def conclusion_non_users() -> Table:
    """Set out every statement of the conclusion on the non-users."""
    return _conclusion("conclusion-non-utilisateurs", "non_users")


def _descriptive() -> list[_Statement]:
    return [each for each in _statements() if each.part != _CONCLUSION]


def statements_apart() -> Table:
    """Set out the statements of the descriptions that are not exact."""
    apart = [each for each in _descriptive() if each.verdict is not Verdict.MATCH]
    groups = {group: [each for each in apart if each.group == group] for group in GROUPS}
    return _statement_table("phrases", groups)


# ---- figures -----------------------------------------------------------------------------------


def users_heat_map_figure() -> Figure:
    """Draw which categories mark the users' clusters."""
    return drawn.heat_map("users")


def non_users_heat_map_figure() -> Figure:
    """Draw which categories mark the non-users' clusters."""
    return drawn.heat_map("non_users")


def gains_figure() -> Figure:
    """Draw the inertia that each further cluster gains, in both groups."""
    return drawn.gains()


def users_tree_figure() -> Figure:
    """Draw Ward's tree of the users and its cut."""
    return drawn.tree("users")


def non_users_tree_figure() -> Figure:
    """Draw Ward's tree of the non-users and its cut."""
    return drawn.tree("non_users")


def users_map_figure() -> Figure:
    """Draw the users on the first two axes, by cluster."""
    return drawn.factor_map("users")


def non_users_map_figure() -> Figure:
    """Draw the non-users on the first two axes, by cluster."""
    return drawn.factor_map("non_users")
