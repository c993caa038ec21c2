/* The figure of the twenty statements, of which a reader chooses the doctors, the order and one
   statement, whose answers are then told. What is chosen stands in the address. */
const { groupes, portee, notes, parties, couleurs, enonces } = data("opinions");
const figure = document.querySelector("#fig-opinions svg");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const ALL = "ensemble";
const ORDERS = { accord: "Accord", ecart: "Écart", questionnaire: "Questionnaire" };
const BLOCKS = { oui: "Énoncés favorables au DMP", non: "Freins : énoncés défavorables" };
let chosen = { medecins: ALL, tri: "accord", enonce: "" };

/* What can be chosen. */
const controls = element("form", { class: "jeu-controles" });
function choice(name, legend, names) {
  const set = controls.appendChild(element("fieldset", {}, element("legend", {}, legend)));
  for (const [value, words] of names) {
    const radio = element("input", { type: "radio", name, value });
    radio.addEventListener("change", () => choose({ [name]: value }));
    set.append(element("label", {}, radio, element("span", {}, words)));
  }
}
choice("medecins", "Médecins", Object.entries(groupes).map(([key, { nom }]) => [key, nom]));
choice("tri", "Ordre", Object.entries(ORDERS));
const status = element("output");
const list = element("div");
const box = element("div", { class: "jeu opinions" }, controls, status, legend(), list);

function legend() {
  const tints = couleurs.clair.map((_, place) => element("span", { class: "note-" + (place + 1) }, String(place + 1)));
  return element("p", { class: "opinions-cle" }, notes[0] + " ", ...tints, " " + notes[1]);
}

/** The tints of the five marks, on a light and on a dark page. */
function colours() {
  const rules = (scope, tints) =>
    tints.map(([fill, text], place) => `${scope} .note-${place + 1}{--fond:${fill};--texte:${text}}`);
  return element("style", {}, rules(".opinions", couleurs.clair).concat(rules("body.quarto-dark .opinions", couleurs.sombre)).join(""));
}

/* A statement: its words and its bar are a button, which opens its table. */
const rows = new Map(
  enonces.map((statement) => {
    const words = element("span", { class: "opinions-mots" });
    const bar = element("span", { class: "opinions-barre", "aria-hidden": "true" });
    const panel = element("div", { id: "enonce-" + statement.id, hidden: "" });
    const opener = element("button", { type: "button", "aria-expanded": "false", "aria-controls": panel.id }, words, bar);
    opener.addEventListener("click", () => choose({ enonce: chosen.enonce === statement.id ? "" : statement.id }));
    return [statement.id, { statement, words, bar, opener, panel, line: element("li", {}, opener, panel) }];
  }),
);

/** Give the parts of a bar and the shares at both its ends: none where nothing is printed. */
function answers(statement) {
  if (statement.reponses) {
    const { effectifs, parts, cotes } = statement.reponses[chosen.medecins];
    return { parts, ends: [cotes[0], cotes[2]], texts: effectifs.slice(0, 5), missing: effectifs[5] };
  }
  if (chosen.medecins !== ALL) return null;
  return { parts: statement.parts, ends: [statement.textes[0], statement.textes[2]], texts: ["", "", ""], missing: 0, quoted: true };
}

function fill({ statement, words, bar }) {
  const own = answers(statement);
  const beside = [];
  if (!own) beside.push("non imprimé par groupe");
  else if (chosen.tri === "ecart") beside.push(statement.ecartTexte ? "écart " + statement.ecartTexte : "écart inconnu");
  else if (own.missing) beside.push(own.missing + " sans réponse");
  const told = own ? ` : ${own.ends[1]} d’accord, ${own.ends[0]} en désaccord` : "";
  words.replaceChildren(statement.texte, element("span", { class: "jeu-oral" }, told + (beside.length ? ", " : "")), element("small", {}, ...beside));
  if (!own) return bar.replaceChildren();
  const scale = 50 / portee;
  const middle = (own.parts.length - 1) / 2;
  const before = own.parts.slice(0, middle).reduce((sum, part) => sum + part, own.parts[middle] / 2);
  const tint = (place) => (own.quoted ? "cite note-" + (1 + 2 * place) : "note-" + (place + 1));
  const segments = own.parts.map((part, place) => {
    const made = element("span", { class: tint(place), style: `width:${part * scale}%` });
    // A number stands where its digits have room on a phone.
    if (part * scale > 1 + 2.5 * String(own.texts[place]).length) made.append(String(own.texts[place]));
    return part ? made : "";
  });
  const start = element("span", { class: "opinions-debut", style: `width:calc(${50 - before * scale}% + 2.4rem)` }, own.ends[0]);
  bar.replaceChildren(start, ...segments, element("span", { class: "opinions-fin" }, own.ends[1]));
}

