"""Write into the pages of a finished book what only the whole of it knows.

A number that leads to the ledger gets what the ledger's page says of it, which a card shows beside
the number (``assets/lecture.js``, which every page has); a link to a file that a reader may take
away, how large that file is. The head of a page tells others what it is about. A page of Quarto
gets its contents once more, for a screen that has no margin to show them in. Both roads call this
after a render, of the whole book or of a chapter.
"""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.files import write_beside
from analysis.report.show.figures import data_block
from analysis.settings import read_settings

LEDGER = Path("chapters", "reproduction", "registre.html")
SOCIAL_CARD = Path("assets", "carte.png")
FAVICON = Path("assets", "favicon.svg")
SCRIPT = Path("assets", "lecture.js")
_DATA = re.compile(r'<script[^>]* id="registre-donnees">(.*?)</script>', re.DOTALL)
_TRACE = re.compile(r'<a [^>]*href="[^"]*registre\.html#c-([\w-]+)"[^>]*>')
_OURS = re.compile(
    r'(?:<script type="application/json" id="traces">.*?</script>\n)?'
    r'<script src="[^"]*assets/lecture\.js"></script>\n',
    re.DOTALL,
)
_FILE = re.compile(
    rf'(<a [^>]*href="[^"]*{paths.DOWNLOADS}/([^"/]+)"[^>]*>[^<]*</a>)'
    r'(?: <span class="taille">[^<]*</span>)?'
)
_HEAD = re.compile(r"<!-- page -->.*?<!-- /page -->\n", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_FOLDED_CONTENTS = re.compile(r'\n<details class="sommaire-page">.*?</details>\n', re.DOTALL)
_CONTENTS = re.compile(r'<nav id="TOC".*?(<ul>.*</ul>)\s*</nav>', re.DOTALL)
_OPENING = re.compile(r'<main class="content".*?</header>', re.DOTALL)
_SHORTEST, _LONGEST = 80, 200


def read_ledger(book: Path) -> dict[str, Any]:
    """Read the rows of the ledger off its page; nothing where the book has not got that page."""
    if not (book / LEDGER).is_file():
        return {}
    data = _DATA.search((book / LEDGER).read_text("utf-8"))
    assert data, "the page of the ledger has its rows as data"
    found: dict[str, Any] = json.loads(data[1])
    return found


def complete(book: Path) -> None:
    """Complete every page of a book."""
    ledger = read_ledger(book)
    told = tell(ledger) if ledger else {}
    for page in book.rglob("*.html"):
        text = page.read_text("utf-8")
        root = Path(os.path.relpath(book, page.parent))
        made = with_traces(text, told, (root / SCRIPT).as_posix())
        made = with_sizes(made, book / paths.DOWNLOADS)
        made = with_contents(with_head(made, root))
        if made != text:
            write_beside(page, made)


def with_head(page: str, root: Path) -> str:
    """Say in the head of a page what it is about, and which pictures stand for it."""
    page = _HEAD.sub("", page)
    title = _TITLE.search(page)
    if not title:
        return page
    site = read_settings()["book"].get("site-url", "").rstrip("/")
    card = f"{site}/{SOCIAL_CARD.as_posix()}" if site else (root / SOCIAL_CARD).as_posix()
    said = html.escape(described(page))
    told = {"og:title": title[1], "og:description": said, "og:image": card, "og:locale": "fr_FR"}
    told |= {"og:type": "article", "og:image:width": "1200", "og:image:height": "630"}
    lines = [
        "<!-- page -->",
        f'<link rel="icon" type="image/svg+xml" href="{(root / FAVICON).as_posix()}">',
        f'<meta name="description" content="{said}">',
        '<meta name="twitter:card" content="summary_large_image">',
        *(f'<meta property="{name}" content="{content}">' for name, content in told.items()),
        "<!-- /page -->",
        "</head>",
    ]
    return page.replace("</head>", "\n".join(lines), 1)


def described(page: str) -> str:
    """Take the first paragraph of some length off a page, as plain text.

    Examples
    --------
    >>> described("<main><p>Court.</p><p>" + "Un <b>mot</b> " * 40 + "</p>")[-12:]
    'mot Un mot …'
    """
    for paragraph in _PARAGRAPH.finditer(page, max(0, page.find("<main"))):
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", paragraph[1])).split())
        if len(text) > _LONGEST:
            text = text[:_LONGEST].rsplit(" ", 1)[0] + " …"
        if len(text) >= _SHORTEST:
            return text
    return ""


def with_contents(page: str) -> str:
    """Fold the contents of a page of Quarto under its title, for a narrow screen."""
    page = _FOLDED_CONTENTS.sub("", page)
    contents, opening = _CONTENTS.search(page), _OPENING.search(page)
    if not contents or not opening:
        return page
    listed = re.sub(r' (?:id|class|data-scroll-target)="[^"]*"', "", contents[1])
    folded = (
        '\n<details class="sommaire-page"><summary>Sur cette page</summary>'
        f'<nav aria-label="Sur cette page">{listed}</nav></details>\n'
    )
    return page[: opening.end()] + folded + page[opening.end() :]


def tell(ledger: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Say what a card shows of each claim, in words.

    Parameters
    ----------
    ledger : dict
        As the page of the ledger has it.

    Returns
    -------
    dict of str to dict
        By the id of the claim.
    """
    names, found = ledger["noms"], {}
    titles = names.get("erratum", {})  # A chapter alone may go into a book of before they had any.
    for line in ledger["lignes"]:
        row = dict(zip(ledger["colonnes"], line, strict=True))
        verdict = names["verdict"][row["verdict"]]
        if row["gravite"]:
            verdict += f" ({names['gravite'][row['gravite']]})"
        found[row["id"]] = {
            **{name: row[name] for name in ("lignes", "section", "objet", "imprime", "calcule")},
            "appui": names["appui"].get(row["appui"], ""),
            "verdict": verdict,
            "cle": row["verdict"],
            "erratum": row["erratum"],
            "titre": titles.get(row["erratum"], ""),
        }
    return found


def with_traces(page: str, told: dict[str, dict[str, str]], script: str) -> str:
    """Give a page the script, and what it says of the page's numbers; a second time, anew.

    Examples
    --------
    >>> page = '<a href="registre.html#c-l1-1" class="trace">5</a></body>'
    >>> once = with_traces(page, {"l1-1": {"imprime": "5"}}, "assets/lecture.js")
    >>> print(once.partition("</a>")[2])
    <script type="application/json" id="traces">{"l1-1":{"imprime":"5"}}</script>
    <script src="assets/lecture.js"></script>
    </body>
    >>> with_traces(once, {"l1-1": {"imprime": "5"}}, "assets/lecture.js") == once
    True
    """
    page = _OURS.sub("", page)
    found = {name: told[name] for name in dict.fromkeys(_TRACE.findall(page)) if name in told}
    own = f"{data_block('traces', found)}\n" if found else ""
    before, end, after = page.rpartition("</body>")
    return f'{before}{own}<script src="{html.escape(script)}"></script>\n{end}{after}'


def with_sizes(page: str, folder: Path) -> str:
    """Write beside each link to a file of a folder how large the file is."""

    def sized(found: re.Match[str]) -> str:
        file = folder / found[2]
        if not file.is_file():
            return found[1]
        return f'{found[1]} <span class="taille">{in_words(file.stat().st_size)}</span>'

    return _FILE.sub(sized, page)


def in_words(size: int) -> str:
    """Write a size in French, in bytes or thousands of them.

    Examples
    --------
    >>> [in_words(size).replace(chr(160), " ") for size in (999, 1140, 34_770, 210_537)]
    ['999 o', '1,1 ko', '35 ko', '211 ko']
    """
    from analysis.report.show.french import NBSP, decimal  # noqa: PLC0415

    if size < 1000:
        return f"{size}{NBSP}o"
    return f"{decimal(size / 1000, 1 if size < 10_000 else 0)}{NBSP}ko"
