"""What a page shows by a script: its data within the page, and a script of the project.

The data are never older than their page and need no server, so that the page works from the disk.
"""

from __future__ import annotations

import json
from typing import Any

from analysis import paths


class Blocks(str):
    """Markdown that a cell of a chapter shows as blocks."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def scripted(name: str, data: dict[str, Any], without: str) -> Blocks:
    """Write a part of a page that a script makes of data.

    Parameters
    ----------
    name : str
        Of the script in ``assets``, and id of the part.
    data : dict
        What the script reads, fit for JSON.
    without : str
        What a reader sees who has no scripts, in French.
    """
    # Within a script a browser reads until the first `</script`, whatever it stands in.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    script = (paths.ROOT / "assets" / f"{name}.js").read_text(encoding="utf-8")
    parts = [
        f'<div class="{name}" id="{name}">',
        f"<p>{without}</p>",
        "</div>",
        f'<script type="application/json" id="{name}-donnees">{text}</script>',
        f"<script>\n{script}</script>",
    ]
    return Blocks("\n".join(["```{=html}", *parts, "```", ""]))
