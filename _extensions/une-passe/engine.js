/**
 * An engine for Quarto that runs each chapter once, whatever formats it goes into.
 *
 * One Python process (`builder/cells.py`, which says what a cell may show) serves a whole render.
 * Quarto asks for a chapter once a format: the first time it is run, then its answers serve again.
 * Nothing outlives the render, and nothing is frozen, so that no page can be older than its data.
 * Quarto itself cuts the chapter into cells and writes their Markdown, as for its own engine.
 *
 * The interface is that of `@quarto/types`, in packages/quarto-types of Quarto's repository.
 *
 * @typedef {import("@quarto/types").ExecuteOptions} ExecuteOptions
 * @typedef {import("@quarto/types").ExecutionEngineDiscovery} ExecutionEngineDiscovery
 * @typedef {import("@quarto/types").ExecutionTarget} ExecutionTarget
 * @typedef {import("@quarto/types").JupyterCell} JupyterCell
 * @typedef {import("@quarto/types").JupyterNotebook} JupyterNotebook
 * @typedef {import("@quarto/types").MappedString} MappedString
 * @typedef {import("@quarto/types").QuartoAPI} QuartoAPI
 *
 * @typedef {{ code: string, inline: boolean }} Item what the process is asked
 * @typedef {{ form: string, content: string, result: boolean }} Piece what it shows
 * @typedef {{ shown?: Piece[], error?: string, line?: number }} Answer
 * @typedef {{ cell: JupyterCell, item?: Item, inline?: string, name: string }} Place where code is
 * @typedef {{ markdown: string, answers: Promise<Answer[]>, formats: Set<string> }} Run
 */

