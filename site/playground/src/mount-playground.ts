import { createCompiler } from "./compile/compiler.ts";
import { createFileTree } from "./panes/file-tree.ts";
import { createGrantsForm } from "./panes/grants-form.ts";
import { createResultTabs } from "./panes/result-tabs.ts";
import { createSourcePane } from "./panes/source-pane.ts";
import { createToolbar } from "./panes/toolbar.ts";
import { examples } from "./programs/examples.ts";
import type { Program } from "./programs/program.ts";
import { droppedProject } from "./project/dropped.ts";
import { findModule } from "./project/find-module.ts";
import { textIfText } from "./project/keep-changes.ts";
import { prepareRun } from "./project/run-options.ts";
import { compiledLanguage, createSession, moduleName } from "./project/session.ts";
import { isLink, packState, unpackState } from "./project/share-link.ts";
import { createRunner } from "./run/runner.ts";
import css from "./playground.css?inline";
import { element } from "./ui/element.ts";
import { onFileDrop } from "./ui/file-drop.ts";

/** What a playground begins with. */
export interface PlaygroundOptions {
  /** The program that is opened: the folder of an example. Default: `"wat/hello"`. */
  readonly program?: string;
  /** The run that is chosen. Default: the first of its wasi.json. */
  readonly run?: string;
  /** Whether other programs can be chosen. Default: `true`. */
  readonly choice?: boolean;
  /** Whether a state in the page's fragment is opened. Default: `true`. */
  readonly link?: boolean;
}

/** A playground in a page. */
export interface Playground {
  /** Opens another program. @throws Error if there is none of that name */
  open(program: string, run?: string): Promise<void>;
  /** Ends its workers, and takes it out of the page. */
  destroy(): void;
}

/**
 * Makes a playground in an element: programs are written, run and looked into
 * there, by the runner of `@wasi-kit/runner/browser` in a web worker. Nothing is
 * sent to a server.
 */
export function mountPlayground(parent: HTMLElement, options: PlaygroundOptions = {}): Playground {
  // The styles of the page around it, such as those of a chapter, end here.
  const host = element("div", { class: "wasi-kit-playground" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  parent.append(host);

  const session = createSession();
  const runner = createRunner();
  const compiler = createCompiler();
  const source = createSourcePane(session, root);
  const results = createResultTabs(session, runner, {
    async findModule() {
      const found = await findModule(session, compiler);
      return "module" in found ? found.module : found.message;
    },
    reveal: source.reveal,
  });
  const toolbar = createToolbar(session, options.choice === false ? [] : examples, {
    open: (program) => void openProgram(program),
    run: () => void run(),
    stop: () => runner.stop(),
    share: () => void share(),
  });
  root.append(
    element(
      "div",
      { class: "playground" },
      toolbar.element,
      element(
        "div",
        { class: "panes" },
        source.element,
        element("div", { class: "results" }, results.element),
        element(
          "div",
          { class: "project" },
          createFileTree(session, (files) => void drop(files)),
          createGrantsForm(session),
        ),
      ),
    ),
  );

  /** The run that is being made: it is of the program that was open when it began. */
  let current: object | undefined;
  const clear = (): void => {
    results.clear();
    toolbar.setStatus("");
  };
  session.subscribe((change) => {
    if (change !== "program") return;
    current = undefined;
    runner.stop();
    clear();
  });

  async function openProgram(program: Program, name?: string): Promise<void> {
    await session.openProgram(program, name);
    const language = compiledLanguage(session.manifest);
    // That of AssemblyScript is large, and is loaded when a program is changed.
    if (language === "wat") compiler.warm(language);
  }

  /** Opens the state that the page's fragment has. @returns why it can't be opened */
  async function openLink(): Promise<string | undefined> {
    try {
      const state = await unpackState(location.hash);
      await session.openState(state, programNamed(state.program));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  function showLinkProblem(problem: string): void {
    results.showProblem(problem);
    toolbar.setStatus("The link can't be opened.");
  }

  async function begin({ program = usualProgram, run: name, link = true }: PlaygroundOptions): Promise<void> {
    await source.ready;
    const problem = link && isLink(location.hash) ? await openLink() : null;
    if (problem === undefined) return;
    const wanted = programNamed(program);
    await openProgram(wanted ?? (programNamed(usualProgram) as Program), name);
    if (problem !== null) showLinkProblem(problem);
    else if (!wanted) results.showProblem(`There is no program ${program} here. Choose another one.`);
  }

  async function share(): Promise<void> {
    try {
      const { files, run: name, program } = session;
      const fragment = await packState({ program: program?.id, run: name, files });
      history.replaceState(null, "", fragment);
      toolbar.setStatus("The address of this page now holds the whole project.");
      await navigator.clipboard?.writeText(location.href).then(
        () => toolbar.setStatus("The link is in the clipboard, and in the address of this page."),
        () => {},
      );
    } catch (error) {
      toolbar.setStatus((error as Error).message);
    }
  }

  async function drop(files: readonly File[]): Promise<void> {
    const contents = await Promise.all(
      files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const),
    );
    const project = droppedProject(contents);
    if (project) {
      await session.openState(project, undefined);
      results.openModule();
      return;
    }
    for (const [name, bytes] of contents) await session.setFile(name, textIfText(bytes));
  }

  async function run(): Promise<void> {
    if (current) return;
    const begun = (current = {});
    clear();
    toolbar.setRunning(true);
    let status: string | undefined;
    try {
      status = await makeRun(() => current === begun);
    } catch (error) {
      results.showProblem((error as Error).message);
      status = "The run could not start.";
    }
    toolbar.setRunning(false);
    if (current === begun && status !== undefined) toolbar.setStatus(status);
    current = undefined;
  }

  /**
   * @param isCurrent - whether nothing else was opened meanwhile
   * @returns how it ended, in a line
   */
  async function makeRun(isCurrent: () => boolean): Promise<string | undefined> {
    toolbar.setStatus("Getting the module ready…");
    const found = await findModule(session, compiler);
    if (!isCurrent()) return undefined;
    session.setProblems("module" in found ? [] : found.problems);
    if ("message" in found) {
      results.showProblem(found.message);
      return "There is no module to run.";
    }
    const { manifest, manifestProblem, files } = session;
    const declared = manifest?.runs[session.run];
    if (!declared) throw new Error(manifestProblem);
    const prepared = prepareRun(declared, files, moduleName(manifest.module));
    toolbar.setStatus("Running…");
    const { module } = found;
    const outcome = await runner.run({ module, ...prepared, onOutput: results.onOutput, onCalls: results.onCalls });
    if (!isCurrent()) return undefined;
    const status = await results.showOutcome(outcome);
    void results.showModule(module);
    return status;
  }

  onFileDrop(host, (files) => void drop(files));
  const onHash = async (): Promise<void> => {
    const problem = options.link !== false && isLink(location.hash) ? await openLink() : undefined;
    if (problem !== undefined) showLinkProblem(problem);
  };
  addEventListener("hashchange", onHash);
  host.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void run();
  });
  void begin(options);

  return {
    async open(name, wantedRun) {
      const program = programNamed(name);
      if (!program) throw new Error(`There is no program ${name}.`);
      await openProgram(program, wantedRun);
    },
    destroy() {
      removeEventListener("hashchange", onHash);
      runner.close();
      compiler.close();
      source.destroy();
      host.remove();
    },
  };
}

const usualProgram = "wat/hello";
const programNamed = (id: string | undefined): Program | undefined => examples.find((it) => it.id === id);
