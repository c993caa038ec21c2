"""An SVG that stands in a page as well as in a file: small, its text as text, dark on a dark page.

Matplotlib writes each colour into a ``style``, which no sheet of a page can change, a rule for
every element of whatever document it stands in, and ids that are the same in every figure.  Here
what it drew is written again as presentation attributes, the weakest of styles, followed by a rule
for each colour: what takes its place where the page is dark.  So one file serves both themes, and a
program that knows no page shows the light one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from analysis.report.show.theme import LETTERS

FAMILY = "Inter, sans-serif"
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_PAINTS = ("fill", "stroke")
_DARK = "body.quarto-dark"
_DROPPED = {f"{_SVG}metadata", f"{_SVG}style"}
_USUAL = {
    "opacity": "1",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "stroke-linejoin": "round",
    "stroke-linecap": "butt",
    "stroke-width": "1",
    "font-family": "'Inter'",
    "font-size": f"{LETTERS}px",
    "text-anchor": "start",
}
"""What an element need not say."""
_NUMBER = re.compile(r"-?\d+\.\d+")
_TURN = re.compile(r"rotate\(-?0 [^)]*\)")


def for_pages(svg: str, name: str, size: tuple[float, float], dark: Mapping[str, str]) -> str:
    """Write what Matplotlib drew for a page.

    Parameters
    ----------
    svg : str
        As Matplotlib writes it, its text as text.
    name : str
        Name of the figure, which no other of the same page has.
    size : tuple of float
        Width and height, in pixels.
    dark : dict
        For a colour in use, what takes its place on a dark page.

    Returns
    -------
    str
        An SVG document, without the lines before its root.
    """
    root = ElementTree.fromstring(svg)
    _simplify(root)
    _unclip(root)
    _hand_down(root)
    used = {
        part
        for element in root.iter()
        for value in element.attrib.values()
        for part in re.findall(r"#([\w-]+)", value)
    }
    for element in root.iter():
        own = element.get("id", "")
        if own not in used and not own.startswith(f"{name}-"):
            element.attrib.pop("id", None)
    _flatten(root)
    width, height = (f"{side:g}" for side in size)
    kept = {"viewBox": root.attrib["viewBox"], "width": width, "height": height}
    kept |= {"class": f"figure-{name}", "font-family": FAMILY, "font-size": f"{LETTERS}"}
    kept |= {"stroke-linejoin": "round"}
    root.attrib.clear()
    root.attrib.update(kept)
    rules = _rules(root, f".figure-{name}", dark)
    if rules:
        style = Element(f"{_SVG}style")
        style.text = f"@media screen {{{rules}}}"
        root.insert(0, style)
    ElementTree.register_namespace("", _SVG[1:-1])
    return ElementTree.tostring(root, encoding="unicode")


def _simplify(element: Element) -> None:
    """Write styles as attributes, in few digits, and drop what says nothing."""
    for child in list(element):
        if child.tag in _DROPPED:
            element.remove(child)
        else:
            _simplify(child)
    for declaration in element.attrib.pop("style", "").split(";"):
        key, _, value = declaration.partition(":")
        if key.strip() and _USUAL.get(key.strip()) != value.strip():
            element.set(key.strip(), value.strip().removesuffix("px"))
    for paint in _PAINTS:
        if element.get(f"{paint}-opacity") == "0":
            del element.attrib[f"{paint}-opacity"]
            element.set(paint, "none")
    if _HREF in element.attrib:
        element.set("href", element.attrib.pop(_HREF))
    for key, value in list(element.attrib.items()):
        if key in ("d", "x", "y", "width", "height", "transform", "points", "font-size"):
            short = _TURN.sub("", _NUMBER.sub(_shorten, " ".join(value.split())))
            element.set(key, short)
            if not short:
                del element.attrib[key]
    if element.tag != f"{_SVG}text":
        element.text = None
    element.tail = None


def _hand_down(root: Element) -> None:
    """Give what is used the paints of its definition: no rule of a page reaches into a copy."""
    uses = [element for element in root.iter() if "href" in element.attrib]
    for definition in root.iter(f"{_SVG}path"):
        own = [use for use in uses if use.attrib["href"] == f"#{definition.get('id')}"]
        for paint in _PAINTS if own else ():
            colour = definition.attrib.pop(paint, None)
            for use in own if colour else ():
                use.set(paint, str(colour))


def _unclip(root: Element) -> None:
    """Take out what clips at the edge of the figure, where everything ends."""
    _, _, width, height = root.attrib["viewBox"].split()
    edge = {"x": "0", "y": "0", "width": width, "height": height}
    for parent in list(root.iter()):
        for clip in parent.findall(f"{_SVG}clipPath"):
            if clip[0].attrib == edge:
                parent.remove(clip)
                for element in root.iter():
                    if element.get("clip-path") == f"url(#{clip.get('id')})":
                        del element.attrib["clip-path"]


def _shorten(found: re.Match[str]) -> str:
    short = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _flatten(element: Element) -> None:
    """Take out groups and definitions that hold nothing, and groups that say nothing."""
    children: list[Element] = []
    for child in list(element):
        _flatten(child)
        is_group = child.tag in (f"{_SVG}g", f"{_SVG}defs")
        if is_group and not len(child):
            continue
        is_bare = child.tag == f"{_SVG}path" and child.get("fill") == "none"
        if is_bare and "stroke" not in child.attrib and "id" not in child.attrib:
            continue
        if child.tag == f"{_SVG}g" and not child.attrib:
            children += list(child)
        else:
            children.append(child)
    element[:] = children


def _rules(root: Element, scope: str, dark: Mapping[str, str]) -> str:
    rules = set()
    for element in root.iter():
        for paint in _PAINTS:
            light = element.get(paint, "")
            if light in dark:
                rules.add(f'{_DARK} {scope} [{paint}="{light}"]{{{paint}:{dark[light]}}}')
    return "".join(sorted(rules))
