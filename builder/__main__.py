"""Command line: ``python -m builder [--to html|pdf | --chapter NAME] [--output DIR]``."""

import argparse
import sys
from pathlib import Path

from builder._book import build
from builder._config import BuildError
from builder.beside import clear_up_when_ended

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Render the book of the current directory.

    Parameters
    ----------
    arguments
        The words of the command line; those of the process by default.

    Returns
    -------
    int
        0; 1 where the book cannot be built: one line on stderr then says why; 130 if interrupted.
    """
    parser = argparse.ArgumentParser(prog="python -m builder", description="Build without Quarto.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", choices=["html", "pdf"], help="the one format to build")
    what.add_argument("--chapter", help="the one page to build, into the existing book")
    parser.add_argument("--output", type=Path, help="folder to write (default: _book)")
    options = parser.parse_args(arguments)
    one = options.to or ("html" if options.chapter else None)
    formats = (one,) if one else ("html", "pdf")
    try:
        build(Path.cwd(), formats=formats, only=options.chapter, output=options.output)
    except (BuildError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    clear_up_when_ended()
    sys.exit(main())
