"""The figures are set in the faces of the project, whatever fonts and settings a machine has."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont
from matplotlib.font_manager import ttfFontProperty
from matplotlib.ft2font import FT2Font

from analysis import paths
from tests.report.every_figure import every_figure, svg

FONTS = paths.ROOT / "assets" / "fonts"
FACES = {
    "Inter-Regular.otf": ("Inter", 400, "normal"),
    "Inter-Italic.otf": ("Inter", 400, "italic"),
    "Inter-SemiBold.otf": ("Inter", 600, "normal"),
}
DRAW = """
import hashlib, json, sys
from matplotlib import font_manager
manager = font_manager.fontManager
manager.ttflist = manager.afmlist = []
for file in sys.argv[1:]:
    manager.addfont(file)
sys.path.insert(0, "tests/report")
from every_figure import every_figure
digests = {name: hashlib.sha256(figure.to_svg().encode()).hexdigest()
           for name, figure in every_figure().items()}
json.dump(digests, sys.stdout)
"""


@pytest.mark.parametrize("file", sorted(path.name for path in FONTS.glob("*.otf")))
def test_a_face_says_what_it_is(file: str) -> None:
    face = ttfFontProperty(FT2Font(str(FONTS / file)))
    assert (face.name, face.weight, face.style) == FACES[file]


def test_the_pages_load_the_faces_that_the_brand_names_and_no_other() -> None:
    fonts = yaml.safe_load((paths.ROOT / "_brand.yml").read_text("utf-8"))["typography"]["fonts"]
    named = {Path(file["path"]).name for family in fonts for file in family["files"]}
    assert named == {path.name for path in FONTS.glob("*.woff2")}


def impostor(weight: int, folder: Path) -> Path:
    """Make a face that calls itself Inter and has the letters of another."""
    bundled = Path(sys.modules["matplotlib"].get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    face = TTFont(bundled)
    for record in list(face["name"].names):
        if record.nameID in (1, 4, 16):
            face["name"].setName("Inter", record.nameID, *record_place(record))
    face["OS/2"].usWeightClass = weight
    path = folder / f"impostor-{weight}.ttf"
    face.save(path)
    return path


def record_place(record: object) -> tuple[int, int, int]:
    """Say where a name stands in a table of names."""
    return (record.platformID, record.platEncID, record.langID)  # type: ignore[attr-defined]


@pytest.mark.xdist_group("figures")
def test_every_figure_is_the_same_bytes_whatever_fonts_and_settings_there_are(
    tmp_path: Path,
) -> None:
    (tmp_path / "matplotlibrc").write_text("axes.grid: True\nfont.size: 20\n", encoding="utf-8")
    # Here are the fonts of Matplotlib and of the system, there none but these.
    fonts = [impostor(400, tmp_path), impostor(600, tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", DRAW, *map(str, fonts)],
        cwd=paths.ROOT,
        env={**os.environ, "MPLBACKEND": "agg", "MATPLOTLIBRC": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    here = {name: hashlib.sha256(svg(name).encode()).hexdigest() for name in every_figure()}
    assert json.loads(done.stdout) == here


@pytest.mark.parametrize(
    "nonsense",
    [{"MPLBACKEND": "nonsense", "MPLCONFIGDIR": os.devnull}, {"HOME": "/nonexistent"}],
    ids=str,
)
def test_what_is_nonsense_to_matplotlib_neither_stops_a_figure_nor_says_a_word(
    nonsense: dict[str, str], tmp_path: Path
) -> None:
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\necho Fontconfig error >&2\n", encoding="utf-8")
    lister.chmod(0o755)
    words = "from analysis.report.sections import usage; print(usage.f8().to_svg()[:5])"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPL")}
    done = subprocess.run(
        [sys.executable, "-c", words],
        cwd=paths.ROOT,
        env=kept | {"PATH": f"{tmp_path}:{os.environ['PATH']}"} | nonsense,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "<svg \n", "")
