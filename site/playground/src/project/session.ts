import { defaultSources, parseManifest } from "@wasi-kit/manifest/browser";
import type { Manifest, Run } from "@wasi-kit/manifest/browser";
import type { SourceProblem } from "../compile/problems.ts";
import type { CompiledLanguage } from "../compile/messages.ts";
import type { Program } from "../programs/program.ts";
import { manifestText, withGrants } from "./edit-manifest.ts";
import type { Content, Files } from "./files.ts";
import type { SharedState } from "./share-link.ts";

/** What of a session changed: who shows it has to show it again. */
type Change = "program" | "files" | "file" | "manifest" | "run" | "open" | "problems";

/** What a user works on: the files of a project, its manifest as it is valid now, and the run that is chosen. */
export interface Session {
  readonly program: Program | undefined;
  readonly files: Files;
  /** The name of the run that is chosen. */
  readonly run: string;
  /** Undefined while the text of wasi.json is not valid; then there is a problem. */
  readonly manifest: Manifest | undefined;
  readonly manifestProblem: string | undefined;
  /** The path of the file that is shown. */
  readonly opened: string;
  /** Mistakes that a compiler found. */
  readonly problems: readonly SourceProblem[];
  /** Calls a listener after each change. @returns what ends that */
  subscribe(listener: (change: Change) => void): () => void;
  /** Begins with a program, or with what a link has. */
  openProgram(program: Program, run?: string): Promise<void>;
  openState(state: SharedState, program: Program | undefined): Promise<void>;
  chooseRun(name: string): void;
  openFile(path: string): void;
  setFile(path: string, content: Content): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Changes grants of the run that is chosen, and with them wasi.json. */
  setGrants(grants: { [Key in keyof Run]?: Run[Key] | undefined }): Promise<void>;
  setProblems(problems: readonly SourceProblem[]): void;
  /** The files that were changed, added or removed since the program was opened. */
  isChanged(path: string): boolean;
}

/** The name of the manifest's file. */
export const manifestName = "wasi.json";

export function createSession(): Session {
  const listeners = new Set<(change: Change) => void>();
  const notify = (...changes: readonly Change[]): void => {
    for (const change of changes) for (const listener of listeners) listener(change);
  };
  let program: Program | undefined;
  let original: Files = new Map();
  let files = new Map<string, Content>();
  let run = "";
  let manifest: Manifest | undefined;
  let manifestProblem: string | undefined;
  let opened = manifestName;
  let problems: readonly SourceProblem[] = [];

  /** Reads wasi.json again. Another change may have come before the last one was read. */
  const readManifest = async (): Promise<void> => {
    const content = files.get(manifestName);
    const text = typeof content === "string" ? content : "";
    let read: Manifest | undefined;
    let problem: string | undefined;
    try {
      read = await parseManifest(text, manifestName);
    } catch (error) {
      problem = (error as Error).message;
    }
    if (files.get(manifestName) !== content) return;
    [manifest, manifestProblem] = [read, problem];
    if (manifest && !Object.hasOwn(manifest.runs, run)) run = Object.keys(manifest.runs)[0] as string;
    notify("manifest");
  };
  const begin = async (begun: Program | undefined, from: Files, now: Files, wanted: string): Promise<void> => {
    [program, original, files, run, problems] = [begun, from, new Map(now), wanted, []];
    await readManifest();
    opened = sourceOf(manifest, files) ?? manifestName;
    notify("program");
  };

  return {
    get program() {
      return program;
    },
    get files() {
      return files;
    },
    get run() {
      return run;
    },
    get manifest() {
      return manifest;
    },
    get manifestProblem() {
      return manifestProblem;
    },
    get opened() {
      return opened;
    },
    get problems() {
      return problems;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async openProgram(wanted, name = "") {
      const its = await wanted.files();
      await begin(wanted, its, its, name);
    },
    async openState(state, its) {
      await begin(its, (await its?.files()) ?? new Map(), state.files, state.run);
    },
    chooseRun(name) {
      run = name;
      notify("run");
    },
    openFile(path) {
      opened = path;
      notify("open");
    },
    async setFile(path, content) {
      const isNew = !files.has(path);
      files.set(path, content);
      if (isNew) files = new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
      if (problems.length > 0) problems = [];
      notify(isNew ? "files" : "file");
      if (path === manifestName) await readManifest();
    },
    async removeFile(path) {
      const isBelow = (it: string): boolean => it === path || (path.endsWith("/") && it.startsWith(path));
      files = new Map([...files].filter(([it]) => !isBelow(it)));
      if (isBelow(opened)) opened = manifestName;
      notify("files", "open");
      if (path === manifestName) await readManifest();
    },
    async setGrants(grants) {
      if (!manifest) return;
      manifest = withGrants(manifest, run, grants);
      files.set(manifestName, manifestText(manifest));
      notify("file");
      await readManifest();
    },
    setProblems(found) {
      problems = found;
      const [first] = found;
      if (first && files.has(first.file) && first.file !== opened) {
        opened = first.file;
        notify("open");
      }
      notify("problems");
    },
    isChanged: (path) => files.get(path) !== original.get(path),
  };
}

const compiledLanguages: ReadonlySet<string> = new Set<CompiledLanguage>(["wat", "assemblyscript"]);

/** The language that a manifest's source is compiled from in the page; undefined for another. */
export function compiledLanguage(manifest: Manifest | undefined): CompiledLanguage | undefined {
  const { build } = manifest ?? {};
  const language = build && "language" in build ? build.language : undefined;
  return language !== undefined && compiledLanguages.has(language) ? (language as CompiledLanguage) : undefined;
}

/** The source that a project is compiled from, if it is there. */
export function sourceOf(manifest: Manifest | undefined, files: Files): string | undefined {
  const { build, module = "" } = manifest ?? {};
  if (!build || !("language" in build)) return undefined;
  const name = moduleName(module).replace(/\.wasm$/, "");
  const source = build.source ?? defaultSources[build.language].replace("NAME", name);
  // Of a crate, what is to be read is its program.
  const shown = build.language === "rust" ? ["src/main.rs", "src/lib.rs", source] : [source];
  return shown.find((it) => files.has(it));
}

/** The file name of a module. */
export const moduleName = (path: string): string => path.split("/").at(-1) ?? "";
