"""The description of the rebuilt files, as a Data Package.

It says of each column which answers it may have, of each file how large it is and its SHA-256, and
of all of them that they belong to no real person. It is made of the schema of the survey, by the
command that writes the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.packages import digest
from analysis.survey.rebuilt import BOUNDED, EXPLAINED
from analysis.survey.schema import CLUSTERED, GROUPS, ITEMS, VARIABLES, Asked

_NOTICE = (
    "Rows rebuilt from printed tables. They are consistent with what the thesis prints, belong to "
    "no real person, and are not the data of the survey, which were never published."
)
_ASKED: dict[Asked, str] = {
    "everyone": "",
    "users": "Asked of users (uses_dmp is oui). ",
    "non_users": "Asked of non-users (uses_dmp is non). ",
    "reluctant": "Asked of non-users who do not intend to use the record. ",
}
_NUMBERED = {
    "solution": "Number of the table in the ensemble.",
    "run": "The run of the search that found it.",
    "iteration": "Swaps that the run had looked at before.",
    "suggested": "The number of clusters that HCPC suggests on it.",
}
_BOUNDED = (
    "The least count that print allows, proved.",
    "The greatest count that print allows, proved.",
    "The least count in the tables of the ensemble.",
    "The greatest count in the tables of the ensemble.",
)
"""What each column of `BOUNDED` holds."""


def describe(folder: Path) -> dict[str, Any]:
    """Describe the rebuilt files of a folder.

    Parameters
    ----------
    folder : Path
        Holds the respondents table, the ensembles, the bounds, their reasons and the certificate.

    Returns
    -------
    dict
        A Data Package (https://datapackage.org), fit for JSON.
    """
    return {
        "name": "dmp-herault-reconstructed",
        "title": "Réponses reconstituées à partir des tableaux imprimés ; elles ne sont celles "
        "d’aucune personne réelle",
        "description": _NOTICE,
        "licenses": [
            {
                "name": "CC0-1.0",
                "path": "https://creativecommons.org/publicdomain/zero/1.0/",
                "title": "CC0 1.0 Universal",
            }
        ],
        "resources": list(_resources(folder)),
    }


def _resources(folder: Path) -> Iterator[dict[str, Any]]:
    yield _table(
        folder / paths.RESPONDENTS.name,
        "Répondants reconstitués",
        f"{_NOTICE} The link of the Likert items (t1 to t18), of intends_to_use and of what "
        "would change a mind to the rest of a row is not determined by print.",
        [
            _described("respondent", "integer", "Number of the row.", unique=True, minimum=1),
            *map(_field, VARIABLES),
        ],
        key=("respondent",),
    )
    for group in GROUPS:
        yield _table(
            folder / paths.ENSEMBLES[group].name,
            f"Ensemble des tables possibles (uses_dmp = {GROUPS[group]})",
            f"{_NOTICE} Different tables of one group, a row a doctor of one of them, all with "
            "the printed margins and clusters.",
            [
                *(_described(name, "integer", text) for name, text in _NUMBERED.items()),
                *map(_field, ("cluster", *CLUSTERED[group], "practice", "place")),
            ],
        )
    where = "The answers that they gave, as a question of analysis.survey.question."
    asked = [
        _described("group", "string", "The doctors that are counted.", enum=list(GROUPS)),
        _described("where", "string", where, required=True),
    ]
    yield _table(
        folder / paths.BOUNDS.name,
        "Bornes prouvées des effectifs",
        "Counts of doctors: the least and the greatest over all tables that the printed "
        "statements allow, proved, and those seen in both ensembles.",
        [
            *asked,
            *(
                _described(name, "integer", text, minimum=0)
                for name, text in zip(BOUNDED, _BOUNDED, strict=True)
            ),
        ],
        key=("group", "where"),
    )
    ids = "Ids of the statements of the certificate that imply the bound, with a space between them"
    yield _table(
        folder / paths.REASONS.name,
        "Énoncés imprimés qui font les bornes",
        "Of each crossing of two answers, the printed statements that imply its proved bounds, "
        "none of which can be spared.",
        [*asked, *(_described(name, "string", f"{ids}; the {name} one.") for name in EXPLAINED)],
        key=("group", "where"),
    )
    yield _resource(
        folder / paths.CERTIFICATE.name,
        "Certificat de la reconstitution",
        "What the rows were made from and what holds of them: digests of the inputs, seed, "
        "versions, each printed statement with its line, the conflicts and their settlement.",
        type="json",
        format="json",
        mediatype="application/json",
        encoding="utf-8",
    )


def _table(
    path: Path, title: str, description: str, fields: list[dict[str, Any]], key: Sequence[str] = ()
) -> dict[str, Any]:
    return _resource(
        path,
        title,
        description,
        type="table",
        format="csv",
        **({"compression": "gz"} if path.suffix == ".gz" else {}),
        mediatype="text/csv",
        encoding="utf-8",
        schema={"fields": fields, **({"primaryKey": [*key]} if key else {})},
    )


def _resource(path: Path, title: str, description: str, **properties: Any) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": path.name.partition(".")[0].replace("_", "-"),
        "path": path.name,
        "title": title,
        "description": description,
        **properties,
        "bytes": len(content),
        "hash": digest(content),
    }


def _described(name: str, type_: str, description: str, **constraints: Any) -> dict[str, Any]:
    """Describe a column; one that has constraints has no empty cell."""
    found: dict[str, Any] = {"name": name, "type": type_, "description": description}
    return found | ({"constraints": {"required": True} | constraints} if constraints else {})


def _field(name: str) -> dict[str, Any]:
    variable = VARIABLES[name]
    if name in ITEMS or name == "cluster":
        numbers = [int(level) for level in variable.levels]
        limits: dict[str, Any] = {"minimum": min(numbers), "maximum": max(numbers)}
        return {"name": name, "type": "integer", "constraints": limits}
    return {
        "name": name,
        "type": "string",
        "description": f"{_ASKED[variable.asked]}Empty where it was not asked or not answered.",
        "constraints": {"enum": list(variable.levels)},
    }
