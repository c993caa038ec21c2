/* What the visit of tests/book/test_browser.py asks a page. */
window.visit = {
  /** Open what is folded. */
  open() {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  },

  /** Show the page in a theme, and wait until its sheets are there. */
  async theme(name) {
    const is = () => document.body.classList.contains("quarto-" + name);
    if (!is()) document.querySelector("#theme, .quarto-color-scheme-toggle").click();
    const sheets = [...document.querySelectorAll("link[rel=stylesheet]")];
    while (!is() || sheets.some((each) => !each.disabled && !each.sheet)) await new Promise(requestAnimationFrame);
    await Promise.all(document.getAnimations().map((each) => each.finished));
  },

  /** Weigh the page and what it loads, in bytes; but for what all pages share, which is Quarto's. */
  weigh() {
    const loaded = performance.getEntriesByType("resource").filter(({ name }) => !name.includes("/site_libs/"));
    const own = performance.getEntriesByType("navigation");
    return [...loaded, ...own].reduce((sum, each) => sum + each.decodedBodySize, 0);
  },

  /** Measure the figures and their words. */
  async figures() {
    await document.fonts.ready;
    return [...document.querySelectorAll("figure svg")].map((svg) => {
      const box = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")];
      const scale = svg.getScreenCTM().a;
      const inside = texts.map((text) => text.getBoundingClientRect());
      const sizes = texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
      let scrolls = box.right > innerWidth;
      for (let up = svg.parentElement; up && up.tagName !== "MAIN"; up = up.parentElement)
        scrolls ||= up.scrollWidth > up.clientWidth + 1 && up.clientWidth > 0 && getComputedStyle(up).overflowX !== "visible";
      return {
        smallest: Math.min(...sizes),
        largest: Math.max(...sizes),
        left: Math.min(...inside.map((each) => each.left)) - box.left,
        right: box.right - Math.max(...inside.map((each) => each.right)),
        words: texts.every((text) => text.textContent.trim()),
        scrolls,
      };
    });
  },

  /** Find one element for each colour of text on its grounds that this page has not shown yet. */
  looks() {
    this.seen ??= new Set();
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text; (text = walker.nextNode()); ) {
      const element = text.parentElement;
      if (!text.textContent.trim() || !element.checkVisibility()) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const size = parseFloat(fontSize);
      const look = [color, size >= 24 || (size >= 18.66 && fontWeight >= 700) ? "large" : "small"];
      for (let up = element; up; up = up.parentElement) {
        const { backgroundColor, backgroundImage, opacity } = getComputedStyle(up);
        look.push([backgroundColor, backgroundImage, opacity].join());
      }
      const key = [...new Set(look)].join(" ");
      if (!this.seen.has(key)) found.push(element);
      this.seen.add(key);
    }
    return found;
  },

  /** Let axe look at the page, or at parts of it; say each finding in one line. */
  async axe(context, settings) {
    if (context.length === 0) return [];
    const { violations } = await axe.run(context, { resultTypes: ["violations"], preload: false, ...settings });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => {
      const [, why] = failureSummary.split("\n");
      return id + ": " + target + ": " + why.trim();
    }));
  },
};
