/* Show what print says of a crossing of two answers: of each cell the least and the greatest count
   that it allows, and, where one is chosen, the lines that make them. The page holds all crossings
   as data. What is chosen stands in the address, as a question: #users&age=60-69&purpose. */
(function () {
  const { noms, niveaux, groupes, etats, enonces, croisements } = data("imprime");
  const box = document.getElementById("imprime");
  const NBSP = "\u00a0";
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  /* What can be chosen. */
  const controls = element("form", { class: "controles", "aria-label": "Choisir un croisement" });
  const groups = element("div");
  const radios = {};
  for (const [group, { nom }] of Object.entries(groupes)) {
    radios[group] = element("input", { type: "radio", name: "groupe", value: group });
    groups.append(element("label", {}, radios[group], nom));
  }
  function choice(words) {
    const select = element("select");
    controls.append(element("label", {}, words, select));
    return select;
  }
  controls.append(element("fieldset", {}, element("legend", {}, "Qui"), groups));
  const selects = [choice("Une réponse"), choice("Croisée avec")];
  const status = element("output");
  controls.append(status);

  const sign = (kind) => element("span", { class: "barre " + kind, "aria-hidden": "true" }, element("i"));
  const key = element("p", { class: "cle" });
  for (const [kind, word] of Object.entries(etats)) key.append(element("span", {}, sign(kind), word));
  const head = element("tr", { role: "row" });
  const body = element("tbody", { role: "rowgroup" });
  const table = element("table", { role: "grid" }, element("thead", { role: "rowgroup" }, head), body);
  const nobody = element("p", { class: "personne" });
  box.replaceChildren(controls, key, table, nobody);

  let chosen = { group: Object.keys(groupes)[0], names: groupes[Object.keys(groupes)[0]].depart, levels: null };

  const label = (variable, level) => niveaux[variable][level];
  const lower = (words) => words.charAt(0).toLowerCase() + words.slice(1);
  const range = ([least, most]) => (least === most ? String(least) : least + NBSP + "à" + NBSP + most);
  function state([least, most, seenLeast, seenMost]) {
    return least === most ? "determined" : seenLeast < seenMost ? "open" : "bounded";
  }

  /** Give the cells of a crossing, by the levels of both variables. */
  function crossing(group, [one, other]) {
    const own = croisements[group];
    const turned = !own[one + "&" + other];
    const [first, second] = turned ? [other, one] : [one, other];
    const list = own[first + "&" + second];
    const width = Object.keys(niveaux[second]).length;
    const found = new Map();
    Object.keys(niveaux[first]).forEach((a, row) => {
      Object.keys(niveaux[second]).forEach((b, column) => {
        found.set(turned ? b + "&" + a : a + "&" + b, list[row * width + column]);
      });
    });
    return found;
  }

  /** List the statements that make a bound. */
  function because(words, numbers) {
    const why = element("p", {}, words + (numbers.length ? NBSP + ":" : NBSP + ": rien d’imprimé n’y oblige."));
    const list = numbers.map((number) => {
      const [lines, text] = enonces[number];
      return element("li", {}, element("span", {}, lines), " " + text);
    });
    return list.length ? [why, element("ul", {}, ...list)] : [why];
  }
  function reasons(cell, [row, column]) {
    const [least, most, seenLeast, seenMost, below, above] = cell;
    const word = element("a", { href: "reconstruction.html#sec-prouve" }, etats[state(cell)]);
    const what = [groupes[chosen.group].nom, lower(label(chosen.names[0], row)), lower(label(chosen.names[1], column))].join(", ");
    const seen = least === most ? "" : " Dans les jeux retrouvés" + NBSP + ": " + range([seenLeast, seenMost]) + ".";
    const title = element("p", {}, element("strong", {}, what + NBSP + ": " + range(cell)), ". ", word, "." + seen);
    const same = least === most && String(below) === String(above);
    const parts = same ? because("Ce nombre, par les lignes", below) : [...because("Au moins " + least, below), ...because("Au plus " + most, above)];
    return element("div", { id: "imprime-raisons" }, title, ...parts);
  }

  function button(cell, levels, most, focused) {
    const kind = state(cell);
    const made = element(
      "button",
      { type: "button", tabindex: focused ? "0" : "-1", "data-case": levels.join("&"), style: `--moins:${cell[0] / most};--plus:${cell[1] / most}` },
      element("span", { class: "niveau" }, label(chosen.names[1], levels[1]) + " "),
      element("strong", {}, range(cell)),
      element("span", { class: kind === "bounded" ? "mot" : "visually-hidden" }, " " + lower(etats[kind])),
      sign(kind),
    );
    made.addEventListener("click", () => choose(levels));
    return made;
  }

  /** Draw the crossing. */
  function show() {
    const cells = crossing(chosen.group, chosen.names);
    const all = chosen.names.map((name) => Object.keys(niveaux[name]));
    const possible = (side) => (level) => [...cells].some(([key, cell]) => key.split("&")[side] === level && cell[1]);
    const [rows, columns] = all.map((levels, side) => levels.filter(possible(side)));
    const most = Math.max(...[...cells.values()].map((cell) => cell[1]));
    head.replaceChildren(element("th", { role: "columnheader", scope: "col" }, noms[chosen.names[0]]));
    for (const column of columns) head.append(element("th", { role: "columnheader", scope: "col" }, label(chosen.names[1], column)));
    const isDrawn = chosen.levels && rows.includes(chosen.levels[0]) && columns.includes(chosen.levels[1]);
    if (!isDrawn) chosen.levels = null;
    const focused = chosen.levels || [rows[0], columns[0]];
    body.replaceChildren();
    for (const row of rows) {
      const line = element("tr", { role: "row" }, element("th", { role: "rowheader", scope: "row" }, label(chosen.names[0], row)));
      for (const column of columns) {
        const here = row === focused[0] && column === focused[1];
        line.append(element("td", { role: "gridcell" }, button(cells.get(row + "&" + column), [row, column], most, here)));
      }
      body.append(line);
    }
    const out = chosen.names.flatMap((name, side) => all[side].filter((level) => ![rows, columns][side].includes(level)).map((level) => lower(label(name, level))));
    nobody.textContent = out.length ? "Personne, c’est prouvé" + NBSP + ": " + out.join(NBSP + "; ") + "." : "";
    table.setAttribute("aria-label", groupes[chosen.group].nom + NBSP + ": " + lower(noms[chosen.names[0]]) + " et " + lower(noms[chosen.names[1]]));
    const count = { determined: 0, open: 0, bounded: 0 };
    for (const row of rows) for (const column of columns) count[state(cells.get(row + "&" + column))] += 1;
    status.textContent = Object.entries(count).filter(([, number]) => number).map(([kind, number]) => number + " " + lower(etats[kind]) + (number > 1 ? "s" : "")).join(", ");
    for (const [group, radio] of Object.entries(radios)) radio.checked = group === chosen.group;
    selects.forEach((select, side) => {
      const names = groupes[chosen.group].variables;
      if (select.dataset.groupe !== chosen.group) select.replaceChildren(...names.map((name) => new Option(noms[name], name)));
      select.dataset.groupe = chosen.group;
      select.value = chosen.names[side];
    });
    open(cells);
  }

  /** Show the reasons of the cell that is chosen, below its row. */
  function open(cells) {
    const before = body.querySelector(".raisons");
    if (before) before.remove();
    for (const each of body.querySelectorAll("button")) {
      const here = chosen.levels && each.dataset.case === chosen.levels.join("&");
      each.setAttribute("aria-expanded", String(Boolean(here)));
      each.removeAttribute("aria-controls");
      if (!here) continue;
      const place = element("td", { role: "gridcell", colspan: head.children.length }, reasons(cells.get(each.dataset.case), chosen.levels));
      each.closest("tr").after(element("tr", { role: "row", class: "raisons" }, place));
      each.setAttribute("aria-controls", "imprime-raisons");
    }
  }
  function choose(levels) {
    const again = chosen.levels && chosen.levels.join("&") === levels.join("&");
    chosen = { ...chosen, levels: again ? null : levels };
    open(crossing(chosen.group, chosen.names));
    focus(body.querySelector("[data-case='" + levels.join("&") + "']"));
    write();
  }
  function focus(target) {
    for (const each of body.querySelectorAll("button")) each.tabIndex = each === target ? 0 : -1;
    target.focus();
  }

  /* The address. */
  function write() {
    const parts = chosen.names.map((name, side) => name + (chosen.levels ? "=" + chosen.levels[side] : ""));
    history.replaceState(null, "", location.pathname + location.search + "#" + [chosen.group, ...parts].map(encodeURIComponent).join("&").replaceAll("%3D", "="));
  }
  /** Read the question of the address; false where it has none. */
  function read() {
    let parts;
    try {
      parts = location.hash.slice(1).split("&").map(decodeURIComponent);
    } catch (error) {
      return false;
    }
    const [group, ...asked] = parts;
    const pairs = asked.map((each) => each.split("="));
    const names = pairs.map(([name]) => name);
    const known = (name) => groupes[group].variables.includes(name);
    if (!Object.hasOwn(groupes, group) || names.length !== 2 || names[0] === names[1] || !names.every(known)) return false;
    const levels = pairs.map(([, level]) => level);
    const cell = crossing(group, names).get(levels.join("&"));
    chosen = { group, names, levels: cell ? levels : null };
    return true;
  }
  function reveal() {
    if (!read()) return;
    show();
    const target = body.querySelector("[aria-expanded=true]");
    if (target) target.focus({ preventScroll: true });
    (target || box).scrollIntoView({ block: target ? "center" : "start" });
  }

  groups.addEventListener("change", (event) => {
    const group = event.target.value;
    const kept = chosen.names.every((name) => groupes[group].variables.includes(name));
    chosen = { group, names: kept ? chosen.names : groupes[group].depart, levels: null };
    show();
    write();
  });
  selects.forEach((select, side) => {
    select.addEventListener("change", () => {
      const names = [...chosen.names];
      // A variable crossed with itself says nothing: the two change places.
      if (select.value === names[1 - side]) names[1 - side] = names[side];
      names[side] = select.value;
      chosen = { ...chosen, names, levels: null };
      show();
      write();
    });
  });
  body.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const lines = [...body.querySelectorAll("tr:not(.raisons)")].map((line) => [...line.querySelectorAll("button")]);
    const row = lines.findIndex((line) => line.includes(event.target));
    if (!step || row < 0) return;
    event.preventDefault();
    const line = lines[Math.min(Math.max(row + step[0], 0), lines.length - 1)];
    focus(line[Math.min(Math.max(lines[row].indexOf(event.target) + step[1], 0), line.length - 1)]);
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  show();
  reveal();
})();
