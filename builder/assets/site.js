"use strict";
/* Theme, search and place on the page; the pages can be read without any of it. */
(function () {
  const root = document.documentElement;
  const button = document.getElementById("theme");

  function show(theme) {
    root.setAttribute("data-bs-theme", theme);
    document.body.classList.toggle("quarto-dark", theme === "dark");
    document.body.classList.toggle("quarto-light", theme !== "dark");
    button.setAttribute("aria-pressed", String(theme === "dark"));
  }
  show(root.getAttribute("data-bs-theme"));
  button.addEventListener("click", function () {
    const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    show(theme);
    try { localStorage.setItem("theme", theme); } catch (error) { /* a private window forgets */ }
  });

  const field = document.getElementById("recherche");
  const list = document.getElementById("recherche-resultats");
  const status = document.getElementById("recherche-bilan");
  const fold = (words) => words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  let entries = null;

  async function load() {
    if (entries) return;
    const answer = await fetch(root.dataset.root + "search.json");
    entries = await answer.json();
    for (const entry of entries) {
      entry.inTitle = fold(entry.title + " " + entry.chapter);
      entry.inText = fold(entry.text);
    }
  }

  function snippet(entry, word) {
    const at = Math.max(0, entry.inText.indexOf(word) - 50);
    return (at ? "… " : "") + entry.text.slice(at, at + 140) + (entry.text.length > at + 140 ? " …" : "");
  }

  function item(entry, word) {
    const line = document.createElement("li");
    const link = line.appendChild(document.createElement("a"));
    link.href = root.dataset.root + entry.href;
    for (const [tag, words] of [["strong", entry.title], ["small", entry.chapter], ["span", snippet(entry, word)]]) {
      if (tag !== "small" || words !== entry.title) link.appendChild(document.createElement(tag)).textContent = words;
    }
    return line;
  }

  async function search() {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    list.hidden = words.length === 0;
    list.replaceChildren();
    status.textContent = "";
    if (!words.length) return;
    try { await load(); } catch (error) {
      status.textContent = "La recherche demande que le livre soit lu depuis un serveur.";
      list.appendChild(document.createElement("li")).textContent = status.textContent;
      return;
    }
    const score = (entry) => words.reduce((sum, word) => sum + (entry.inTitle.includes(word) ? 10 : 1), 0);
    const found = entries
      .filter((entry) => words.every((word) => entry.inTitle.includes(word) || entry.inText.includes(word)))
      .sort((a, b) => score(b) - score(a));
    list.replaceChildren(...found.slice(0, 12).map((entry) => item(entry, words[0])));
    status.textContent = found.length ? found.length + " résultat(s)" : "Pas de résultat";
    if (!found.length) list.appendChild(document.createElement("li")).textContent = "Pas de résultat";
  }
  field.addEventListener("input", search);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape") {
      list.hidden = true;
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      const links = [field, ...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (at >= 0 && next) { event.preventDefault(); next.focus(); }
    }
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".site-search")) list.hidden = true;
  });

  const places = new Map();
  for (const link of document.querySelectorAll(".page-contents a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) places.set(heading, link);
  }
  function mark() {
    let current = null;
    for (const [heading, link] of places) {
      link.removeAttribute("aria-current");
      if (heading.getBoundingClientRect().top < 140) current = link;
    }
    if (current) current.setAttribute("aria-current", "true");
  }
  addEventListener("scroll", mark, { passive: true });
  mark();
})();
