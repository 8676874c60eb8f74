import { normalizePreopen } from "../preopens/preopen.ts";
import type { NormalizedPreopen } from "../preopens/preopen.ts";
import type { TracedDescriptor } from "../trace/traced-call.ts";
import { conflictErrnos, contains, lastFailedPath, pathsOutside } from "./context.ts";
import type { ExplainContext, FailedPath } from "./context.ts";
import type { MissingGrant } from "./missing-grant.ts";

/** Looks for one cause. Returns a text for people, and what would have to be granted; undefined if it is another cause. */
export type Diagnosis = (
  context: ExplainContext,
) => string | { readonly text: string; readonly missingGrant: MissingGrant } | undefined;

/** The causes, in the order in which they are looked for: the first that fits is given. */
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

  // A run that ended badly. Failed calls come first: a panic is how many programs report one.

  "read-only directory": (context) => {
    const failed = lastFailedPath(context, "rofs") ?? failedWrite(context);
    if (!failed?.preopen) return undefined;
    return {
      text: `It wanted to change ${failed.path} (${failed.call.name}), and ${failed.preopen} was granted for reading only.`,
      missingGrant: { kind: "write", preopen: failed.preopen },
    };
  },

  "no directory granted": (context) => {
    const missingGrant = context.preopens.length === 0 && missingPreopen(context);
    if (!missingGrant) return undefined;
    return {
      text: `It asked for ${missingGrant.path}, and no directory was granted to it. A program reaches the directories that it is granted, and what is in them.`,
      missingGrant,
    };
  },

  "way out of a directory": (context) => {
    const failed = lastFailedPath(context, "notcapable");
    if (!failed?.preopen || !context.preopens.some((it) => contains(it, failed.path))) return undefined;
    return `It asked for ${failed.path} (${failed.call.name}), which leads out of ${failed.preopen}: by "..", by a link, or as an absolute path. Nothing outside can be reached through a directory that was granted.`;
  },

  "directory not granted": (context) => {
    const missingGrant = context.preopens.length > 0 && missingPreopen(context);
    if (!missingGrant) return undefined;
    const granted = context.preopens.join(", ");
    return {
      text: `It asked for ${missingGrant.path}. It was granted ${granted}, and nothing outside ${context.preopens.length > 1 ? "them" : "it"} can be reached.`,
      missingGrant,
    };
  },

  "host does not permit it": (context) => {
    const failed = lastFailedPath(context, "acces", "perm");
    return failed
      ? `The host refused ${failed.path} (${failed.call.name}: ${failed.call.errno}): whoever runs wasi-kit has no right to it. That is a matter of the file's mode and owner on the host, not of what was granted.`
      : undefined;
  },

  "missing file": (context) => {
    const failed = lastFailedPath(context, "noent");
    if (!failed?.preopen) return undefined;
    return `It asked for ${failed.path} (${failed.call.name}), and there is nothing of that name in what was granted as ${failed.preopen} (${whereIs(context.options, failed.preopen)}).`;
  },

  "file in the way": (context) => {
    const failed = lastFailedPath(context, ...conflictErrnos);
    const why = failed && conflicts[failed.call.errno as (typeof conflictErrnos)[number]];
    return failed && why ? `It was refused ${failed.path} (${failed.call.name}), since ${why}.` : undefined;
  },

  "no memory": ({ diagnostics, inspection }) => {
    if (!diagnostics.failedCalls.some((it) => it.errno === "fault")) return undefined;
    const isExported = inspection()?.exports.some((it) => it.name === "memory" && it.kind === "memory");
    return isExported === false
      ? `The module exports no memory, so that a call can neither read what it is given nor answer (${diagnostics.failedCalls[0]?.name}: fault). In WAT: (memory (export "memory") 1).`
      : undefined;
  },

  sockets: ({ diagnostics }) => {
    const call = diagnostics.failedCalls.findLast((it) => it.name.startsWith("sock_"));
    return call
      ? `It wanted to use a socket (${call.name}: ${call.errno}). WASI preview 1 can open none, and wasi-kit grants none.`
      : undefined;
  },

  "waiting for stdin": ({ outcome, diagnostics }) => {
    const fd = diagnostics.pendingCall?.args["fd"] as TracedDescriptor | undefined;
    return outcome === "timed-out" && fd?.path === "stdin"
      ? "When its time was over it was waiting for stdin. Give it something to read (a file: < FILE), or nothing (< /dev/null)."
      : undefined;
  },

  sleeping: ({ outcome, diagnostics }) =>
    outcome === "timed-out" && diagnostics.pendingCall?.name === "poll_oneoff"
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

  "Rust panic": ({ diagnostics }) => {
    const found = panic.exec(diagnostics.stderrTail);
    if (!found) return undefined;
    const { file, line, message, oldFile, oldLine, oldMessage } = found.groups ?? {};
    return `The program panicked (Rust's way to stop at a mistake) in ${file ?? oldFile}, line ${line ?? oldLine}: ${(message ?? oldMessage ?? "").trim()}\nA panic ends as a trap, with exit code 134. wasi-kit build --debug names the lines that led there.`;
  },

  "AssemblyScript abort": ({ diagnostics }) => {
    const [, message, file, line] = /^abort: ?(.*) in (\S+)\((\d+):\d+\)$/m.exec(diagnostics.stderrTail) ?? [];
    return file
      ? `The program aborted (an error was thrown in AssemblyScript, which can't be caught) in ${file}, line ${line}${message ? `: ${message}` : "."}`
      : undefined;
  },

  "no arguments": ({ diagnostics, options }) =>
    diagnostics.queried.args && (options.args ?? []).length === 0
      ? {
          text: "It asked for its arguments, and was given none but its own name.",
          missingGrant: { kind: "args" },
        }
      : undefined,

  "no variables": ({ diagnostics, options }) =>
    diagnostics.queried.env &&
    Object.keys(options.env ?? {}).length === 0 &&
    !diagnostics.stderrTail.includes("RUST_BACKTRACE")
      ? {
          text: "It asked for the environment's variables, and was given none: those of the host are not passed on.",
          missingGrant: { kind: "env" },
        }
      : undefined,

  "built for wasi_unstable": ({ inspection }) =>
    inspection()?.wasi.includes("wasi_unstable")
      ? "The module was built for wasi_unstable, the version of WASI before 2020. wasi-kit runs it; should it not do what it did then, build it again with a compiler of today."
      : undefined,
};

