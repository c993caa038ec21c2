"""Write the site: one page a chapter, the book's contents on its left, the page's on its right.

Pandoc writes the page, in its template ``assets/page.html``. Colours and fonts come from the brand
file as CSS custom properties, dark and light. The class ``quarto-dark`` or ``quarto-light`` on the
body says which is shown, as in Quarto's pages, so that the project's own stylesheet serves both.
Nothing is loaded from another host.
"""

import html
import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from itertools import groupby
from pathlib import Path
from typing import Any

from builder import _pandoc
from builder._config import Book, Chapter
from builder._crossref import Label
from builder._pandoc import Blocks, Node, attributes, div, raw, text, walk

__all__ = ["Site", "address", "files"]

_ASSETS = Path(__file__).parent / "assets"
_NBSP = "\u00a0"


@dataclass(frozen=True)
class Site:
    """What pages show of each other: numbers, labels, where the bibliography is, whether a PDF."""

    book: Book
    prefixes: Mapping[Chapter, str]
    labels: Mapping[Chapter, list[Label]]
    bibliography: Chapter | None
    pdf: bool


def address(here: Chapter, there: Chapter, identifier: str = "") -> str:
    """Return the relative address of a place of a page, seen from another page."""
    page = "" if here == there and identifier else posixpath.relpath(there.page, here.folder)
    return page + (f"#{identifier}" if identifier else "")


def files(
    site: Site, chapters: Mapping[Chapter, Blocks], folder: Path, existing: Path
) -> dict[str, bytes]:
    """Return the pages of `chapters` and what they load, by their path in the site.

    The images of the pages are in `folder`. The search index keeps the entries that the `existing`
    site has of the other pages, when only some of the pages are written.
    """
    book = site.book
    entries: list[dict[str, str]] = []
    if len(chapters) < len(book.chapters) and (existing / "search.json").is_file():
        known = json.loads((existing / "search.json").read_text(encoding="utf-8"))
        pages = {chapter.page for chapter in chapters}
        entries += [entry for entry in known if entry["href"].split("#")[0] not in pages]
    written = {"site_libs/site.js": (_ASSETS / "site.js").read_bytes()}
    written["site_libs/site.css"] = _brand(book).encode() + (_ASSETS / "site.css").read_bytes()
    for chapter, blocks in chapters.items():
        written[chapter.page] = _page(site, chapter, blocks, folder).encode()
        entries += _search_entries(site, chapter, blocks)
    written["search.json"] = json.dumps(entries, ensure_ascii=False).encode()
    patterns = [*(font["path"] for font in book.fonts()), *book.listed("format.html.css")]
    for pattern in [*patterns, *book.listed("project.resources")]:
        # A slash ahead says: from the root of the project, and not in any folder.
        for file in book.root.glob(pattern.removeprefix("/")):
            written[file.relative_to(book.root).as_posix()] = file.read_bytes()
    return written


def _brand(book: Book) -> str:
    """Return the fonts and colours of the brand as style rules."""
    rules = [
        f'@font-face {{ font-family: "{font["family"]}"; font-weight: {font["weight"]}; '
        f'font-style: {font["style"]}; font-display: swap; src: url("../{font["path"]}"); }}'
        for font in book.fonts()
    ]
    for selector, theme in ((":root", "light"), ("[data-bs-theme=dark], body.quarto-dark", "dark")):
        colours = (f"--dmp-{name}: {value};" for name, value in book.colours(theme).items())
        rules.append(f"{selector} {{ {' '.join(colours)} }}")
    return "\n".join(rules) + "\n"


def _page(site: Site, chapter: Chapter, blocks: Blocks, folder: Path) -> str:
    book = site.book
    options = ["--to=html5", "--mathml", "--email-obfuscation=none", "--standalone", "--toc"]
    options += [f"--toc-depth={book.get('format.html.toc-depth', 3)}"]
    options += [f"--template={_ASSETS / 'page.html'}"]
    # Where a filter finds the images of the page.
    options += [f"--resource-path={folder / chapter.folder}"]
    options += [f"--lua-filter={path}" for path in book.listed("filters")]
    content = _transform(site, chapter, blocks)
    return _pandoc.write(content, options, _around(site, chapter), book.root)


def _around(site: Site, here: Chapter) -> dict[str, Any]:
    """Return what the template shows around the text of a page."""
    book, chapters = site.book, site.book.chapters
    appendices = book.language["section-title-appendices"]

    def entry(there: Chapter, **more: Any) -> dict[str, Any]:
        shown = {"number": site.prefixes[there], "title": _title(site, there)}
        return {"href": address(here, there), **shown, **more}

    groups = groupby(chapters, lambda chapter: appendices if chapter.appendix else chapter.part)
    at, title = chapters.index(here), _title(site, here)
    beside = [(at - 1, "prev", "Précédent"), (at + 1, "next", "Suivant")]
    root = f"{posixpath.relpath('.', here.folder)}/"
    pandoc, typst = _pandoc.version(), installed_version("typst")
    citation = [("title", title), ("inbook_title", book.get("book.title"))]
    citation += [("author", author) for author in book.listed("book.author")]
    citation += [("publication_date", str(book.get("book.date"))), ("language", book.get("lang"))]
    return {
        "lang": book.get("lang", "fr"),
        "root": root,
        "pagetitle": f"{title} – {book.get('book.title')}",
        "book-title": book.get("book.title"),
        "book-subtitle": book.get("book.subtitle"),
        "author": book.listed("book.author"),
        "date": book.date,
        "cover": at == 0,
        "pdf": f"{book.get('book.output-file', 'book')}.pdf" if site.pdf else False,
        "citation": [
            raw("html", f'<meta name="citation_{name}" content="{html.escape(value)}">')
            for name, value in citation
        ],
        "sheets": [
            root + sheet for sheet in ["site_libs/site.css", *book.listed("format.html.css")]
        ],
        "contents": [
            {"name": name, "chapters": [entry(there, current=there == here) for there in group]}
            for name, group in groups
        ],
        "neighbours": [
            entry(chapters[position], rel=rel, says=says)
            for position, rel, says in beside
            if 0 <= position < len(chapters)
        ],
        "page-contents-title": book.language["toc-title-website"],
        "footer": book.get("book.page-footer.left"),
        "versions": f"Pages construites sans Quarto (Pandoc{_NBSP}{pandoc}, Typst{_NBSP}{typst})",
    }


