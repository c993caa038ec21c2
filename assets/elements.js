/* What the scripts of a page share; each stands with it in a block of its own. */

/** Read the data that the page holds for a script. */
function data(name) {
  return JSON.parse(document.getElementById(name + "-donnees").textContent);
}

/** Make an element with its attributes and what stands in it. */
function element(tag, attributes, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

function button(words, pressed) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", pressed);
  return made;
}

/** Say in the address what is chosen, beside what others say there; what is empty goes. */
function tell(chosen) {
  const said = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(chosen)) {
    if (value) said.set(name, value);
    else said.delete(name);
  }
  const words = String(said);
  history.replaceState(null, "", location.pathname + (words && "?" + words) + location.hash);
}

/** What stands for a figure among the other parts of the page: itself, or the paragraph it is in. */
const holder = (figure) => figure.closest("p") || figure;
