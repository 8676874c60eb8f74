import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { runSync, WasiKitError } from "@wasi-kit/runner";
import type { Preopen, RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { Command, Input } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { refuseWithWatch } from "../../command-line/refuse.ts";
import { tellChanges, tellEnding, tellWhy } from "./ending.ts";
import type { DeclaredRun } from "./explain.ts";
import { say } from "../../ui/output.ts";
import type { TraceOutput } from "./trace.ts";

/** wasi-kit run */
export const command: Command = {
  usage: [
    "[DIR] [--run NAME] [--trace] [-- ARG…]",
    "[--dir HOST::GUEST[::ro|::cow]]… [--env NAME[=VALUE]]… [--timeout MS] [--trace] MODULE.wasm [-- ARG…]",
    "--all [DIR…] [--json]",
  ],
  about:
    "Runs a module, or a run of the example in DIR, with what it is granted and nothing else.\n" +
    "With an example, options add to what its wasi.json grants or replace it, and ARG replaces its args.\n" +
    "An example whose sources have changed is built first.",
  options: {
    run: {
      type: "string",
      value: "NAME",
      about: "The run of the example to take. Default: the first in its wasi.json",
    },
    dir: {
      type: "string",
      multiple: true,
      value: "HOST::GUEST[::ro|::cow]",
      about:
        "Grant a directory, ::ro for reading only, ::cow to list changes and not make them; HOST alone has the same name inside",
    },
    env: {
      type: "string",
      multiple: true,
      value: "NAME[=VALUE]",
      about: "Set a variable; NAME alone passes on the host's",
    },
    argv0: { type: "string", value: "NAME", about: "argv[0]. Default: the module's file name" },
    timeout: { type: "string", value: "MS", about: "End the run after so many milliseconds. Default: no limit" },
    "max-memory": {
      type: "string",
      value: "BYTES",
      about: "The most memory it may have, such as 1048576 or 64MiB. Default: the module's own limit",
    },
    "max-output": {
      type: "string",
      value: "BYTES",
      about: "The most it may write to stdout and stderr. Default: no limit",
    },
    clock: { type: "string", value: "TIME", about: "A clock that begins at TIME (2020-07-01T00:00:00Z) in every run" },
    seed: { type: "string", value: "NUMBER", about: "Random bytes that are the same in every run with NUMBER" },
    trace: {
      type: "boolean",
      mayHaveValue: true,
      value: "json|summary|FILE",
      about: "Tell each call of the guest's on stderr, as lines, JSON or a table at the end; or in FILE",
    },
    "trace-filter": {
      type: "string",
      value: "NAME,…",
      about: "With --trace: these functions alone, such as path_*,fd_write",
    },
    "no-explain": {
      type: "boolean",
      about: "Say nothing of why a run may have ended badly",
    },
    "no-build": {
      type: "boolean",
      about: "Run the module of an example as it is, even if its sources have changed since it was built",
    },
    watch: {
      type: "boolean",
      about: "Go on as `wasi-kit dev` does: run again whenever something changes",
    },
    all: {
      type: "boolean",
      about: "Run every run of every example in DIR and below it, changing no directory, and compare the exit codes",
    },
    json: { type: "boolean", about: "With --all: print a JSON array" },
  },
  examples: [
    ["wasi-kit run hello.wasm", "Run a module that is granted nothing"],
    ["wasi-kit run --dir data::/sandbox cat.wasm -- /sandbox/a.txt", "Grant ./data as /sandbox, and pass an argument"],
    ["wasi-kit run --timeout 1000 --max-memory 64MiB hello.wasm", "End it after a second, and give it no more memory"],
    ["wasi-kit run examples/rust/read-file --run denied", "A run of an example"],
    [
      "wasi-kit run --trace --trace-filter 'path_*' examples/rust/read-file",
      "The same, with each call that takes a path",
    ],
    ["wasi-kit run --all examples", "Every run of every example"],
  ],
  exitCodes: [
    ["any", "The guest's own (with --all: 0, or 1 where an exit code is not the expected one)"],
    ["1", "The guest's was 0, and its output can't be written"],
    ["2", "The command line or a wasi.json is not valid"],
    ["124", "The guest did not end within its time"],
    ["125", "wasi-kit itself failed"],
    ["126", "The module can't be run, or not be built"],
    ["127", "There is no such module"],
    ["130", "Ctrl-C ended it"],
    ["134", "The guest trapped, or wrote more than it may"],
    ["141", "Whoever read its output has stopped reading, as in: wasi-kit run hello.wasm | head -1"],
  ],
  async run(input) {
    if (input.values["all"]) {
      refuseGrants(input);
      const { runAll } = await import("./run-all.ts");
      return runAll(input);
    }
    if (input.values["watch"]) {
      const { positionals, values, rest } = input;
      refuseWithWatch(
        values,
        Object.keys(values).filter((name) => name !== "run" && name !== "watch"),
        rest,
      );
      const { dev } = await import("../dev/watch-mode.ts");
      return dev(positionals, { run: values["run"] as string | undefined, buildOnly: false });
    }
    if (input.values["json"]) throw new UsageError("--json goes with --all.");
    const { target, args } = targetOf(input);
    const folder = isFolder(target);
    if (input.values["run"] !== undefined && !folder)
      throw new UsageError(`--run names a run of an example, and ${target} is no folder.`);
    const described = folder ? await fromManifest(target, input) : { module: target, options: {} };
    if (!described) return notBuilt;
    const { module, options, declared } = described;
    const granted = { ...options, ...grantsOf(input, options), ...(args ? { args } : {}) };
    const trace = await traceOf(input);
    try {
      const end = runOne(module, { ...granted, ...(trace ? { trace: trace.add } : {}) });
      if (!input.values["no-explain"]) {
        await tellChanges(end, granted);
        await tellWhy({ module, options: granted, end, ...(declared ? { declared } : {}) });
      }
      // A process has eight bits for it: cut to them, a failure could look like success.
      return Math.min(end.exitCode, 255) || ("lostOutput" in end ? outputLost : 0);
    } finally {
      const lost = trace?.end();
      if (lost !== undefined) say("warn", lost);
    }
  },
};

/** With --all, each run has what its manifest grants; what is not heeded must not look as if it were. */
function refuseGrants({ values, rest }: Input): void {
  const given = ["run", "dir", "env", "argv0", "trace", "trace-filter", ...Object.keys(limits)]
    .filter((name) => values[name] !== undefined)
    .map((name) => `--${name}`);
  if (rest) given.push("--");
  if (given.length > 0) throw new UsageError(`${given.join(", ")} can't be combined with --all.`);
}

/**
 * `MODULE -- ARG…`, and also `-- MODULE ARG…`, which is how cargo calls a
 * runner. Nothing at all is the example in this folder.
 */
function targetOf({ positionals, rest }: Input): { target: string; args: readonly string[] | undefined } {
  const [target, ...extra] = positionals;
  if (extra.length > 0) {
    throw new UsageError(`What the guest gets as arguments follows --: wasi-kit run ${target} -- ${extra.join(" ")}`);
  }
  if (target !== undefined) return { target, args: rest };
  const [first, ...args] = rest ?? [];
  return first !== undefined && first.endsWith(".wasm") ? { target: first, args } : { target: ".", args: rest };
}

function isFolder(target: string): boolean {
  return statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A run as it was described, before options add to it. */
interface Described {
  module: string;
  options: SyncRunOptions;
  /** Where a wasi.json did. */
  declared?: DeclaredRun;
}

/** The exit code of a program that can't be built: it can't be run either. */
const notBuilt = 126;

/** Undefined where the module can't be built, which has been said then. */
async function fromManifest(folder: string, { values }: Input): Promise<Described | undefined> {
  const { readExample, resolveRun } = await import("@wasi-kit/manifest");
  const example = await readExample(folder);
  if (!values["no-build"]) {
    const { buildFirst } = await import("../../programs/build-programs.ts");
    if (!(await buildFirst([example]))) return undefined;
  }
  const { name, module, options } = resolveRun(example, values["run"] as string | undefined);
  const file = join(folder, "wasi.json");
  return {
    module: relative(process.cwd(), module),
    options,
    declared: { file, name, runs: example.manifest.runs as DeclaredRun["runs"] },
  };
}

async function traceOf({ values }: Input): Promise<TraceOutput | undefined> {
  const { trace, "trace-filter": filter } = values;
  if (trace === undefined && filter !== undefined) throw new UsageError("--trace-filter goes with --trace.");
  if (trace === undefined) return undefined;
  const { openTrace } = await import("./trace.ts");
  return openTrace(trace as string | true, filter as string | undefined);
}

const accesses = { ro: "read-only", rw: "read-write", cow: "copy-on-write" } as const;

/** Options that are one value each: what the runner calls it, how it is read, and what is expected. */
const limits: Readonly<
  Record<string, readonly [key: keyof SyncRunOptions, read: (text: string) => unknown, expected: string]>
> = {
  timeout: ["timeoutMs", milliseconds, "milliseconds, such as --timeout 1000"],
  "max-memory": ["maxMemoryBytes", bytes, "bytes, such as --max-memory 64MiB"],
  "max-output": ["maxOutputBytes", bytes, "bytes, such as --max-output 1MiB"],
  seed: ["randomSeed", wholeNumber, "a whole number, such as --seed 42"],
  clock: ["clock", clockFrom, "a time, such as --clock 2020-07-01T00:00:00Z"],
};

function wholeNumber(text: string): number | undefined {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

function milliseconds(text: string): number | undefined {
  const number = wholeNumber(text) ?? 0;
  return number > 0 && number <= 0xffff_ffff ? number : undefined;
}

const units: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function bytes(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+) ?([KMG]iB)?$/.exec(text) ?? [];
  return number === "" ? undefined : Number(number) * (units[unit] as number);
}

function clockFrom(text: string): SyncRunOptions["clock"] {
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)) ? { start: text } : undefined;
}