const NAME = "une-passe";
/** The profile that leaves the cells to Quarto's own engine. */
const OTHER_ENGINE = "jupyter";
const SECONDS = 600;
const KERNELSPEC = { name: "python3", language: "python", display_name: "Python 3" };
const OPTION = /^#\s*\|/;
/** The fence of a cell with code in it, its options, the lines that are empty. */
const OPENING = /^[ \t]*```+[ \t]*\{python\b.*\n(?:[ \t]*(?:#[ \t]*\|.*)?\n)*(?=[ \t]*[^\s`])/gm;
const INLINE = /(?:^|[^`])(`\{python\}[ \t]([^`]+)`)/gm;

/** @type {QuartoAPI} */
let quarto;
/** @type {Render | undefined} */
let render;
/** @type {Map<string, ExecutionTarget>} Chapters in the order of the book. */
const known = new Map();

/** A chapter that cannot be shown, said in one line. */
class Fault extends Error {
  stack = ""; // Quarto shows it, and that of this file says nothing of the chapter.
}

/** The runs of one render, and the Python process that makes them, one after the other. */
class Render {
  /** @type {Map<string, Run>} */
  runs = new Map();
  /** @type {Promise<unknown>} */
  turn = Promise.resolve();

  /** @param {string} root folder of the project, where cells are run */
  constructor(root) {
    this.root = root;
  }

  /**
   * Run a chapter, or give the run that there is.
   *
   * @param {ExecutionTarget} target
   * @param {number} seconds that a cell may take
   * @returns {Run}
   */
  run({ source, markdown }, seconds) {
    const found = this.runs.get(source);
    if (found?.markdown === markdown.value) return found;
    const answers = this.turn.then(async () => {
      const places = read(await notebook(markdown.value));
      const run = places.filter(({ item }) => item);
      const answers = await this.ask(run.map(({ item }) => /** @type {Item} */ (item)), seconds);
      const { error, line = 1 } = answers.at(-1) ?? {};
      if (!error) return answers;
      const until = places.slice(0, places.indexOf(run[answers.length - 1]) + 1);
      throw new Fault(`${where(markdown, until, line, this.root)}: ${error}`);
    });
    // A chapter that is run ahead fails when it is asked for.
    this.turn = answers.catch(() => {});
    const run = { markdown: markdown.value, answers, formats: new Set() };
    this.runs.set(source, run);
    return run;
  }

  /**
   * Run what comes next while Quarto writes this chapter. The more it asked for, the more it will:
   * a render of one chapter runs no other.
   *
   * @param {ExecutionTarget} target
   * @param {number} seconds
   */
  runAhead(target, seconds) {
    const chapters = [...known.values()];
    const next = chapters.findIndex(({ source }) => source === target.source) + 1;
    const wanted = [...this.runs.values()].filter(({ formats }) => formats.size).length;
    chapters.slice(next, next + wanted - 1).forEach((chapter) => this.run(chapter, seconds));
  }

  /**
   * @param {Item[]} items
   * @param {number} seconds
   * @returns {Promise<Answer[]>} one for each item, up to the first error
   */
  async ask(items, seconds) {
    if (!items.length) return [];
    this.process ??= await start(this.root);
    /** @type {Answer[]} */
    const answers = [];
    const asked = new TextEncoder().encode(JSON.stringify({ seconds, items }) + "\n");
    await this.process.writer.write(asked).catch(() => {}); // The answer that is missing says why.
    while (answers.length < items.length && !answers.at(-1)?.error) {
      const { value } = await this.process.lines.next();
      answers.push(value ? JSON.parse(value) : { error: await this.process.end(seconds) });
    }
    return answers;
  }
}

/**
 * Start the process that runs cells, with the Python of the project.
 *
 * @param {string} root
 */
async function start(root) {
  const [python, ...words] = await quarto.jupyter.pythonExec();
  const process = new Deno.Command(python, {
    args: [...words, "-X", "utf8", `${root}/builder/cells.py`],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  return {
    writer: process.stdin.getWriter(),
    lines: lines(process.stdout),
    /** @param {number} seconds */
    async end(seconds) {
      const { signal, code } = await process.status;
      if (signal === "SIGALRM") return `takes more than ${seconds} s`;
      return `ends the Python process (${signal ?? `status ${code}`})`;
    },
    async kill() {
      try {
        process.kill("SIGKILL");
      } catch { /* It has ended. */ }
      await process.status;
    },
  };
}

/** @param {ReadableStream<Uint8Array>} stream */
async function* lines(stream) {
  const decoder = new TextDecoder();
  let parts = [""];
  for await (const chunk of stream) {
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    parts.push(first);
    for (const other of others) {
      yield parts.join("");
      parts = [other];
    }
  }
}

/** End what is left of a render. */
async function finish() {
  const process = render?.process;
  render = undefined;
  await process?.kill();
}

/**
 * @param {string} markdown
 * @returns {Promise<JupyterNotebook>}
 */
function notebook(markdown) {
  // With a kernel named here, Quarto looks for none; without ids, it makes none up at random.
  const project = /** @type {any} */ ({ config: { jupyter: { kernelspec: KERNELSPEC } } });
  return quarto.jupyter.quartoMdToJupyter(markdown, false, project);
}

/**
 * List where a chapter has code, in its order.
 *
 * @param {JupyterNotebook} chapter
 * @returns {Place[]} without an item where the code is not run
 */
function read(chapter) {
  return chapter.cells.flatMap((cell) => {
    const source = [cell.source].flat().join("");
    if (cell.cell_type === "code") {
      const all = source.split("\n");
      const options = all.slice(0, all.findIndex((line) => !OPTION.test(line))).join("\n");
      const label = /^#\s*\|\s*label:\s*(.*?)\s*$/m.exec(options);
      const name = label ? `cell ${label[1]}` : "cell";
      if (/^#\s*\|\s*eval:\s*false\s*$/m.test(options)) return [{ cell, name }];
      const code = source.slice(options.length).replace(/^(\s*\n)+/, "");
      return [{ cell, item: { code, inline: false }, name }];
    }
    if (cell.cell_type !== "markdown") return [];
    return [...source.matchAll(INLINE)].map(([, inline, code]) => {
      return { cell, item: { code: code.trim(), inline: true }, inline, name: code.trim() };
    });
  });
}

/**
 * Say where the last of some places is, in the file of its chapter or in one that it includes.
 *
 * @param {MappedString} markdown
 * @param {Place[]} places
 * @param {number} line counted from there
 * @param {string} root
 */
function where(markdown, places, line, root) {
  let at = 0;
  for (const { inline } of places) {
    OPENING.lastIndex = at;
    if (inline) at = markdown.value.indexOf(inline, at) + 1;
    else if (OPENING.test(markdown.value)) at = OPENING.lastIndex + 1;
  }
  const from = markdown.map(at - 1);
  const first = from ? quarto.mappedString.indexToLineCol(from.originalString, from.index).line : 0;
  const file = from?.originalString.fileName?.replace(`${root}/`, "");
  return `${file}:${first + line}: ${places.at(-1)?.name}`;
}

/**
 * Put answers into a chapter, as a notebook that was run holds them.
 *
 * @param {JupyterNotebook} chapter
 * @param {Answer[]} answers
 * @param {boolean} toHtml whether HTML has a place in it
 */
function fill(chapter, answers, toHtml) {
  let count = 0;
  const places = read(chapter).filter(({ item }) => item);
  answers.forEach(({ shown = [] }, index) => {
    const { cell, inline, name } = places[index];
    if (inline) {
      const data = { "text/markdown": shown[0].content || "[]{}" };
      const found = /** @type {object[]} */ (cell.metadata.user_expressions ??= []);
      found.push({ expression: name, result: { status: "ok", data, metadata: {} } });
      return;
    }
    const execution_count = cell.execution_count = ++count;
    cell.outputs = shown
      .filter(({ form }) => toHtml || form !== "text/html")
      .map(({ form, content, result }) => {
        const text = content.split(/(?<=\n)/);
        if (form === "stdout") return { output_type: "stream", name: form, text };
        const shown = { data: { [form]: text }, metadata: {} };
        return result
          ? { output_type: "execute_result", execution_count, ...shown }
          : { output_type: "display_data", ...shown };
      });
  });
}

/**
 * @param {ExecuteOptions} options
 * @returns {Promise<Answer[]>}
 */
async function answer({ target, format, project }) {
  if (format.execute.enabled === false) return [];
  const seconds = Number(format.metadata["cell-seconds"] ?? SECONDS);
  const name = `${format.identifier["target-format"]}`;
  // A format that comes back is another render: a preview makes many, and code may have changed.
  if (render?.runs.get(target.source)?.formats.has(name)) await finish();
  render ??= new Render(project.dir);
  const run = render.run(target, seconds);
  run.formats.add(name);
  render.runAhead(target, seconds);
  try {
    return await run.answers;
  } catch (error) {
    await finish();
    throw error;
  }
}

/** @type {ExecutionEngineDiscovery} */
export default {
  init: (api) => {
    if (!quarto) api.system.onCleanup(finish);
    quarto = api;
  },
  name: NAME,
  defaultExt: ".qmd",
  defaultYaml: () => [`engine: ${NAME}`],
  defaultContent: () => [],
  validExtensions: () => [".qmd"],
  claimsFile: () => false,
  claimsLanguage: (language) => {
    const profiles = (Deno.env.get("QUARTO_PROFILE") ?? "").split(/[ ,]+/);
    return language === "python" && !profiles.includes(OTHER_ENGINE) && 2;
  },
  canFreeze: false,
  generatesFigures: true,
  quartoRequired: ">=1.10.0",

  launch: (context) => ({
    name: NAME,
    canFreeze: false,
    markdownForFile: (file) => Promise.resolve(quarto.mappedString.fromFile(file)),
    partitionedMarkdown: (file) =>
      Promise.resolve(quarto.markdownRegex.partition(Deno.readTextFileSync(file))),

    target: async (file, _quiet, markdown) => {
      markdown ??= await context.resolveFullMarkdownForFile(undefined, file);
      const metadata = quarto.markdownRegex.extractYaml(markdown.value);
      const target = { source: file, input: file, markdown, metadata };
      known.set(file, target);
      return target;
    },

    execute: async (options) => {
      const { target, format } = options;
      const toHtml = quarto.format.isHtmlCompatible(format);
      const chapter = await notebook(target.markdown.value);
      fill(chapter, await answer(options), toHtml);
      const assets = quarto.jupyter.assets(target.input, format.pandoc.to);
      const { cellOutputs } = await quarto.jupyter.toMarkdown(chapter, {
        executeOptions: options,
        language: KERNELSPEC.language,
        assets,
        execute: format.execute,
        toHtml,
        toLatex: false,
        toMarkdown: false,
        toIpynb: false,
        toPresentation: false,
      });
      return {
        engine: NAME,
        markdown: cellOutputs.map((output) => output.markdown).join(""),
        supporting: [`${assets.base_dir}/${assets.supporting_dir}`],
        filters: [],
      };
    },

    dependencies: () => Promise.resolve({ includes: {} }),
    postprocess: () => Promise.resolve(),
    canKeepSource: () => true,
    postRender: finish,
  }),
};
