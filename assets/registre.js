"use strict";
/* Search, filter and sort the ledger; without this script it is a plain table. */
(function () {
  const box = document.getElementById("registre");
  const body = box.querySelector("tbody");
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const main = (section) => (/^(IV|V)\./.test(section) ? section.split(".").slice(0, 2).join(".") : section.split(".")[0]);
  const lesser = ["Non établi", "Non tranché", "Arrondi", "Identique", "Non recalculable"];
  const gravity = ["change une conclusion", "change un nombre", "typographique"];

  const entries = Array.from(body.rows, function (row, order) {
    const small = Array.from(row.querySelectorAll("small"), (part) => part.textContent);
    const verdict = row.cells[4].firstChild.textContent.trim();
    const severity = gravity.indexOf(small[2]);
    return {
      row: row,
      order: order,
      text: fold(row.textContent),
      section: main(small[0]),
      kind: small[1].split(" · ")[0],
      verdict: verdict,
      rank: verdict === "Écart" ? severity : 3 + lesser.indexOf(verdict),
    };
  });

  const controls = document.createElement("form");
  controls.className = "registre-controles";
  controls.addEventListener("submit", (event) => event.preventDefault());

  function labelled(words, field) {
    const label = controls.appendChild(document.createElement("label"));
    label.append(words, field);
    return field;
  }
  function choice(words, values) {
    const select = document.createElement("select");
    for (const value of values) select.add(new Option(value, value));
    return labelled(words, select);
  }
  const every = (key) => ["Toutes", ...new Set(entries.map((entry) => entry[key]))];

  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "mot, ligne, nombre";
  labelled("Chercher", search);
  const filters = {
    section: choice("Section", every("section")),
    verdict: choice("Verdict", every("verdict").map((value) => (value === "Toutes" ? "Tous" : value))),
    kind: choice("Nature", every("kind")),
  };
  const order = choice("Trier par", ["ligne", "gravité", "nature"]);
  const status = controls.appendChild(document.createElement("output"));
  box.before(controls);

  const sorts = {
    ligne: (a, b) => a.order - b.order,
    gravité: (a, b) => a.rank - b.rank || a.order - b.order,
    nature: (a, b) => a.kind.localeCompare(b.kind, "fr") || a.order - b.order,
  };

  function show() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const entry of entries) {
      const kept =
        words.every((word) => entry.text.includes(word)) &&
        Object.entries(filters).every(([key, select]) => select.selectedIndex === 0 || select.value === entry[key]);
      entry.row.hidden = !kept;
      seen += kept;
    }
    status.textContent = seen + " sur " + entries.length;
  }
  function sort() {
    body.append(...entries.slice().sort(sorts[order.value]).map((entry) => entry.row));
  }

  for (const [index, key] of [[0, "ligne"], [1, "nature"], [4, "gravité"]]) {
    const heading = box.querySelectorAll("th")[index];
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Trier par " + key;
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", function () {
      order.value = key;
      sort();
    });
  }
  controls.addEventListener("input", show);
  order.addEventListener("change", sort);

  /* A link to a claim finds it whatever the filters hide. */
  function reveal() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row || row.parentNode !== body) return;
    if (row.hidden) {
      controls.reset();
      show();
      sort();
    }
    row.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", reveal);
  show();
  reveal();
})();
