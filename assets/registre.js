/* Show the rows of the ledger, which the page holds as data: a piece at a time, searched, filtered
   and sorted. What is chosen stands in the address; #c-… names one claim. */
(function () {
  const PIECE = 100;
  const ALL = "*";
  const { colonnes, noms, lignes } = data("registre");
  const box = document.getElementById("registre");
  const number = new Intl.NumberFormat("fr");
  const collator = new Intl.Collator("fr", { numeric: true });

  /** What is compared in a search: no accents, no capitals, no space within a number. */
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/(\d)\s(?=\d{3}(?!\d))/g, "$1");
  }

  const gravity = Object.keys(noms.gravite);
  const verdicts = ["discrepancy", "not_established", "unsettled", "rounding", "match", "not_recomputable"];
  const entries = lignes.map(function (line, order) {
    const entry = Object.fromEntries(colonnes.map((name, index) => [name, line[index]]));
    const names = [entry.section, noms.nature[entry.nature], noms.appui[entry.appui], noms.verdict[entry.verdict]];
    const said = [entry.lignes, entry.objet, entry.imprime, entry.calcule, ...names, noms.gravite[entry.gravite] || ""];
    entry.text = fold([...said, ...entry.lectures].join(" "));
    entry.group = noms.section[entry.section];
    entry.order = order;
    entry.rank = 10 * verdicts.indexOf(entry.verdict) + gravity.indexOf(entry.gravite);
    return entry;
  });
  const places = new Map(entries.map((entry) => ["c-" + entry.id, entry]));

  /* What can be chosen. */
  const controls = element("form", { class: "registre-controles", "aria-label": "Choisir des lignes du registre" });
  const search = element("input", { type: "search", placeholder: "mot, ligne, nombre", autocomplete: "off" });
  function labelled(words, field) {
    controls.append(element("label", {}, words, field));
    return field;
  }
  function choice(words, all, names) {
    const select = element("select");
    for (const [value, name] of [[ALL, all], ...names]) select.add(new Option(name, value));
    return labelled(words, select);
  }
  const groups = new Set(Object.values(noms.section));
  labelled("Chercher", search);
  const filters = {
    section: choice("Section", "Toutes", Array.from(groups, (name) => [name, name])),
    verdict: choice("Verdict", "Tous", Object.entries(noms.verdict)),
    appui: choice("Repose sur", "Tout", Object.entries(noms.appui)),
    nature: choice("Nature", "Toutes", Object.entries(noms.nature)),
  };
  const status = element("output");
  const again = button("Tout montrer", reset);
  controls.append(element("div", {}, status, again));

  /* The table. */
  const sorts = {
    ligne: (a, b) => a.order - b.order,
    objet: (a, b) => collator.compare(a.objet, b.objet),
    verdict: (a, b) => a.rank - b.rank,
  };
  const titles = [["Ligne", "ligne"], ["Objet", "objet"], ["Imprimé"], ["Calculé"], ["Verdict", "verdict"]];
  const headings = {};
  const head = element("tr");
  for (const [title, key] of titles) {
    const heading = head.appendChild(element("th", { scope: "col" }));
    heading.append(key ? button(title, () => sortBy(key)) : title);
    if (key) headings[key] = heading;
  }
  const body = element("tbody");
  const table = element("table", { "aria-label": "Les lignes du registre" }, element("thead", {}, head), body);
  const before = button("", () => grow(-1));
  const after = button("", () => grow(1));
  const empty = element("p", { class: "registre-vide" }, "Aucune ligne ne répond à ces choix.");
  box.replaceChildren(controls, before, table, after, empty);

  let sort = { key: "ligne", descending: false };
  let found = entries;
  let first = 0;
  let last = 0;

  function row(entry) {
    const small = (...words) => element("small", {}, words.join(" · "));
    const verdict = noms.verdict[entry.verdict];
    const about = element("td", {}, entry.objet, small(noms.nature[entry.nature], noms.appui[entry.appui]));
    if (entry.lectures.length) {
      const read = element("ul", {}, ...entry.lectures.map((text) => element("li", {}, text)));
      about.append(element("details", {}, element("summary", {}, "Lectures"), read));
    }
    const judged = element("td", { class: entry.verdict });
    judged.append(entry.erratum ? element("a", { href: "errata.html#e-" + entry.erratum }, verdict) : verdict);
    if (entry.gravite) judged.append(small(noms.gravite[entry.gravite]));
    return element(
      "tr",
      { id: "c-" + entry.id, tabindex: "-1" },
      element("td", {}, element("a", { href: "#c-" + entry.id, title: "Adresse de cette ligne" }, entry.lignes), small(entry.section)),
      about,
      element("td", { "data-titre": "Imprimé" }, entry.imprime),
      element("td", { "data-titre": "Calculé" }, entry.calcule),
      judged,
    );
  }

  /** Choose the rows by what the controls say. */
  function choose() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const chosen = Object.entries(filters).filter(([, select]) => select.value !== ALL);
    const value = (entry, key) => (key === "section" ? entry.group : entry[key]);
    found = entries.filter(
      (entry) =>
        chosen.every(([key, select]) => value(entry, key) === select.value) &&
        words.every((word) => entry.text.includes(word)),
    );
    const sign = sort.descending ? -1 : 1;
    found.sort((a, b) => sign * sorts[sort.key](a, b) || a.order - b.order);
    for (const [key, heading] of Object.entries(headings)) {
      if (key === sort.key) heading.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
    const all = found.length === entries.length;
    const count = found.length ? number.format(found.length) : "Aucune";
    status.textContent = count + (found.length > 1 ? " lignes" : " ligne") + (all ? "" : " sur " + number.format(entries.length));
    again.hidden = all && !address();
  }

  /** Show the rows of the piece that begins at a place. */
  function show(start) {
    first = start;
    last = Math.min(start + PIECE, found.length);
    body.replaceChildren(...found.slice(first, last).map(row));
    border();
  }
  function border() {
    const left = found.length - last;
    before.hidden = first === 0;
    before.textContent = "Montrer les " + Math.min(PIECE, first) + " précédentes, sur " + number.format(first);
    after.hidden = left === 0;
    after.textContent = left > PIECE ? "Montrer les " + PIECE + " suivantes, sur " + number.format(left) : left > 1 ? "Montrer les " + left + " dernières" : "Montrer la dernière";
    table.hidden = found.length === 0;
    empty.hidden = found.length > 0;
  }
  /** Add the piece before the first row, or after the last; the keyboard goes on from there. */
  function grow(direction) {
    const from = direction < 0 ? Math.max(0, first - PIECE) : last;
    const to = direction < 0 ? first : Math.min(last + PIECE, found.length);
    const made = found.slice(from, to).map(row);
    if (direction < 0) body.prepend(...made);
    else body.append(...made);
    first = Math.min(first, from);
    last = Math.max(last, to);
    border();
    made[direction < 0 ? made.length - 1 : 0].focus();
  }

  function sortBy(key) {
    sort = { key: key, descending: sort.key === key && !sort.descending };
    changed();
  }
  function reset() {
    clear();
    changed();
    search.focus();
  }
  function clear() {
    search.value = "";
    for (const select of Object.values(filters)) select.value = ALL;
    sort = { key: "ligne", descending: false };
  }

  /* The address; `q` is of the search of Quarto's site. */
  function address() {
    const said = new URLSearchParams();
    if (search.value.trim()) said.set("mots", search.value.trim());
    for (const [key, select] of Object.entries(filters)) if (select.value !== ALL) said.set(key, select.value);
    if (sort.key !== "ligne" || sort.descending) said.set("tri", (sort.descending ? "-" : "") + sort.key);
    return String(said);
  }
  function write(hash) {
    const said = address();
    history.replaceState(null, "", location.pathname + (said && "?" + said) + hash);
  }
  function changed() {
    choose();
    show(0);
    write("");
  }
  function read() {
    const said = new URLSearchParams(location.search);
    search.value = said.get("mots") || "";
    for (const [key, select] of Object.entries(filters)) {
      select.value = said.has(key) ? said.get(key) : ALL;
      if (select.selectedIndex < 0) select.value = ALL;
    }
    const key = (said.get("tri") || "").replace(/^-/, "");
    if (key in sorts) sort = { key: key, descending: said.get("tri").startsWith("-") };
  }
  /** Show the claim that the address names, whatever the choices hide. */
  function reveal() {
    const entry = places.get(location.hash.slice(1));
    if (!entry) return false;
    if (!found.includes(entry)) {
      clear();
      choose();
      show(0);
      write(location.hash);
    }
    const at = found.indexOf(entry);
    if (at < first || at >= last) show(at - (at % PIECE));
    for (const marked of body.querySelectorAll("[aria-current]")) marked.removeAttribute("aria-current");
    const target = document.getElementById("c-" + entry.id);
    target.setAttribute("aria-current", "true");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
    return true;
  }

  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", changed);
  addEventListener("hashchange", reveal);
  read();
  choose();
  if (!reveal()) show(0);
})();