/** Imports of other hosts, by the module that they are imported from. */
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

const conflicts: Readonly<Record<(typeof conflictErrnos)[number], string>> = {
  exist: "something of that name is there already",
  notempty: "the directory is not empty",
  isdir: "it is a directory",
  notdir: "a part of the path is no directory",
  nxio: "it is a named pipe, a socket or a device, and those can't be opened",
};

/**
 * The directory that would have to be granted, by a call that failed, or by a path that the guest wrote: a library looks
 * for a preopen first, and makes no call without one.
 */
function missingPreopen(context: ExplainContext): Extract<MissingGrant, { kind: "preopen" }> | undefined {
  const failed = lastFailedPath(context, "badf", "notcapable");
  if (failed) return { kind: "preopen", path: failed.path, isWritten: writes(failed) };
  const [path] = context.diagnostics.queried.preopens ? pathsOutside(context) : [];
  return path === undefined ? undefined : { kind: "preopen", path, isWritten: undefined };
}

/** A write to a file that was opened through a read-only preopen. */
function failedWrite({ diagnostics, options }: ExplainContext): FailedPath | undefined {
  const call = diagnostics.failedCalls.findLast(
    (it) => it.errno === "notcapable" && /write|size|allocate|times/.test(it.name),
  );
  const { path, preopen } = (call?.args["fd"] ?? {}) as Partial<TracedDescriptor>;
  if (!call || path === undefined || preopen === undefined) return undefined;
  return grantOf(options, preopen)?.access === "read-only" ? { call, path, preopen } : undefined;
}

const onlyLook: ReadonlySet<string> = new Set(["path_filestat_get", "path_readlink"]);
const opensForChange: ReadonlySet<unknown> = new Set(["creat", "trunc", "fd_write"]);

/** Whether a failed call would have changed something. */
function writes({ call: { name, args } }: FailedPath): boolean {
  if (name !== "path_open") return !onlyLook.has(name);
  return [args["oflags"], args["fs_rights_base"]].flat().some((it) => opensForChange.has(it));
}

function grantOf({ preopens }: ExplainContext["options"], preopen: string): NormalizedPreopen | undefined {
  const granted = preopens?.[preopen];
  return granted === undefined ? undefined : normalizePreopen(granted);
}

/** Where a preopen's directory is. */
function whereIs(options: ExplainContext["options"], preopen: string): string {
  const granted = grantOf(options, preopen);
  return granted && "path" in granted ? granted.path : "a directory in memory";
}
