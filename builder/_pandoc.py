"""Call Pandoc, and walk its documents.

Pandoc's abstract syntax travels as JSON: a document is a list of blocks, a node a dictionary with a
type ``t`` and a content ``c``. ``elements`` goes over it in reading order to look, ``walk`` from
the leaves up to rewrite; ``plain`` reads the text off it.
"""

import json
import posixpath
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pypandoc

from builder._config import BuildError

__all__ = ["Blocks", "Node", "attributes", "convert", "div", "elements", "local_path", "parse"]
__all__ += ["plain", "raw", "text", "version", "walk", "write"]

Node: TypeAlias = dict[str, Any]
Blocks: TypeAlias = list[Any]

_WITH_ATTRIBUTES = {"Div", "Span", "Code", "CodeBlock", "Link", "Image"}
_WITH_ATTRIBUTES |= {"Header", "Table", "Figure"}


def _run(arguments: list[str], document: str = "", cwd: Path | None = None) -> tuple[str, str]:
    # The Pandoc that came with its package, not one of another version on PATH.
    command = [str(Path(pypandoc.__file__).parent / "files" / "pandoc"), *arguments]
    done = subprocess.run(
        command, input=document, capture_output=True, encoding="utf-8", cwd=cwd, check=False
    )
    if done.returncode:
        raise BuildError(f"pandoc: {' '.join(done.stderr.split())}")
    return done.stdout, done.stderr


@cache
def version() -> str:
    """Return Pandoc's version."""
    return _run(["--version"])[0].split()[1]


@cache
def _api_version() -> Any:
    return json.loads(_run(["-t", "json"])[0])["pandoc-api-version"]


def _document(blocks: Blocks, metadata: Mapping[str, Any]) -> str:
    meta = _meta(metadata)["c"]
    return json.dumps({"pandoc-api-version": _api_version(), "meta": meta, "blocks": blocks})


def _meta(value: Any) -> Node:
    if isinstance(value, Mapping) and "t" in value:
        return {"t": "MetaBlocks", "c": [value]}
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {key: _meta(item) for key, item in value.items()}}
    if isinstance(value, list):
        return {"t": "MetaList", "c": [_meta(item) for item in value]}
    return {"t": "MetaBool" if isinstance(value, bool) else "MetaString", "c": value}


def parse(markdown: str) -> Blocks:
    """Return the blocks of a Markdown text.

    Lines are taken as long as they are: Pandoc otherwise reads the widths of a table's columns off
    the dashes under its heading as soon as one row is longer than a line.
    """
    written, _ = _run(["-f", "markdown", "-t", "json", "--columns=100000"], markdown)
    document = json.loads(written)
    # Lines that Pandoc takes for data about the document are in no block, and on no page.
    return [*[{"t": "Metadata"}] * bool(document["meta"]), *document["blocks"]]


def convert(
    blocks: Blocks, arguments: list[str], metadata: Mapping[str, Any], cwd: Path
) -> tuple[Blocks, list[str]]:
    """Return the blocks after Pandoc's own filters, and the lines of its warnings."""
    document = _document(blocks, metadata)
    written, warnings = _run(["-f", "json", "-t", "json", *arguments], document, cwd)
    return json.loads(written)["blocks"], warnings.splitlines()


def write(blocks: Blocks, arguments: list[str], metadata: Mapping[str, Any], cwd: Path) -> str:
    """Return the blocks in the format that the arguments name."""
    return _run(["-f", "json", "--wrap=none", *arguments], _document(blocks, metadata), cwd)[0]


def elements(node: Any) -> Iterator[Node]:
    """Yield every node in reading order, a parent before its children."""
    if isinstance(node, dict) and "t" in node:
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from elements(item)


def walk(node: Any, visit: Callable[[Node], Blocks | None]) -> Any:
    """Return a copy rewritten from the leaves up.

    `visit` gets each node of a list and returns the nodes to put in its place, or None to keep it.
    """
    if isinstance(node, dict):
        return {key: walk(value, visit) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    rewritten: Blocks = []
    for item in node:
        child = walk(item, visit)
        replaced = visit(child) if isinstance(child, dict) and "t" in child else None
        rewritten.extend([child] if replaced is None else replaced)
    return rewritten


def attributes(node: Node) -> tuple[str, list[str], dict[str, str]]:
    """Return identifier, classes and key-value pairs; empty ones for a node that has none."""
    if node["t"] not in _WITH_ATTRIBUTES:
        return "", [], {}
    identifier, classes, pairs = node["c"][1 if node["t"] == "Header" else 0]
    return identifier, classes, dict(pairs)


def plain(node: Any) -> str:
    """Return the text of a node, without its footnotes and raw parts.

    Examples
    --------
    >>> plain([{"t": "Str", "c": "Cla/Mod"}, {"t": "Space"}, {"t": "Code", "c": [[], "k"]}])
    'Cla/Mod k'
    """
    if isinstance(node, list):
        return "".join(plain(item) for item in node)
    kind, content = (node.get("t", ""), node.get("c", "")) if isinstance(node, dict) else ("", "")
    if kind in ("Str", "Code", "CodeBlock", "Math"):
        return content if isinstance(content, str) else str(content[1])
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Note", "RawInline", "RawBlock", "Image"):
        return ""
    return plain(content) + (" " if kind in ("Para", "Plain", "Header") else "") if kind else ""


def text(words: str) -> Blocks:
    """Return a plain string as inlines."""
    return [{"t": "Str", "c": words}]


def raw(format_: str, content: str) -> Node:
    """Return a block that Pandoc copies as it is."""
    return {"t": "RawBlock", "c": [format_, content]}


def div(classes: list[str], blocks: Blocks, identifier: str = "", **pairs: str) -> Node:
    """Return a division."""
    return {"t": "Div", "c": [[identifier, classes, [list(p) for p in pairs.items()]], blocks]}


def local_path(folder: str, written: str) -> str:
    """Return, from the root of the project, a path written in a chapter of `folder`.

    Examples
    --------
    >>> local_path("chapters/annexes", "../01-introduction.qmd")
    'chapters/01-introduction.qmd'
    """
    return posixpath.normpath(posixpath.join("/", folder, written)).lstrip("/")
