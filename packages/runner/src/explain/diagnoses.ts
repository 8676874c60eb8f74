import { fullPreopen } from "../preopens/preopen.ts";
import type { FullPreopen } from "../preopens/preopen.ts";
import type { TracedDescriptor } from "../trace/traced-call.ts";
import { inTheWay, leadsTo, pathsOutside, refusedPath } from "./evidence.ts";
import type { Facts, RefusedPath } from "./evidence.ts";
import type { Need } from "./need.ts";

/** Looks for one thing that goes wrong, and says what it is: a text, and what would have to be granted. */
export type Diagnosis = (facts: Facts) => string | { readonly text: string; readonly need: Need } | undefined;

/** What goes wrong, in the order in which it is looked for: the first that fits is the one that is told. */
export const diagnoses: Readonly<Record<string, Diagnosis>> = {
  // A run that could not start.

  "text format": ({ error, bytes }) => {
    const start = error === "E_NOT_WASM" ? Buffer.from(bytes().subarray(0, 4096)).toString("latin1") : "";
    return /^\s*(;;.*\s+|\(;[^]*?;\)\s*)*\(module\b/.test(start)
      ? "This is WebAssembly's text format (WAT), which has to be compiled first. With a wasi.json beside it, wasi-kit build does that."
      : undefined;
  },

  "cut short": ({ error, inspection }) => {
    const at = error === "E_NOT_WASM" ? inspection()?.malformed : undefined;
    return at
      ? `The file begins as a module does, and can be read until byte ${at.offset}: ${at.message}. Where it was downloaded or copied, do that again; else build it again.`
      : undefined;
  },

  component: ({ error }) =>
    error === "E_COMPONENT"
      ? "A component wraps modules, with interfaces that have types (WIT): it is what WASI 0.2 and later are for. Node.js can't run one by itself; jco turns it into JavaScript that it can."
      : undefined,

  "no WASI": ({ error, options }) =>
    error === "E_IMPORTS" && options.wasi === false
      ? 'The module imports functions of WASI, and this run gives it none: "wasi": false. Without WASI a module can compute and nothing else. Remove "wasi": false to run it.'
      : undefined,

  "two versions": ({ error, inspection }) => {
    const { wasi = [], imports = [] } = (error === "E_IMPORTS" && inspection()) || {};
    const old = imports.filter((it) => it.module === "wasi_unstable").map((it) => it.name);
    return wasi.includes("wasi_unstable") && wasi.includes("preview1")
      ? `Parts of it were built for wasi_unstable (${old.join(", ")}), the version of WASI before 2020, and parts for the one after it. A module can have one of them: build all of it with one compiler.`
      : undefined;
  },

  "other imports": ({ error, inspection }) => {
    const modules = error === "E_IMPORTS" ? (inspection()?.nonWasiImports ?? []) : [];
    const [origin] = modules.flatMap(({ module }) => origins.filter(([pattern]) => pattern.test(module)));
    if (origin) return origin[1];
    return modules.length > 0
      ? `WASI has no ${modules.map(({ module, names }) => `${module}.${names[0]}`).join(", ")}: the program expects a host that has. Run it there, or build it without what needs them.`
      : undefined;
  },

  "reactor as a command": ({ error, inspection }) => {
    const found = error === "E_NO_START" ? inspection() : undefined;
    if (!found) return undefined;
    const names = found.exports.filter((it) => it.kind === "function" && !it.name.startsWith("_")).map((it) => it.name);
    const what =
      found.kind === "reactor"
        ? "It is a reactor: a library, which does nothing until its functions are called."
        : "It has nothing to do with WASI, and no start: its functions are called from code.";
    const call = `  const { exports } = await instantiate("MODULE.wasm");\n  exports.${names[0] ?? "NAME"}(…);`;
    return `${what} With @wasi-kit/runner:\n\n${call}`;
  },

  // A run that ended badly. What it was refused comes first: a panic is how a program says so.

  "read-only directory": (facts) => {
    const refused = refusedPath(facts, "rofs") ?? refusedOpenFile(facts);
    if (!refused?.preopen) return undefined;
    return {
      text: `It wanted to change ${refused.path} (${refused.call.name}), and ${refused.preopen} was granted for reading only.`,
      need: { kind: "write", preopen: refused.preopen },
    };
  },

  "no directory granted": (facts) => {
    const need = facts.preopens.length === 0 && neededPreopen(facts);
    if (!need) return undefined;
    return {
      text: `It asked for ${need.path}, and no directory was granted to it. A program reaches the directories that it is granted, and what is in them.`,
      need,
    };
  },

  "way out of a directory": (facts) => {
    const refused = refusedPath(facts, "notcapable");
    if (!refused?.preopen || !facts.preopens.some((it) => leadsTo(it, refused.path))) return undefined;
    return `It asked for ${refused.path} (${refused.call.name}), which leads out of ${refused.preopen}: by "..", by a link, or as an absolute path. Nothing outside can be reached through a directory that was granted.`;
  },

  "directory not granted": (facts) => {
    const need = facts.preopens.length > 0 && neededPreopen(facts);
    if (!need) return undefined;
    const granted = facts.preopens.join(", ");
    return {
      text: `It asked for ${need.path}. It was granted ${granted}, and nothing outside ${facts.preopens.length > 1 ? "them" : "it"} can be reached.`,
      need,
    };
  },

  "host does not permit it": (facts) => {
    const refused = refusedPath(facts, "acces", "perm");
    return refused
      ? `The host refused ${refused.path} (${refused.call.name}: ${refused.call.errno}): whoever runs wasi-kit has no right to it. That is a matter of the file's mode and owner on the host, not of what was granted.`
      : undefined;
  },

  "missing file": (facts) => {
    const refused = refusedPath(facts, "noent");
    if (!refused?.preopen) return undefined;
    return `It asked for ${refused.path} (${refused.call.name}), and there is nothing of that name in what was granted as ${refused.preopen} (${whereIs(facts.options, refused.preopen)}).`;
  },

  "file in the way": (facts) => {
    const refused = refusedPath(facts, ...inTheWay);
    const why = refused && whyInTheWay[refused.call.errno as (typeof inTheWay)[number]];
    return refused && why ? `It was refused ${refused.path} (${refused.call.name}), since ${why}.` : undefined;
  },

  "no memory": ({ clues, inspection }) => {
    if (!clues.refused.some((it) => it.errno === "fault")) return undefined;
    const isExported = inspection()?.exports.some((it) => it.name === "memory" && it.kind === "memory");
    return isExported === false
      ? `The module exports no memory, so that a call can neither read what it is given nor answer (${clues.refused[0]?.name}: fault). In WAT: (memory (export "memory") 1).`
      : undefined;
  },

  sockets: ({ clues }) => {
    const call = clues.refused.findLast((it) => it.name.startsWith("sock_"));
    return call
      ? `It wanted to use a socket (${call.name}: ${call.errno}). WASI preview 1 can open none, and wasi-kit grants none.`
      : undefined;
  },

  "waiting for stdin": ({ outcome, clues }) => {
    const fd = clues.waiting?.given["fd"] as TracedDescriptor | undefined;
    return outcome === "timed-out" && fd?.path === "stdin"
      ? "When its time was over it was waiting for stdin. Give it something to read (a file: < FILE), or nothing (< /dev/null)."
      : undefined;
  },

  sleeping: ({ outcome, clues }) =>
    outcome === "timed-out" && clues.waiting?.name === "poll_oneoff"
      ? "When its time was over it was sleeping, or waiting for something (poll_oneoff)."
      : undefined,

  "out of memory": ({ outcome, options }) =>
    outcome === "out-of-memory" && options.maxMemoryBytes !== undefined
      ? "If it needs more memory than that, allow it more: maxMemoryBytes in wasi.json, or --max-memory."
      : undefined,

  recursion: ({ trap }) =>
    trap?.includes("call stack")
      ? "Its functions called each other until the stack was full: most often a recursion without an end."
      : undefined,

  "Rust panic": ({ clues }) => {
    const found = panic.exec(clues.stderrEnd);
    if (!found) return undefined;
    const { file, line, message, oldFile, oldLine, oldMessage } = found.groups ?? {};
    return `The program panicked (Rust's way to stop at a mistake) in ${file ?? oldFile}, line ${line ?? oldLine}: ${(message ?? oldMessage ?? "").trim()}\nA panic ends as a trap, with exit code 134. wasi-kit build --debug names the lines that led there.`;
  },

  "AssemblyScript abort": ({ clues }) => {
    const [, message, file, line] = /^abort: ?(.*) in (\S+)\((\d+):\d+\)$/m.exec(clues.stderrEnd) ?? [];
    return file
      ? `The program aborted (an error was thrown in AssemblyScript, which can't be caught) in ${file}, line ${line}${message ? `: ${message}` : "."}`
      : undefined;
  },

  "no arguments": ({ clues, options }) =>
    clues.asked.args && (options.args ?? []).length === 0
      ? {
          text: "It asked for its arguments, and was given none but its own name.",
          need: { kind: "args" },
        }
      : undefined,

  "no variables": ({ clues, options }) =>
    clues.asked.env && Object.keys(options.env ?? {}).length === 0 && !clues.stderrEnd.includes("RUST_BACKTRACE")
      ? {
          text: "It asked for the environment's variables, and was given none: those of the host are not passed on.",
          need: { kind: "env" },
        }
      : undefined,

  "built for wasi_unstable": ({ inspection }) =>
    inspection()?.wasi.includes("wasi_unstable")
      ? "The module was built for wasi_unstable, the version of WASI before 2020. wasi-kit runs it; should it not do what it did then, build it again with a compiler of today."
      : undefined,
};

/** Imports that hosts other than WASI have, by the module that they are imported from. */
const origins: readonly (readonly [module: RegExp, what: string])[] = [
  [
    /^(wbg|__wbindgen.*|.*_bg\.js)$/,
    "These imports are wasm-bindgen's: the module was built for JavaScript, and calls it. Build the crate for the target wasm32-wasip1, without wasm-bindgen and wasm-pack.",
  ],
  [
    /^(wasi:|\[export\]wasi:)/,
    "These imports are of WASI 0.2 or later, which components have. Build it for the target wasm32-wasip1.",
  ],
  [/^(gojs|go)$/, "These imports are Go's for browsers. Build it with GOOS=wasip1 GOARCH=wasm."],
  [
    /^wasi$/,
    "These imports are those of threads (wasi-threads), which wasi-kit does not have. Build it without threads: for wasm32-wasip1, not wasm32-wasip1-threads.",
  ],
  [
    /^(env|a|asyncify_.*)$/,
    "These imports are those of a host for JavaScript, as Emscripten's and AssemblyScript's programs have it. Build a C program with wasi-sdk, or with emcc -sSTANDALONE_WASM; an AssemblyScript program with @assemblyscript/wasi-shim.",
  ],
];

/** The head of a panic, as Rust writes it since 1.73, and as before. */
const panic =
  /^thread '.*' (?:\(\d+\) )?panicked at (?:(?<file>[^\n']+?):(?<line>\d+):\d+:\n(?<message>[^\n]*)|'(?<oldMessage>[^]*?)', (?<oldFile>\S+?):(?<oldLine>\d+):\d+)/m;

const whyInTheWay: Readonly<Record<(typeof inTheWay)[number], string>> = {
  exist: "something of that name is there already",
  notempty: "the directory is not empty",
  isdir: "it is a directory",
  notdir: "a part of the path is no directory",
  nxio: "it is a named pipe, a socket or a device, and those can't be opened",
};

/** The directory that would lead to what was asked for: in a call, or, since libraries look for it first, in words. */
function neededPreopen(facts: Facts): Extract<Need, { kind: "preopen" }> | undefined {
  const refused = refusedPath(facts, "badf", "notcapable");
  if (refused) return { kind: "preopen", path: refused.path, isWritten: writes(refused) };
  const [path] = facts.clues.asked.preopens ? pathsOutside(facts) : [];
  return path === undefined ? undefined : { kind: "preopen", path, isWritten: undefined };
}

/** A write to a file that was opened through a read-only preopen. */
function refusedOpenFile({ clues, options }: Facts): RefusedPath | undefined {
  const call = clues.refused.findLast((it) => it.errno === "notcapable" && /write|size|allocate|times/.test(it.name));
  const { path, preopen } = (call?.given["fd"] ?? {}) as Partial<TracedDescriptor>;
  if (!call || path === undefined || preopen === undefined) return undefined;
  return grantOf(options, preopen)?.access === "read-only" ? { call, path, preopen } : undefined;
}

const onlyLook: ReadonlySet<string> = new Set(["path_filestat_get", "path_readlink"]);
const opensForChange: ReadonlySet<unknown> = new Set(["creat", "trunc", "fd_write"]);

/** Whether a call that was refused would have changed something. */
function writes({ call: { name, given } }: RefusedPath): boolean {
  if (name !== "path_open") return !onlyLook.has(name);
  return [given["oflags"], given["fs_rights_base"]].flat().some((it) => opensForChange.has(it));
}

function grantOf({ preopens }: Facts["options"], preopen: string): FullPreopen | undefined {
  const granted = preopens?.[preopen];
  return granted === undefined ? undefined : fullPreopen(granted);
}

/** Where a preopen's directory is. */
function whereIs(options: Facts["options"], preopen: string): string {
  const granted = grantOf(options, preopen);
  return granted && "path" in granted ? granted.path : "a directory in memory";
}