function limitsOf({ values }: Input): SyncRunOptions {
  const given = Object.entries(limits).flatMap(([name, [key, read, expected]]) => {
    const text = values[name] as string | undefined;
    if (text === undefined) return [];
    const value = read(text);
    if (value === undefined) throw new UsageError(`--${name} ${text}: expected ${expected}`);
    return [[key, value]];
  });
  return Object.fromEntries(given) as SyncRunOptions;
}

/** What options grant, on top of what the manifest does. */
function grantsOf(input: Input, declared: SyncRunOptions): SyncRunOptions {
  const { values } = input;
  return {
    ...limitsOf(input),
    preopens: { ...declared.preopens, ...Object.fromEntries(list(values["dir"]).map(parseDirectory)) },
    env: { ...declared.env, ...Object.fromEntries(list(values["env"]).flatMap(parseVariable)) },
    ...(values["argv0"] === undefined ? {} : { argv0: values["argv0"] as string }),
  };
}

const list = (value: Input["values"][string]): string[] => (value ?? []) as string[];

function parseDirectory(text: string): [guest: string, preopen: Preopen] {
  const [path = "", guest = path, access = "rw", ...extra] = text.split("::");
  if (path === "" || guest === "" || !Object.hasOwn(accesses, access) || extra.length > 0) {
    throw new UsageError(
      `--dir ${text}: expected HOST::GUEST, HOST::GUEST::ro or HOST::GUEST::cow, such as --dir ./data::/sandbox::ro`,
    );
  }
  return [guest, { path, access: accesses[access as keyof typeof accesses] }];
}

function parseVariable(text: string): [name: string, value: string][] {
  const split = text.indexOf("=");
  if (split === 0) throw new UsageError(`--env ${text}: expected NAME=VALUE, or NAME alone to pass on the host's`);
  if (split > 0) return [[text.slice(0, split), text.slice(split + 1)]];
  const value = process.env[text];
  return value === undefined ? [] : [[text, value]];
}

/** The exit code where the guest thinks that all is well, and what it wrote is lost. */
const outputLost = 1;

/** Runs it, and says how it ended where the guest did not say so itself. */
function runOne(module: string, options: SyncRunOptions): RunResult | WasiKitError {
  try {
    const result = runSync(module, {
      stdin: { fd: 0 },
      ...options,
      stdout: { fd: 1 },
      stderr: { fd: 2 },
      handleSigint: true,
      breakOnPipe: true,
    });
    tellEnding(module, options, result);
    return result;
  } catch (error) {
    if (!(error instanceof WasiKitError)) throw error;
    say("error", error.message);
    return error;
  }
}
