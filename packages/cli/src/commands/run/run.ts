import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { runSync, WasiKitError } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { Command, ParsedArgs } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { refuseWith } from "../../command-line/refuse.ts";
import { printChanges, printEnding, printExplanation } from "./ending.ts";
import type { DeclaredRun } from "@wasi-kit/runner/explain";
import { grantOptions, parseGrants } from "./grants.ts";
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
    "Runs a module, or a run of the program in DIR, with what it is granted and nothing else.\n" +
    "With a program, options add to what its wasi.json grants or replace it, and ARG replaces its args.\n" +
    "A program whose sources have changed is built first.",
  options: {
    run: {
      type: "string",
      value: "NAME",
      about: "The run of the program to take. Default: the first in its wasi.json",
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
      about: "Print each WASI call to stderr, as lines, JSON or a table at the end; or to FILE",
    },
    "trace-filter": {
      type: "string",
      value: "NAME,…",
      about: "With --trace: these functions alone, such as path_*,fd_write",
    },
    "all-frames": {
      type: "boolean",
      about: "After a trap, show the frames of the standard library as well",
    },
    "no-explain": {
      type: "boolean",
      about: "Don't explain why a run may have ended badly",
    },
    "no-build": {
      type: "boolean",
      about: "Run the module of a program as it is, even if its sources have changed since it was built",
    },
    watch: {
      type: "boolean",
      about: "Go on as `wasi-kit dev` does: run again whenever something changes",
    },
    all: {
      type: "boolean",
      about: "Run every run of every program in DIR and below it, changing no directory, and compare the exit codes",
    },
    json: { type: "boolean", about: "With --all: print a JSON array" },
  },
  examples: [
    ["wasi-kit run hello.wasm", "Run a module that is granted nothing"],
    ["wasi-kit run --dir data::/sandbox cat.wasm -- /sandbox/a.txt", "Grant ./data as /sandbox, and pass an argument"],
    ["wasi-kit run --timeout 1000 --max-memory 64MiB hello.wasm", "End it after a second, and give it no more memory"],
    ["wasi-kit run examples/rust/read-file --run denied", "A run of a program"],
    [
      "wasi-kit run --trace --trace-filter 'path_*' examples/rust/read-file",
      "The same, with each call that takes a path",
    ],
    ["wasi-kit run --all examples", "Every run of every program"],
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
    ["141", "The reader of its output has closed the pipe, as in: wasi-kit run hello.wasm | head -1"],
  ],
  async run(input) {
    if (input.values["all"]) {
      refuseWith("--all", input, ["run", "trace", "trace-filter", ...grantOptions]);
      const { runAll } = await import("./run-all.ts");
      return runAll(input);
    }
    if (input.values["watch"]) {
      const { positionals, values } = input;
      const others = Object.keys(values).filter((name) => name !== "run" && name !== "watch");
      refuseWith("--watch", input, others);
      const { watchMode } = await import("../dev/watch-mode.ts");
      return watchMode(positionals, { run: values["run"] as string | undefined, buildOnly: false });
    }
    if (input.values["json"]) throw new UsageError("--json goes with --all.");
    const { target, args } = parseTarget(input);
    const folder = isFolder(target);
    if (input.values["run"] !== undefined && !folder)
      throw new UsageError(`--run names a run of a program, and ${target} is no folder.`);
    const loaded = folder ? await loadRun(target, input) : { module: target, options: {} };
    if (!loaded) return notBuilt;
    const { module, options, declared } = loaded;
    const granted = { ...options, ...parseGrants(input.values, options), ...(args ? { args } : {}) };
    const trace = await openTraceOf(input);
    try {
      const end = runOne(
        module,
        { ...granted, ...(trace ? { trace: trace.add } : {}) },
        input.values["all-frames"] === true,
      );
      if (!input.values["no-explain"]) {
        await printChanges(end, granted);
        await printExplanation({ module, options: granted, end, ...(declared ? { declared } : {}) });
      }
      // A process has eight bits for it: cut to them, a failure could look like success.
      return Math.min(end.exitCode, 255) || ("lostOutput" in end ? outputLost : 0);
    } finally {
      const lost = trace?.end();
      if (lost !== undefined) say("warn", lost);
    }
  },
};

/**
 * `MODULE -- ARG…`, and also `-- MODULE ARG…`, which is how cargo calls a
 * runner. Nothing at all is the program in this folder.
 */
function parseTarget({ positionals, rest }: ParsedArgs): { target: string; args: readonly string[] | undefined } {
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

/** What to run, before options add to what it is granted. */
interface RunTarget {
  module: string;
  options: SyncRunOptions;
  /** If a wasi.json declares it: that run. */
  declared?: DeclaredRun;
}

/** The exit code of a program that can't be built: it can't be run either. */
const notBuilt = 126;

/** Loads a run of a wasi.json. Undefined if the module can't be built: a message says why. */
async function loadRun(folder: string, { values }: ParsedArgs): Promise<RunTarget | undefined> {
  const { readProgram, resolveRun } = await import("@wasi-kit/manifest");
  const program = await readProgram(folder);
  if (!values["no-build"]) {
    const { buildStale } = await import("../../programs/build-programs.ts");
    if (!(await buildStale([program]))) return undefined;
  }
  const { name, module, options } = resolveRun(program, values["run"] as string | undefined);
  const file = join(folder, "wasi.json");
  return {
    module: relative(process.cwd(), module),
    options,
    declared: { file, name, runs: program.manifest.runs as DeclaredRun["runs"] },
  };
}

async function openTraceOf({ values }: ParsedArgs): Promise<TraceOutput | undefined> {
  const { trace, "trace-filter": filter } = values;
  if (trace === undefined && filter !== undefined) throw new UsageError("--trace-filter goes with --trace.");
  if (trace === undefined) return undefined;
  const { openTrace } = await import("./trace.ts");
  return openTrace(trace as string | true, filter as string | undefined);
}

/** The exit code if the guest ended well, and its output was lost. */
const outputLost = 1;

/** Runs a module, and prints how it ended unless the guest exited by itself. */
function runOne(module: string, options: SyncRunOptions, showsAllFrames: boolean): RunResult | WasiKitError {
  try {
    const result = runSync(module, {
      stdin: { fd: 0 },
      ...options,
      stdout: { fd: 1 },
      stderr: { fd: 2 },
      handleSigint: true,
      breakOnPipe: true,
    });
    printEnding(module, options, result, showsAllFrames);
    return result;
  } catch (error) {
    if (!(error instanceof WasiKitError)) throw error;
    say("error", error.message);
    return error;
  }
}
