"""What a page shows by a script: its data within the page, and a script of the project.

The data are never older than their page and need no server, so that the page works from the disk.
What the scripts share (``assets/elements.js``) stands with each in one block.
"""

from __future__ import annotations

import json
from typing import Any

from analysis import paths

_SHARED = "elements"


class Blocks(str):
    """Markdown that a cell of a chapter shows as blocks."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def scripted(name: str, data: dict[str, Any], without: str = "") -> Blocks:
    r"""Write a part of a page that a script makes of data.

    Parameters
    ----------
    name : str
        Of the script in ``assets``, and id of the part.
    data : dict
        What the script reads, fit for JSON.
    without : str
        What a reader sees who has no scripts, in French; empty where a figure of the page is that.

    Examples
    --------
    >>> scripted("registre", {"noms": "</script>"}).splitlines()[1]
    '<script type="application/json" id="registre-donnees">{"noms":"\\u003c/script>"}</script>'
    """
    shared, own = (
        (paths.ROOT / "assets" / f"{each}.js").read_text(encoding="utf-8")
        for each in (_SHARED, name)
    )
    part = [f'<div class="{name}" id="{name}">', f"<p>{without}</p>", "</div>"]
    parts = [
        *(part if without else []),
        data_block(f"{name}-donnees", data),
        f'<script>\n"use strict";\n{{\n{shared}\n{own}}}\n</script>',
    ]
    return Blocks("\n".join(["```{=html}", *parts, "```", ""]))


def data_block(id_: str, data: dict[str, Any]) -> str:
    r"""Write data into a page, as JSON that a script finds by an id.

    Examples
    --------
    >>> data_block("traces", {"l1-1": "</script>"})
    '<script type="application/json" id="traces">{"l1-1":"\\u003c/script>"}</script>'
    """
    # Within a script a browser reads until the first `</script`, whatever it stands in.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    return f'<script type="application/json" id="{id_}">{text}</script>'
