"""The description of the rebuilt files, as a Data Package.

It says of each column which answers it may have, of each file how large it is and its SHA-256, and
of all of them that they belong to no real person. It is made of the schema of the survey, by the
command that writes the files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis import paths
from analysis.packages import digest
from analysis.survey.rebuilt import BOUNDED
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
        Holds the respondents table, the ensembles, the bounds and the certificate.

    Returns
    -------
    dict
        A Data Package (https://datapackage.org), fit for JSON.
    """
    resources = [
        _resource(
            folder / paths.RESPONDENTS.name,
            "Répondants reconstitués",
            f"{_NOTICE} The link of the Likert items (t1 to t18), of intends_to_use and of what "
            "would change a mind to the rest of a row is not determined by print.",
            type="table",
            format="csv",
            mediatype="text/csv",
            encoding="utf-8",
            schema={
                "fields": [
                    {
                        "name": "respondent",
                        "type": "integer",
                        "description": "Number of the row.",
                        "constraints": {"required": True, "unique": True, "minimum": 1},
                    },
                    *map(_field, VARIABLES),
                ],
                "primaryKey": ["respondent"],
            },
        )
    ]
    for group in GROUPS:
        path = paths.ENSEMBLES[group]
        names = ("cluster", *CLUSTERED[group], "practice", "place")
        resources.append(
            _resource(
                folder / path.name,
                f"Ensemble des tables possibles (uses_dmp = {GROUPS[group]})",
                f"{_NOTICE} Different tables of one group, a row a doctor of one of them, all with "
                "the printed margins and clusters.",
                type="table",
                format="csv",
                compression="gz",
                mediatype="text/csv",
                encoding="utf-8",
                schema={
                    "fields": [
                        *(
                            {"name": name, "type": "integer", "description": text}
                            for name, text in _NUMBERED.items()
                        ),
                        *map(_field, names),
                    ]
                },
            )
        )
    resources.append(
        _resource(
            folder / paths.BOUNDS.name,
            "Bornes prouvées des effectifs",
            "Counts of doctors: the least and the greatest over all tables that the printed "
            "statements allow, proved, and those seen in both ensembles.",
            type="table",
            format="csv",
            mediatype="text/csv",
            encoding="utf-8",
            schema={
                "fields": [
                    {
                        "name": "group",
                        "type": "string",
                        "description": "The doctors that are counted.",
                        "constraints": {"required": True, "enum": list(GROUPS)},
                    },
                    {
                        "name": "where",
                        "type": "string",
                        "description": "The answers that they gave, as a question of "
                        "analysis.survey.question.",
                        "constraints": {"required": True},
                    },
                    *(
                        {
                            "name": name,
                            "type": "integer",
                            "description": text,
                            "constraints": {"required": True, "minimum": 0},
                        }
                        for name, text in zip(BOUNDED, _BOUNDED, strict=True)
                    ),
                ],
                "primaryKey": ["group", "where"],
            },
        )
    )
    resources.append(
        _resource(
            folder / paths.CERTIFICATE.name,
            "Certificat de la reconstitution",
            "What the rows were made from and what holds of them: digests of the inputs, seed, "
            "versions, each printed statement with its line, the conflicts and their settlement.",
            type="json",
            format="json",
            mediatype="application/json",
            encoding="utf-8",
        )
    )
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
        "resources": resources,
    }


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
