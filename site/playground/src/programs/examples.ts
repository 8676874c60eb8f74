import type { Files } from "../project/files.ts";
import { languageTitles } from "./program.ts";
import type { Program, ProgramLanguage } from "./program.ts";

// The examples of the repository. Each file is loaded when its program is opened.

type Loader = () => Promise<string>;

const folder = "../../../../examples/";
const manifests = import.meta.glob<string>("../../../../examples/*/*/wasi.json", { query: "?raw", import: "default" });
const texts: Readonly<Record<string, Loader>> = {
  ...manifests,
  ...import.meta.glob<string>("../../../../examples/wat/*/*.wat", { query: "?raw", import: "default" }),
  ...import.meta.glob<string>("../../../../examples/assemblyscript/*/assembly/**/*.ts", {
    query: "?raw",
    import: "default",
  }),
  ...import.meta.glob<string>("../../../../examples/assemblyscript/*/asconfig.json", {
    query: "?raw",
    import: "default",
  }),
  ...import.meta.glob<string>("../../../../examples/rust/*/Cargo.toml", { query: "?raw", import: "default" }),
  ...import.meta.glob<string>("../../../../examples/*/*/src/**/*.{rs,c,h,zig}", { query: "?raw", import: "default" }),
  ...import.meta.glob<string>("../../../../examples/go/*/*.{go,mod}", { query: "?raw", import: "default" }),
  ...import.meta.glob<string>("../../../../examples/*/*/fixtures/**/*", {
    query: "?raw",
    import: "default",
    exhaustive: true,
  }),
};
const modules = import.meta.glob<string>("../../../../examples/*/*/build/*.wasm", {
  query: "?url&no-inline",
  import: "default",
});

/** Paths of files by the program that they belong to, relative to it. */
const byProgram = new Map<string, Map<string, Loader>>();
for (const [path, load] of Object.entries(texts)) {
  const [language = "", name = "", ...rest] = path.slice(folder.length).split("/");
  const id = `${language}/${name}`;
  const known = byProgram.get(id) ?? new Map<string, Loader>();
  byProgram.set(id, known.set(rest.join("/"), load));
}

async function filesOf(id: string): Promise<Files> {
  const loaders = [...(byProgram.get(id) ?? [])];
  const loaded = await Promise.all(loaders.map(async ([path, load]) => [path, await load()] as const));
  return new Map(loaded.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function fetchModule(load: Loader): Promise<Uint8Array> {
  const answer = await fetch(await load());
  if (!answer.ok) throw new Error(`The module can't be loaded: the server answers ${answer.status}.`);
  return new Uint8Array(await answer.arrayBuffer());
}

function programAt(path: string): Program {
  const [language = "", name = ""] = path.slice(folder.length).split("/");
  const id = `${language}/${name}`;
  const built = Object.entries(modules).find(([it]) => it.startsWith(`${folder}${id}/build/`))?.[1];
  return {
    id,
    language: language as ProgramLanguage,
    name,
    files: () => filesOf(id),
    ...(built ? { module: () => fetchModule(built) } : {}),
  };
}

const order = Object.keys(languageTitles);

/** All programs, by language and name. */
export const examples: readonly Program[] = Object.keys(manifests)
  .map(programAt)
  .toSorted((a, b) => order.indexOf(a.language) - order.indexOf(b.language) || (a.name < b.name ? -1 : 1));