def _title(site: Site, chapter: Chapter) -> str:
    first = next((label for label in site.labels[chapter] if label.level == 1), None)
    return first.title if first else str(site.book.get("book.title"))


def _search_entries(site: Site, chapter: Chapter, blocks: Blocks) -> Iterator[dict[str, str]]:
    title = _title(site, chapter)
    entry = {"href": chapter.page, "chapter": title, "title": title, "text": ""}
    for block in _flattened(blocks):
        identifier, _, _ = attributes(block)
        if block["t"] == "Header" and block["c"][0] > 1:
            yield entry
            href = f"{chapter.page}#{identifier}"
            heading = _pandoc.plain(block["c"][2]).strip()
            entry = {"href": href, "chapter": title, "title": heading, "text": ""}
        elif block["t"] != "Header" and "cell-code" not in attributes(block)[1]:
            entry["text"] = f"{entry['text']} {' '.join(_pandoc.plain(block).split())}".strip()
    yield entry


def _flattened(blocks: Blocks) -> Iterator[Node]:
    for block in blocks:
        if block["t"] == "Div":
            yield from _flattened(block["c"][1])
        else:
            yield block


def _transform(site: Site, chapter: Chapter, blocks: Blocks) -> Blocks:
    titles = site.book.language

    def visit(node: Node) -> Blocks | None:
        identifier, classes, _ = attributes(node)
        # To Pandoc the book is one document.
        if node["t"] == "Link" and site.bibliography and node["c"][2][0].startswith("#ref-"):
            node["c"][2][0] = address(chapter, site.bibliography, node["c"][2][0][1:])
        if node["t"] == "Table":
            classes.append("table")
            return [div(["table-responsive"], [node])]
        if node["t"] in ("Header", "Image"):
            return [_heading(node, site, chapter) if node["t"] == "Header" else _image(node)]
        if "cell-code" in classes:
            return _code(node, titles["code-summary"])
        if "float" in classes:
            return _float(node, titles[f"crossref-{identifier[:3]}-title"])
        if "callout" in classes:
            return _callout(classes, node["c"][1])
        return None

    transformed: Blocks = walk(blocks, visit)
    return transformed


def _heading(node: Node, site: Site, chapter: Chapter) -> Node:
    level, (identifier, classes, pairs), title = node["c"]
    shown = dict(pairs).get("number", "")
    kept = [identifier, classes, [pair for pair in pairs if pair[0] != "number"]]
    if shown and level == 1 and chapter.appendix:
        prefix = site.book.language["crossref-apx-prefix"]
        label = f"{prefix[0].upper()}{prefix[1:]}{_NBSP}{shown} — "
        title = [*text(label), *title]
    elif shown:
        kind = "chapter-number" if level == 1 else "header-section-number"
        number = {"t": "Span", "c": [["", [kind], []], text(shown)]}
        title = [number, {"t": "Space"}, *title]
    return {"t": "Header", "c": [level, kept, title]}


def _float(node: Node, title: str) -> Blocks:
    identifier, _, pairs = attributes(node)
    caption, *content = node["c"][1]
    kind = identifier[:3]
    name = text(f"{title}{_NBSP}{pairs['number']}{_NBSP}: ")
    named = {"t": "Span", "c": [["", ["caption-label"], []], name]}
    shown = {"t": "Plain", "c": [named, *caption["c"]]}
    captioned = [raw("html", "<figcaption>"), shown, raw("html", "</figcaption>")]
    opened = f'<figure class="quarto-float quarto-float-{kind}" id="{identifier}">'
    inside = [*captioned, *content] if kind == "tbl" else [*content, *captioned]
    return [raw("html", opened), *inside, raw("html", "</figure>")]


def _image(node: Node) -> Node:
    (_, _, pairs), _, target = node["c"]
    return {"t": "Image", "c": [["", [], []], text(dict(pairs)["fig-alt"]), target]}


def _code(node: Node, summary: str) -> Blocks:
    before = f'<details class="code-fold"><summary>{html.escape(summary)}</summary>'
    return [raw("html", before), node, raw("html", "</details>")]


def _callout(classes: list[str], blocks: Blocks) -> Blocks:
    title, *content = blocks
    return [
        raw("html", f'<div class="{" ".join(classes)}" role="note">'),
        raw("html", '<p class="callout-title">'),
        title,
        raw("html", "</p>"),
        div(["callout-body"], content),
        raw("html", "</div>"),
    ]