/** Tell the answers of a statement, group by group, and where the thesis prints them. */
function detail(statement) {
  const head = (words) => element("th", { scope: "col" }, words);
  const columns = statement.reponses ? ["1", "2", "3", "4", "5", "Sans rép."] : ["Désaccord", "Neutre", "Accord"];
  const lines = Object.entries(groupes).map(([key, { nom, medecins }]) => {
    const own = statement.reponses && statement.reponses[key];
    const cells = own
      ? own.effectifs.map((number, place) => element("td", {}, String(number), element("small", {}, own.textes[place])))
      : statement.textes.map((text) => element("td", {}, text));
    return element("tr", {}, element("th", { scope: "row" }, nom, element("small", {}, medecins + " médecins")), ...cells);
  });
  const shown = statement.reponses ? [...lines.slice(1), lines[0]] : lines.slice(0, 1);
  const table = element(
    "table",
    { "aria-label": statement.texte },
    element("thead", {}, element("tr", {}, element("td"), ...columns.map(head))),
    element("tbody", {}, ...shown),
  );
  const said = statement.reponses ? `1 : ${notes[0]} ; 5 : ${notes[1]}. ` : "Parts imprimées sans tableau, non recalculables. ";
  const link = element("a", { href: statement.lien }, statement.reponses ? "Le tableau, comparé à l’imprimé" : "La figure");
  return [table, element("p", {}, `${said}Dans la thèse : ${statement.imprime}. `, link)];
}

/* The order. */
const agreement = ({ reponses, parts }) =>
  reponses ? reponses[chosen.medecins].accord : chosen.medecins === ALL ? parts[2] : -1;
const gap = ({ ecart }) => (ecart === undefined ? -1 : Math.abs(ecart));
const by = { accord: (a, b) => agreement(b) - agreement(a), ecart: (a, b) => gap(b) - gap(a), questionnaire: () => 0 };

function blocks() {
  const inParts = chosen.tri === "questionnaire";
  const names = inParts ? parties : BLOCKS;
  const block = (statement) => (inParts ? statement.partie : statement.favorable ? "oui" : "non");
  const sorted = enonces.slice().sort(by[chosen.tri]);
  return Object.entries(names).map(([key, title]) => [title, sorted.filter((each) => block(each) === key)]);
}

/** Open the statement that is chosen, and close the others. */
function open() {
  for (const [id, { statement, opener, panel }] of rows) {
    const opened = id === chosen.enonce;
    opener.setAttribute("aria-expanded", String(opened));
    panel.hidden = !opened;
    if (opened && !panel.hasChildNodes()) panel.append(...detail(statement));
  }
}

/** Show the doctors and the order that are chosen; lines that change their place move there. */
function arrange() {
  const before = new Map(Array.from(rows.values(), ({ line }) => [line, line.isConnected && line.getBoundingClientRect().top]));
  for (const row of rows.values()) fill(row);
  list.replaceChildren(
    ...blocks().flatMap(([title, own], place) => {
      const name = element("p", { id: "opinions-bloc-" + place, class: "opinions-bloc" }, title);
      return [name, element("ul", { "aria-labelledby": name.id }, ...own.map(({ id }) => rows.get(id).line))];
    }),
  );
  for (const radio of controls.elements) if (radio.type === "radio") radio.checked = chosen[radio.name] === radio.value;
  const order = { accord: "de l’accord le plus fréquent au plus rare dans chaque bloc", ecart: "du plus grand écart au plus petit dans chaque bloc", questionnaire: "dans l’ordre du questionnaire" };
  const meaning = chosen.tri === "ecart" ? " Écart : accord des utilisateurs moins celui des non-utilisateurs, en points." : "";
  const { nom, medecins } = groupes[chosen.medecins];
  status.textContent = `${nom} (${medecins} médecins), ${order[chosen.tri]}.${meaning}`;
  if (still.matches) return;
  for (const [line, top] of before) {
    const moved = top === false ? 0 : top - line.getBoundingClientRect().top;
    if (moved) line.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 350, easing: "ease" });
  }
}

function choose(changed) {
  chosen = { ...chosen, ...changed };
  if ("enonce" in changed) open();
  else arrange();
  tell({ medecins: chosen.medecins === ALL ? "" : chosen.medecins, tri: chosen.tri === "accord" ? "" : chosen.tri, enonce: chosen.enonce });
}

const said = new URLSearchParams(location.search);
for (const [name, values] of [["medecins", Object.keys(groupes)], ["tri", Object.keys(ORDERS)], ["enonce", [...rows.keys()]]]) {
  if (values.includes(said.get(name))) chosen[name] = said.get(name);
}
controls.addEventListener("submit", (event) => event.preventDefault());
box.prepend(colours());
arrange();
open();
holder(figure).replaceWith(box);
if (chosen.enonce) rows.get(chosen.enonce).opener.scrollIntoView({ block: "center" });
