import type { Frame } from "@wasi-kit/wasm/debug";
import type { LimitName } from "../limits/limits.ts";
import { normalizePreopen } from "../preopens/preopen.ts";
import type { NormalizedPreopen } from "../preopens/preopen.ts";
import { latin1Text } from "../text/bytes.ts";
import type { TracedDescriptor } from "../trace/traced-call.ts";
import { closestMatch } from "leven";
import { functionNames } from "@wasi-kit/wasi/abi";
import type { Diagnosis } from "./diagnosis.ts";
import { conflictErrnos, contains, lastFailedPath } from "./context.ts";
import type { ExplainContext, FailedPath } from "./context.ts";
import { endings, meaningOfTrap } from "./endings.ts";
import { importOrigins } from "./import-origins.ts";
import type { Inspection } from "../module/inspection.ts";
import { missingPreopen, unreachablePath } from "./unreachable-path.ts";

/** The causes, in the order in which they are looked for: the first that fits is given. */
export const diagnoses: Readonly<Record<string, Diagnosis>> = {
  // A run that could not start.

  "text format": ({ error, bytes }) => {
    const start = error === "E_NOT_WASM" ? latin1Text(bytes().subarray(0, 4096)) : "";
    return /^\s*(;;.*\s+|\(;[^]*?;\)\s*)*\(module\b/.test(start)
      ? "This is WebAssembly's text format (WAT), which has to be compiled first. Call the file .wat, and wasi-kit run compiles and runs it; with a wasi.json beside it, wasi-kit build does."
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

  "misspelt function": (context) => {
    const wanted = unknownImports(context);
    const names = wanted.flatMap(({ module, names: all }) => (/^wasi_(snapshot|unstable)/.test(module) ? all : []));
    const meant = names.flatMap((name) => {
      // Many have their first word in common.
      const near = closestMatch(name, functionNames, { maxDistance: 3 });
      return near === undefined || near === name ? [] : [`There is no function ${name}. Did you mean ${near}?`];
    });
    return meant.length > 0 ? meant.join("\n") : undefined;
  },

  "other imports": (context) => {
    const wanted = unknownImports(context);
    const names = wanted.flatMap(({ module, names: all }) => all.map((name) => `${module}.${name}`));
    const origin = importOrigins.find(([pattern]) => names.some((name) => pattern.test(name)));
    if (origin) return origin[1];
    return names.length > 0
      ? `WASI has no ${names.join(", ")}: the program declares ${names.length > 1 ? "them" : "it"} itself, and expects a host that provides ${names.length > 1 ? "them" : "it"}. Give ${names.length > 1 ? "them" : "it"} in code (imports of @wasi-kit/runner), run it in that host, or remove the declaration and what uses it.`
      : undefined;
  },

  "reactor as a command": ({ error, inspection }) => {
    const found = error === "E_NO_START" ? inspection() : undefined;
    if (!found) return undefined;
    const names = found.exports.filter((it) => it.kind === "function" && !it.name.startsWith("_")).map((it) => it.name);
    const name = names[0] ?? "NAME";
    const what =
      found.kind === "reactor"
        ? "It is a reactor: a library, which does nothing until its functions are called."
        : "It exports no _start, with which a program starts: it is a library, whose functions are called.";
    return `${what} On the command line: wasi-kit run --invoke ${name} MODULE.wasm. In code, with @wasi-kit/runner:\n\n  const { exports } = await instantiate("MODULE.wasm");\n  exports.${name}(…);`;
  },

  // A run that ended badly. Failed calls come first: a panic is how many programs report one.

  limit: ({ limit, failedCalls, options }) => {
    const failed = failedCalls.findLast((it) => limitErrnos.has(it.errno ?? ""));
    if (limit === undefined || !failed) return undefined;
    const set = (options as Partial<Record<LimitName, number>>)[limit];
    const amount = set === undefined ? "" : `, which is ${set}`;
    return `It ran into a limit, ${limit}${amount}: ${failed.name} failed with ${failed.errno}. If it needs more, allow it more: ${limit} in wasi.json, or --limit ${limit}=….`;
  },

  "read-only directory": (context) => {
    const failed = lastFailedPath(context, "rofs") ?? failedWrite(context);
    if (!failed?.preopen) return undefined;
    if (grantOf(context.options, failed.preopen)?.access !== "read-only") {
      return `It wanted to change ${failed.path} (${failed.call.name}), and the host's file system there is mounted for reading only.`;
    }
    return {
      text: `It wanted to change ${failed.path} (${failed.call.name}), and ${failed.preopen} was granted for reading only.`,
      missingGrant: { kind: "write", preopen: failed.preopen },
    };
  },

  "absolute path": (context) => {
    const wanted = unreachablePath(context);
    if (!wanted?.isAbsolute) return undefined;
    const granted =
      context.preopens.length > 0
        ? `It was granted ${context.preopens.join(", ")}.`
        : "No directory was granted to it.";
    return `It asked WASI for ${wanted.path}, an absolute path, which WASI does not take: a path is relative to a directory that was granted. A program has to find the one that leads there, as the standard libraries of most languages do. ${granted}`;
  },

  "no directory granted": (context) => {
    const wanted = context.preopens.length === 0 && unreachablePath(context);
    if (!wanted) return undefined;
    const what = wanted.path === undefined ? "It opens files" : `It asked for ${wanted.path}`;
    return {
      text: `${what}, and no directory was granted to it. A program reaches the directories that it is granted, and what is in them.`,
      missingGrant: missingPreopen(wanted, context),
    };
  },

  "way out of a directory": (context) => {
    const failed = lastFailedPath(context, "notcapable");
    if (!failed?.preopen || !context.preopens.some((it) => contains(it, failed.path))) return undefined;
    return `It asked for ${failed.path} (${failed.call.name}), which leads out of ${failed.preopen}: by "..", by a link, or as an absolute path. Nothing outside can be reached through a directory that was granted.`;
  },

  "directory not granted": (context) => {
    const wanted = context.preopens.length > 0 && unreachablePath(context);
    if (!wanted) return undefined;
    const what =
      wanted.path === undefined ? "It opens a file that is in none of its directories" : `It asked for ${wanted.path}`;
    return {
      text: `${what}. It was granted ${context.preopens.join(", ")}, and nothing outside ${context.preopens.length > 1 ? "them" : "it"} can be reached.`,
      missingGrant: missingPreopen(wanted, context),
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

  sockets: ({ failedCalls }) => {
    const call = failedCalls.findLast((it) => it.name.startsWith("sock_"));
    return call
      ? `It wanted to use a socket (${call.name}: ${call.errno}). WASI preview 1 can open none, and wasi-kit grants none.`
      : undefined;
  },

  signals: ({ failedCalls }) =>
    failedCalls.some((it) => it.name === "proc_raise")
      ? "It raised a signal (proc_raise: notsup). No host has signals for its guests any more, and WASI has dropped the function: a program ends by proc_exit, or by a trap."
      : undefined,

  threads: ({ diagnostics }) =>
    diagnostics.stderrTail.includes("failed to spawn thread")
      ? "It wanted to start a thread. WASI preview 1 has none: do the work in the thread that is there."
      : undefined,

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

  "out of memory": ({ outcome, options, diagnostics }) => {
    const isFull = outcome === "out-of-memory" || allocationFailed.test(diagnostics.stderrTail);
    if (!isFull || options.maxMemoryBytes === undefined) return undefined;
    return "If it needs more memory than that, allow it more: maxMemoryBytes in wasi.json, or --max-memory.";
  },

  recursion: ({ trap, frames }) =>
    trap?.includes("call stack") || (trap === "memory access out of bounds" && isDominatedByOne(frames()))
      ? "Its functions called each other until the stack was full: most often a recursion without an end."
      : undefined,

  "Rust test": ({ trap, frames, diagnostics }) => {
    if (trap === undefined || !frames().some(({ name }) => name?.startsWith("test::"))) return undefined;
    const what = "A test panicked, and ended all the tests with it: WebAssembly can't catch a panic.";
    const isShown = rustPanic.test(diagnostics.stderrTail);
    return isShown ? what : `${what} The message was kept back; to see it, type: cargo test -- --nocapture`;
  },

  "no arguments": ({ diagnostics, options }) =>
    diagnostics.queried.args &&
    (options.args ?? []).length === 0 &&
    /\busage\b|(?<![-/\w])arguments?(?![-/\w])|\bthe len is 1\b|range \[1\] with length 1\b|`None` value/i.test(
      diagnostics.stderrTail,
    )
      ? {
          text: "It asked for its arguments, and was given none but its own name.",
          missingGrant: { kind: "args" },
        }
      : undefined,

  "no variables": ({ diagnostics, options }) =>
    diagnostics.queried.env &&
    Object.keys(options.env ?? {}).length === 0 &&
    /\bNotPresent\b|\benvironment\b|\bvariables?\b|getenv/i.test(withoutNote(diagnostics.stderrTail))
      ? {
          text: "It asked for the environment's variables, and was given none: those of the host are not passed on.",
          missingGrant: { kind: "env" },
        }
      : undefined,

  "Rust panic": ({ diagnostics }) => {
    const found = rustPanic.exec(diagnostics.stderrTail);
    if (!found) return undefined;
    const { file, line, message, oldFile, oldLine, oldMessage } = found.groups ?? {};
    return `The program panicked (Rust's way to stop at a mistake) in ${file ?? oldFile}, line ${line ?? oldLine}: ${(message ?? oldMessage ?? "").trim()}\nA panic ends as a trap, with exit code 134.`;
  },

  ...endings,

  "built for wasi_unstable": ({ inspection }) =>
    inspection()?.wasi.includes("wasi_unstable")
      ? "The module was built for wasi_unstable, the version of WASI before 2020. wasi-kit runs it; should it not do what it did then, build it again with a compiler of today."
      : undefined,

  trap: meaningOfTrap,
};

/** The errors of calls that would exceed a limit. */
const limitErrnos: ReadonlySet<string> = new Set(["dquot", "mfile", "nametoolong"]);

/** What a module imports and WASI does not have. With functions of the host's own, the error itself says what is wrong. */
const unknownImports = ({ error, options, inspection }: ExplainContext): Inspection["nonWasiImports"] =>
  error === "E_IMPORTS" && options.imports === undefined ? (inspection()?.nonWasiImports ?? []) : [];

/** What Rust, C's library and Go say if there is no more memory. */
const allocationFailed = /^memory allocation of \d+ bytes failed|: Out of memory$|^fatal error: .*out of memory/m;

/** The head of a panic, as Rust writes it since 1.73, and as before. */
const rustPanic =
  /^thread '.*' (?:\(\d+\) )?panicked at (?:(?<file>[^\n']+?):(?<line>\d+):\d+:\n(?<message>[^\n]*)|'(?<oldMessage>[^]*?)', (?<oldFile>\S+?):(?<oldLine>\d+):\d+)/m;

const conflicts: Readonly<Record<(typeof conflictErrnos)[number], string>> = {
  exist: "something of that name is there already",
  notempty: "the directory is not empty",
  isdir: "it is a directory",
  notdir: "a part of the path is no directory",
  nxio: "it is a named pipe, a socket or a device, and those can't be opened",
};

/** Whether one function has half of the frames of a trap, or more, and they are many. */
function isDominatedByOne(frames: readonly Frame[]): boolean {
  const counts = new Map<number, number>();
  for (const { functionIndex } of frames) counts.set(functionIndex, (counts.get(functionIndex) ?? 0) + 1);
  return frames.length >= 20 && Math.max(...counts.values()) >= frames.length / 2;
}

/** What a guest wrote, without the advice that Rust gives after a panic. */
const withoutNote = (text: string): string => text.replaceAll(/^note: run with `RUST_BACKTRACE=.*$/gm, "");

/** A write to a file that was opened through a read-only preopen. */
function failedWrite({ failedCalls, options }: ExplainContext): FailedPath | undefined {
  const call = failedCalls.findLast((it) => it.errno === "notcapable" && /write|size|allocate|times/.test(it.name));
  const { path, preopen } = (call?.args["fd"] ?? {}) as Partial<TracedDescriptor>;
  if (!call || path === undefined || preopen === undefined) return undefined;
  return grantOf(options, preopen)?.access === "read-only" ? { call, path, preopen } : undefined;
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
