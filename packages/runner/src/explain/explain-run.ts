import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import type { SyncRunOptions } from "../options.ts";
import { quoteForShell } from "../text/shell.ts";
import type { ExplainInput } from "./context.ts";
import { explain } from "./explain.ts";
import type { MissingGrant } from "./missing-grant.ts";

/** A run that ended badly, or could not start. */
export interface FailedRun {
  /** The module's path, or how messages call it. */
  readonly module: string;
  /** The module, if it is no file. */
  readonly bytes?: Uint8Array;
  readonly options: SyncRunOptions;
  readonly end: ExplainInput["end"];
  /** The run of a wasi.json that it was, if any. */
  readonly declared?: DeclaredRun;
}

/** A run of a wasi.json, as far as it matters for what is to be added. */
export interface DeclaredRun {
  /** The path of the wasi.json. */
  readonly file: string;
  readonly name: string;
  readonly runs: Readonly<Record<string, { readonly preopens?: Preopens | undefined }>>;
}

type Preopens = Readonly<Record<string, DeclaredPreopen>>;

type DeclaredPreopen =
  | string
  | { readonly path: string; readonly access?: string | undefined }
  | { readonly files: object; readonly access?: string | undefined };

/**
 * Says why a run may have ended badly, and what to type or to add to wasi.json.
 *
 * @returns lines; none if no explanation is known
 */
export function explainRun({ module, bytes, options, end, declared }: FailedRun): string[] {
  const found = explain({ end, options, bytes: () => bytes ?? readIfThere(module) });
  return [
    ...(found ? [named(found.text, module)] : []),
    ...(found?.missingGrant ? suggest(found.missingGrant, options, declared) : []),
    ...(declared && !found?.missingGrant && lacksLocations(end)
      ? ["wasi-kit build --debug names the lines of the source that led to the trap."]
      : []),
  ];
}

/** An explanation knows no paths: what is to be typed has the module's, if a shell and a string take it as it is. */
const named = (text: string, module: string): string =>
  /^[\w./-]+\.wasm$/.test(module) ? text.replaceAll("MODULE.wasm", module) : text;

/** Whether a run trapped, and nothing is known of where in the source. */
function lacksLocations(end: ExplainInput["end"]): boolean {
  const frames = "trap" in end ? (end.trap?.frames ?? []) : [];
  return frames.length > 0 && frames.every(({ source }) => source === undefined);
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** What to add, in the terms in which the run was described. */
function suggest(need: MissingGrant, options: SyncRunOptions, declared: DeclaredRun | undefined): string[] {
  const add = suggestions[need.kind] as (...args: readonly unknown[]) => Suggestion;
  const added = add(need, options, declared);
  const command = need.kind === "args" ? "the end of the command" : "the command, before the module";
  const where = declared ? `the run "${declared.name}" in ${fromHere(declared.file)}` : command;
  const [line, other] = declared ? [added.json, added.otherJson] : [added.option, added.otherOption];
  return [
    `To allow it, add to ${where}:`,
    "",
    `  ${line}`,
    ...(other === undefined
      ? []
      : ["", "That is for paths such as data/a.txt. If they begin with a slash, as /data/a.txt:", "", `  ${other}`]),
  ];
}

/** A path as a person at the working directory would write it. */
function fromHere(path: string): string {
  const shown = relative(process.cwd(), path);
  return shown.startsWith("..") ? path : shown;
}

/** What would be added on the command line, and to a wasi.json. */
interface Suggestion {
  readonly option: string;
  readonly json: string;
  /** What would be added instead, if it is not known whether the program's paths are absolute. */
  readonly otherOption?: string;
  readonly otherJson?: string;
}

const suggestions: {
  [Kind in MissingGrant["kind"]]: (
    need: Extract<MissingGrant, { kind: Kind }>,
    options: SyncRunOptions,
    declared: DeclaredRun | undefined,
  ) => Suggestion;
} = {
  preopen(need, _options, declared) {
    if (need.path === ".") {
      return {
        option: "--dir .",
        json: preopensWith(declared, { ".": "." }),
        otherOption: `--dir ${unknownDirectory}::/data`,
        otherJson: preopensWith(declared, { "/data": unknownDirectory }),
      };
    }
    const [guest, granted] = declaredElsewhere(need.path, declared) ?? directoryFor(need, declared);
    const end = typeof granted === "object" && granted.access === "read-only" ? "::ro" : "";
    const path = pathOf(granted) ?? unknownDirectory;
    return {
      option: `--dir ${quoteForShell(`${path}::${guest}${end}`)}`,
      json: preopensWith(declared, { [guest]: granted }),
    };
  },
  write({ preopen }, { preopens = {} }, declared) {
    const path = pathOf(preopens[preopen]) ?? unknownDirectory;
    const own = pathOf(declared?.runs[declared.name]?.preopens?.[preopen]);
    return {
      option: `--dir ${quoteForShell(`${path}::${preopen}`)}, without ::ro`,
      json: preopensWith(declared, { [preopen]: own ?? path }),
    };
  },
  args: () => ({ option: "ARGUMENT…", json: '"args": ["ARGUMENT"]' }),
  env: () => ({ option: "--env NAME=VALUE, or --env NAME for the host's", json: '"env": { "NAME": "VALUE" }' }),
};

/** The host path of a preopen. */
function pathOf(granted: SyncPreopen | DeclaredPreopen | undefined): string | undefined {
  if (typeof granted === "string") return granted;
  return granted && "path" in granted ? granted.path : undefined;
}

type SyncPreopen = NonNullable<SyncRunOptions["preopens"]>[string];

/** A preopens line: what the run has already, and what is added. */
function preopensWith(declared: DeclaredRun | undefined, added: Preopens): string {
  const all = { ...declared?.runs[declared.name]?.preopens, ...added };
  return `"preopens": ${JSON.stringify(all, undefined, 1).replaceAll(/\n */g, " ")}`;
}

type Granted = readonly [guest: string, host: Preopens[string]];

/** A directory that leads to a path, as another run of the same wasi.json has it. */
function declaredElsewhere(path: string, declared: DeclaredRun | undefined): Granted | undefined {
  if (!declared) return undefined;
  const all = Object.values(declared.runs).flatMap(({ preopens = {} }) => Object.entries(preopens));
  return all.find(([guest, granted]) => {
    const rest = posix.relative(guest, path);
    const host = pathOf(granted);
    return host !== undefined && !rest.startsWith("..") && existsSync(join(dirname(declared.file), host, rest));
  });
}

const unknownDirectory = "DIR";

/** A directory here, or right below, that has such a file; else one to fill in. To be read, unless more is asked for. */
function directoryFor(
  { path, isWritten }: Extract<MissingGrant, { kind: "preopen" }>,
  declared: DeclaredRun | undefined,
): Granted {
  const base = declared ? dirname(declared.file) : ".";
  const [guest, name] = path.startsWith("/") ? [posix.dirname(path), posix.basename(path)] : ["/", path];
  const host =
    [".", ...foldersIn(base)].find((folder) => existsSync(join(base, folder, name))) ??
    (isWritten === true && !path.startsWith("/") ? "." : unknownDirectory);
  return [guest, isWritten === true ? host : { path: host, access: "read-only" }];
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((it) => it.isDirectory() && !it.name.startsWith("."))
    .map((it) => it.name)
    .toSorted();
}
