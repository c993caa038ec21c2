/* The map of the categories: point at one to be told of it, and go through the tables that print
   allows to see what moves. The category and the table stand in the address. */
const { points, places, tableaux, deplacees, categories, echelles } = data("carte");
const figure = document.querySelector("#fig-f9 svg");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const NS = "http://www.w3.org/2000/svg";
const OURS = "Jeu reconstitué";
const NEAR = 16;
const last = deplacees.length;
const decimal = new Intl.NumberFormat("fr", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const write = (hundredths) => decimal.format(hundredths / 100).replace("-", "−");

/* Hundredths of a unit, x and y of each point that the tables have, table after table. */
const bytes = Uint8Array.from(atob(tableaux), (letter) => letter.charCodeAt(0));
const packed = new DataView(bytes.buffer);
function place(point, table) {
  const rank = places.indexOf(point);
  if (!table || rank < 0) return null;
  const at = 4 * ((table - 1) * places.length + rank);
  return [packed.getInt16(at, true), packed.getInt16(at + 2, true)];
}

let chosen = -1; // the category that stays
let shown = -1; // the one that is pointed at, or that stays
let table = 0; // 0: the rows of the book
let clock = 0;

/* The parts of the figure. */
function drawn(tag, attributes) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
const marks = points.map((point, rank) => {
  const mark = document.getElementById("f9-point-" + rank);
  const use = mark.querySelector("use");
  const home = [Number(use.getAttribute("x")), Number(use.getAttribute("y"))];
  for (const part of ["point", "name"]) document.getElementById(`f9-${part}-${rank}`).dataset.rank = rank;
  for (const [name, value] of Object.entries({ role: "button", tabindex: "-1", "aria-pressed": "false" })) mark.setAttribute(name, value);
  mark.setAttribute("aria-label", `${point.nom}, ${point.variable}`);
  mark.classList.add("carte-point");
  return { mark, home, now: home, trail: drawn("line", { class: "carte-trace", x1: home[0], y1: home[1], x2: home[0], y2: home[1] }) };
});
const ring = drawn("circle", { class: "carte-point carte-anneau", r: 9.5 });

/* What can be chosen. */
const select = element("select");
select.append(new Option("Aucune", ""));
const inOrder = [];
for (const variable of new Set(points.map((point) => point.variable))) {
  const group = select.appendChild(element("optgroup", { label: variable }));
  points.forEach((point, rank) => {
    if (point.variable !== variable) return;
    group.append(new Option(point.nom, point.code));
    inOrder.push(rank);
  });
}
const slider = element("input", { type: "range", min: 0, max: last, value: 0, "aria-label": "Jeu retrouvé" });
const steps = [button("◀", () => step(table - 1)), button("▶", () => step(table + 1))];
steps[0].setAttribute("aria-label", "Jeu précédent");
steps[1].setAttribute("aria-label", "Jeu suivant");
const player = button("Lire", () => (clock ? pause() : play()));
const status = element("output");
const panel = element("div", { class: "carte-fiche" });
const note = element(
  "p",
  {},
  "Les réponses de ces jeux retrouvés n’appartiennent à aucune personne réelle. " +
    "Ce qui bouge d’un jeu à l’autre est ce que l’imprimé laisse ouvert ; ce qui n’y bouge pas est seulement constaté. " +
    "Le signe d’un axe étant arbitraire, les non-utilisateurs sont toujours à droite, et le second axe prend le sens où il est corrélé positivement à celui de la figure.",
);
const controls = element(
  "form",
  { class: "jeu-controles carte-controles" },
  element("div", { role: "group", "aria-label": "Jeux que l’imprimé permet" }, steps[0], slider, steps[1], player),
  status,
  element("label", {}, "Modalité ", select),
);
const box = element("div", { class: "jeu carte" }, element("div", { class: "carte-bord" }, controls, panel), note);

/** Name a table by its rank, raised, and all of it in plain letters. */
const ending = (number) => (number === 1 ? "er" : "e");
const ordinal = (number) => [String(number), element("sup", {}, ending(number))];
const plain = (number) => (number ? `${number}${ending(number)} jeu retrouvé sur ${last}` : OURS);

/** Tell of the category that is pointed at. */
function tellCategory() {
  const point = points[shown];
  if (!point) return panel.replaceChildren(element("p", {}, "Pointez une modalité de la carte, ou choisissez-la dans la liste."));
  const at = place(shown, table);
  const columns = [[["Figure"], point.ici], [["Contrib."], point.contribution], [["cos²"], point.cos2]];
  if (table) columns.push([ordinal(table), at ? at.map(write) : ["absente", "absente"]]);
  if (point.etendue) columns.push([[`Les ${last}`], point.etendue]);
  const heads = columns.map(([head]) => element("th", { scope: "col" }, ...head));
  const rows = ["Axe 1", "Axe 2"].map((axis, place) =>
    element("tr", {}, element("th", { scope: "row" }, axis), ...columns.map(([, cells]) => element("td", {}, cells[place]))),
  );
  const constant = point.enHaut === undefined ? "" : `, en haut dans ${point.enHaut} jeux`;
  panel.replaceChildren(
    element("p", {}, element("strong", {}, point.nom), ` (${point.variable}) : ${point.medecins} médecin${point.medecins > 1 ? "s" : ""}${constant}`),
    element("table", { "aria-label": point.nom }, element("thead", {}, element("tr", {}, element("td"), ...heads)), element("tbody", {}, ...rows)),
  );
}

/** Move the points where the table puts them; what leaves the frame stays at its edge. */
function draw() {
  marks.forEach((each, rank) => {
    const at = place(rank, table);
    const [low, high] = echelles.cadre;
    const ordinate = at && Math.min(Math.max(at[1] / 100, low), high);
    each.now = at ? [echelles.x[0] + echelles.x[1] * (at[0] / 100), echelles.y[0] + echelles.y[1] * ordinate] : each.home;
    const [x, y] = each.now;
    each.mark.style.transform = `translate(${x - each.home[0]}px, ${y - each.home[1]}px)`;
    each.trail.setAttribute("x2", x);
    each.trail.setAttribute("y2", y);
  });
  const verb = (number) => (number > 1 ? `${number} modalités sur ${categories} ont` : `${number || "aucune"} modalité sur ${categories} a`);
  const [across, upright] = table ? deplacees[table - 1] : [0, 0];
  status.replaceChildren(OURS + ".");
  if (table) status.replaceChildren(...ordinal(table), ` jeu retrouvé sur ${last} : de haut en bas, ${verb(upright)} changé de côté depuis la figure ; de gauche à droite, ${across || "aucune"}.`);
  slider.value = table;
  slider.setAttribute("aria-valuetext", plain(table));
  steps[0].disabled = table === 0;
  steps[1].disabled = table === last;
  mark();
}

/** Mark the category that is pointed at, and tell of it. */
function mark() {
  marks.forEach(({ mark, trail }, rank) => {
    mark.setAttribute("aria-pressed", String(rank === chosen));
    trail.classList.toggle("carte-choisi", rank === shown);
    for (const part of ["zone", "name"]) {
      const drawnPart = document.getElementById(`f9-${part}-${rank}`);
      if (drawnPart) drawnPart.classList.toggle("carte-choisi", rank === shown);
    }
  });
  ring.style.display = shown < 0 ? "none" : "";
  if (shown >= 0) ring.style.transform = `translate(${marks[shown].now.map((at) => at + "px").join(", ")})`;
  tellCategory();
}

function point(rank) {
  const wanted = rank < 0 ? chosen : rank;
  if (wanted === shown) return;
  shown = wanted;
  mark();
}
function choose(rank) {
  chosen = shown = rank;
  select.value = rank < 0 ? "" : points[rank].code;
  reach(rank < 0 ? inOrder[0] : rank);
  mark();
  say();
}
/** One point is a stop of the keyboard; the arrows go on from it. */
function reach(rank) {
  marks.forEach((each, other) => each.mark.setAttribute("tabindex", other === rank ? "0" : "-1"));
}

function step(wanted) {
  pause();
  table = Math.min(Math.max(wanted, 0), last);
  draw();
  say();
}
function play() {
  if (table === last) table = 0;
  status.setAttribute("aria-live", "off");
  player.textContent = "Pause";
  const next = () => {
    if (table === last) return pause();
    table += 1;
    draw();
  };
  clock = setInterval(next, still.matches ? 2000 : 900);
  next();
}
function pause() {
  if (!clock) return;
  clearInterval(clock);
  clock = 0;
  player.textContent = "Lire";
  status.removeAttribute("aria-live");
  say();
}
function say() {
  tell({ modalite: chosen < 0 ? "" : points[chosen].code, jeu: table ? String(table) : "" });
}

/** Find the category that an event is at: its mark, its name, or the mark that is nearest. */
function at(event) {
  const part = event.target.closest("[data-rank]");
  if (part) return Number(part.dataset.rank);
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(figure.getScreenCTM().inverse());
  const far = marks.map(({ now }) => Math.hypot(now[0] - x, now[1] - y));
  const nearest = far.indexOf(Math.min(...far));
  return far[nearest] < NEAR ? nearest : -1;
}
figure.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(at(event)));
figure.addEventListener("pointerleave", () => point(-1));
figure.addEventListener("click", (event) => choose(at(event)));
figure.addEventListener("focusin", (event) => event.target.dataset.rank && point(Number(event.target.dataset.rank)));
figure.addEventListener("focusout", () => point(-1));
figure.addEventListener("keydown", (event) => {
  const rank = Number(event.target.dataset.rank);
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (by) {
    const next = inOrder[(inOrder.indexOf(rank) + by + inOrder.length) % inOrder.length];
    reach(next);
    marks[next].mark.focus({ preventScroll: true });
  } else if (event.key === "Enter" || event.key === " ") choose(chosen === rank ? -1 : rank);
  else if (event.key === "Escape") choose(-1);
  else return;
  event.preventDefault();
});
select.addEventListener("change", () => choose(points.findIndex(({ code }) => code === select.value)));
slider.addEventListener("input", () => step(Number(slider.value)));
controls.addEventListener("submit", (event) => event.preventDefault());

const said = new URLSearchParams(location.search);
chosen = shown = points.findIndex(({ code }) => code === said.get("modalite"));
table = Math.min(Math.max(Math.trunc(Number(said.get("jeu"))) || 0, 0), last);
select.value = chosen < 0 ? "" : points[chosen].code;
reach(chosen < 0 ? inOrder[0] : chosen);
marks[0].mark.before(...marks.map(({ trail }) => trail));
figure.append(ring);
figure.classList.add("carte-vive");
holder(figure).after(box);
draw();
