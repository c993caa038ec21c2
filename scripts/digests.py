"""Write the size and the SHA-256 of each data file into the data package.

Without the source text at hand nothing else shows that a digit was changed by accident. Run it
after a change that is meant: ``python -m scripts.digests``.
"""

from __future__ import annotations

import hashlib
import json
import sys

from analysis import paths

__all__ = ["main"]


def main() -> int:
    """Rewrite the data package; return the exit status."""
    package = json.loads(paths.DATAPACKAGE.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (paths.DATA / resource["path"]).read_bytes()
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    beside = paths.DATAPACKAGE.with_suffix(".new")
    beside.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    beside.replace(paths.DATAPACKAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
