"use strict";
/* What scrolls sideways is within reach of the keyboard. */
(function () {
  const held = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const scrolls = target.scrollWidth > target.clientWidth && getComputedStyle(target).overflowX !== "visible";
      if (scrolls === target.hasAttribute("tabindex")) continue;
      if (!scrolls) {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
        continue;
      }
      target.tabIndex = 0;
      target.setAttribute("role", "group");
      const caption = target.closest("figure")?.querySelector("figcaption")?.textContent.trim();
      target.setAttribute("aria-label", caption || (target.matches("pre, div.sourceCode") ? "Code" : "Tableau"));
    }
  });
  const boxes = "main :is(pre, .sourceCode, .table-responsive, .cell-output-display, figure.quarto-float-tbl > div)";
  for (const box of document.querySelectorAll(boxes)) held.observe(box);
})();

/* A number's trace: what the ledger says of it, in a card beside it. What is said stands in the page
   (scripts/complete.py). Without this script, or without popovers, the number is a link to its row. */
(function () {
  const told = document.getElementById("traces");
  if (!told || !HTMLElement.prototype.showPopover) return;
  const rows = JSON.parse(told.textContent);
  const EDGE = 8;
  let current = null; // the number that the card tells of
  let pressed = null; // the number whose card was open when the pointer went down
  let isReturning = false;

  /** Make an element with its attributes and what stands in it. */
  function element(tag, attributes, ...content) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  }

  const card = element("div", { class: "trace-carte", popover: "auto", role: "dialog", tabindex: "-1" });
  card.setAttribute("aria-labelledby", "trace-titre");
  const isOpen = () => card.matches(":popover-open");
  const rowOf = (link) => rows[link.hash.replace("#c-", "")];

  function fill(link) {
    const row = rowOf(link);
    const list = element("dl", {});
    const say = (name, ...content) => list.append(element("dt", {}, name), element("dd", {}, ...content));
    const close = element("button", { type: "button", "aria-label": "Fermer" }, "×");
    close.addEventListener("click", () => card.hidePopover());
    say("Imprimé", row.imprime);
    say("Calculé", row.calcule);
    say("Verdict", element("span", { class: row.cle }, row.verdict));
    if (row.appui) say("Repose sur", row.appui);
    const errata = link.pathname.replace("registre.html", "errata.html") + "#e-" + row.erratum;
    if (row.erratum) say("Erratum", element("a", { href: errata }, row.titre));
    const title = element("p", { id: "trace-titre" }, element("strong", {}, "Thèse, l. " + row.lignes), ", " + row.section);
    const whole = element("p", {}, element("a", { href: link.href }, "Adresse permanente au registre"));
    card.replaceChildren(close, title, element("p", {}, row.objet), list, whole);
  }

  /** Below the number, or above it where that has more room; never off the screen. */
  function place() {
    const [line] = current.getClientRects();
    const { offsetWidth: width, offsetHeight: height } = card;
    const room = document.documentElement.clientWidth - width - EDGE;
    const isBelow = line.bottom + height + EDGE < innerHeight || line.top < innerHeight - line.bottom;
    const top = isBelow ? line.bottom + EDGE / 2 : line.top - height - EDGE / 2;
    card.style.left = Math.max(EDGE, Math.min(line.left, room)) + scrollX + "px";
    card.style.top = top + scrollY + "px";
  }

  function open(link) {
    if (isOpen()) card.hidePopover();
    current = link;
    fill(link);
    link.after(card); // what the keyboard comes to next
    card.showPopover();
    place();
    link.setAttribute("aria-expanded", "true");
  }

  card.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") return;
    current.setAttribute("aria-expanded", "false");
    if (!card.contains(document.activeElement)) return;
    isReturning = true;
    current.focus({ preventScroll: true });
    isReturning = false;
  });
  card.addEventListener("focusout", (event) => {
    const next = event.relatedTarget;
    if (isOpen() && next && next !== current && !card.contains(next)) card.hidePopover();
  });
  addEventListener("resize", () => isOpen() && place());
  addEventListener("pointerdown", () => { pressed = isOpen() ? current : null; }, true);

  for (const link of document.querySelectorAll('a.trace[href*="#c-"]')) {
    if (!rowOf(link)) continue;
    link.setAttribute("aria-haspopup", "dialog");
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const isPointer = event.detail > 0;
      if (isPointer && pressed === link) return card.hidePopover();
      if (!isOpen() || current !== link) open(link);
      card.focus({ preventScroll: true });
    });
    link.addEventListener("focus", () => {
      if (!isReturning && link.matches(":focus-visible")) open(link);
    });
    link.addEventListener("blur", (event) => {
      if (isOpen() && event.relatedTarget && !card.contains(event.relatedTarget)) card.hidePopover();
    });
  }
})();
