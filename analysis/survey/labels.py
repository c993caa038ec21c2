"""French labels of the survey's variables and levels, as the report shows them."""

from __future__ import annotations

from analysis import survey

VARIABLES: dict[str, str] = {
    "age": "Classe d’âge",
    "practice": "Type d’exercice",
    "place": "Lieu d’exercice",
    "frequency": "Fréquence d’utilisation",
    "purpose": "Motif d’utilisation",
    "barrier": "Frein à l’utilisation",
    "barrier_1": "Premier frein",
    "barrier_2": "Second frein",
    "practice_type": "Type et lieu d’exercice",
    "intends_to_use": "Pense l’utiliser plus tard",
    "uses_dmp": "A utilisé le DMP",
}

_BARRIERS = {
    "manque_info_acces": "Ne sait pas comment y accéder",
    "besoin": "N’en a jamais eu besoin",
    "equipement": "Lieu d’exercice non équipé",
    "logiciel": "Logiciel incompatible",
    "temps": "Manque de temps",
}

LEVELS: dict[str, dict[str, str]] = {
    "age": {
        "<29": "29 ans ou moins",
        "30-39": "30 à 39 ans",
        "40-49": "40 à 49 ans",
        "50-59": "50 à 59 ans",
        "60-69": "60 à 69 ans",
        ">70": "70 ans ou plus",
    },
    "practice": {"libéral": "Libéral", "salarié": "Salarié", "mixte": "Mixte", "autre": "Autre"},
    "place": {
        "seul": "Cabinet individuel",
        "groupe": "Cabinet de groupe",
        "autre": "Autre structure",
    },
    "frequency": {
        "curiosite": "Une fois, par curiosité",
        "annuel": "Au moins une fois par an",
        "mensuel": "Au moins une fois par mois",
        "hebdomadaire": "Au moins une fois par semaine",
        "journalier": "Tous les jours",
    },
    "purpose": {
        "creation": "Créer un DMP",
        "ajout": "Ajouter des documents",
        "consultation": "Consulter un DMP",
    },
    "practice_type": {
        "seul_liberal": "Libéral, cabinet individuel",
        "groupe_liberal": "Libéral, cabinet de groupe",
        "cabinet_solo_mixte": "Mixte, cabinet individuel",
        "groupe_mixte": "Mixte, cabinet de groupe",
        "groupe_salarie": "Salarié, cabinet de groupe",
        "autre_salarie_a": "Salarié, autre structure (a)",
        "autre_salarie_b": "Salarié, autre structure (b)",
    },
    "barrier": _BARRIERS,
    "barrier_1": _BARRIERS,
    "barrier_2": {
        "aucun": "Pas de second frein",
        **_BARRIERS,
        "inconnu_a": "Frein que rien ne nomme (a)",
        "inconnu_b": "Frein que rien ne nomme (b)",
    },
    "uses_dmp": {"oui": "Utilisateurs", "non": "Non-utilisateurs"},
    "intends_to_use": {"oui": "Oui", "non": "Non"},
    "change": {
        "change_training": "Une formation",
        "change_integration": "L’intégration aux outils existants",
        "change_money": "Une aide financière",
    },
}

ROMAN = ("I", "II", "III", "IV", "V")
"""The clusters, as the thesis numbers them."""

GROUPS: dict[survey.Group, str] = {
    group: LEVELS["uses_dmp"][answer] for group, answer in survey.GROUPS.items()
}
