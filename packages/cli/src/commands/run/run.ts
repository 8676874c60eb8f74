import { fstatSync } from "node:fs";
import { runSync, WasiKitError } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { Command, ParsedArgs } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { refuseWith } from "../../command-line/refuse.ts";
import { printChanges, printEnding, printExplanation } from "./ending.ts";
import { grantOptions, parseGrants } from "./grants.ts";
import { runOptions } from "./options.ts";
import { failedRun, isFolder, loadTarget } from "./target.ts";
import type { RunTarget } from "./run-target.ts";
import { beQuiet, leaveLineOpen, say } from "../../ui/output.ts";
import type { TraceOutput } from "./trace.ts";

/** wasi-kit run */
export const command: Command = {
  usage: ["[OPTIONS] MODULE [ARG…]", "[DIR] [OPTIONS] [-- ARG…]", "--all [DIR…]"],
  about:
    "Runs a module (.wasm, .wat, - for stdin), or a run of the wasi.json in DIR. Options come before MODULE: " +
    "what follows is for it. With DIR, options add to what its wasi.json grants, and ARG… replaces its args.",
  options: runOptions,
  examples: [
    ["wasi-kit run --dir data::/sandbox cat.wasm /sandbox/a.txt", "Grant ./data"],
    ["wasi-kit run --invoke add library.wasm 1 2", "Call a function"],
  ],
  exitCodes: [
    ["1", "its output can't be written"],
    ["2", "usage or wasi.json"],
    ["124", "timed out"],
    ["125", "wasi-kit failed"],
    ["126", "can't be run or built"],
    ["127", "no such module"],
    ["130", "Ctrl-C"],
    ["134", "trapped, or wrote too much"],
    ["141", "nobody reads its output"],
  ],
  isModule: (argument) => !isFolder(argument),
  async run(input) {
    if (input.values["quiet"]) beQuiet();
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
    const { target: path, args } = parseTarget(input);
    const target = await loadTarget(path, input);
    if (!target) return notBuilt;
    const granted = { ...target.options, ...parseGrants(input.values, target.options), ...(args ? { args } : {}) };
    const { json, invoke: functionName } = input.values;
    if (functionName !== undefined) {
      refuseWith("--invoke", { values: input.values, rest: undefined }, ["json", "trace", "trace-output"]);
      const { invoke } = await import("./invoke.ts");
      return invoke(target, { ...granted, ...ownStreams }, functionName as string);
    }
    const trace = await openTraceOf(input);
    const traced = { ...granted, ...(trace ? { trace: trace.add } : {}) };
    try {
      if (json) return (await import("./run-as-json.ts")).runAsJson(target, traced);
      const end = runOne(target, traced);
      if ("diagnostics" in end && !trace) startLineAfter(end);
      printEnd(target, granted, end, input.values["all-frames"] === true);
      if (!input.values["no-explain"]) {
        await printChanges(end, granted);
        await printExplanation({ ...failedRun(target), options: granted, end });
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
    throw new UsageError(
      `What the guest gets as arguments follows --: wasi-kit run ${target} -- ${[...extra, ...(rest ?? [])].join(" ")}`,
    );
  }
  if (target !== undefined) return { target, args: rest };
  const [first, ...args] = rest ?? [];
  return first !== undefined && /\.(wasm|wat)$/.test(first) ? { target: first, args } : { target: ".", args: rest };
}

/** The exit code of a program that can't be built: it can't be run either. */
const notBuilt = 126;

async function openTraceOf({ values }: ParsedArgs): Promise<TraceOutput | undefined> {
  const { trace, "trace-output": file, "trace-filter": filter } = values as Record<string, string | true | undefined>;
  const form = trace ?? (file === undefined ? undefined : true);
  if (form === undefined && filter !== undefined) throw new UsageError("--trace-filter goes with --trace.");
  if (form === undefined) return undefined;
  const { openTrace } = await import("./trace.ts");
  return openTrace(form === true ? "lines" : form, file as string | undefined, filter as string | undefined);
}

/** The exit code if the guest ended well, and its output was lost. */
const outputLost = 1;

/** The guest has this process's streams, and Ctrl-C ends it. */
const ownStreams = { stdout: { fd: 1 }, stderr: { fd: 2 }, handleSigint: true, breakOnPipe: true } as const;

function runOne({ name, bytes }: RunTarget, options: SyncRunOptions): RunResult | WasiKitError {
  try {
    return runSync(bytes ?? name, { stdin: { fd: 0 }, ...options, ...ownStreams });
  } catch (error) {
    if (error instanceof WasiKitError) return error;
    throw error;
  }
}

/** Has what is said next begin a line, if the guest has not ended its last one where that is shown. */
function startLineAfter({ diagnostics }: RunResult): void {
  const open = diagnostics?.openLines ?? [];
  if (open.includes("stderr") || (open.includes("stdout") && areSameFile(1, 2))) leaveLineOpen();
}

function areSameFile(a: number, b: number): boolean {
  const [first, second] = [fstatSync(a), fstatSync(b)];
  return first.dev === second.dev && first.ino === second.ino && first.rdev === second.rdev;
}

/** Says how a run ended if the guest did not say so itself. */
function printEnd(
  { name }: RunTarget,
  options: SyncRunOptions,
  end: RunResult | WasiKitError,
  showsAllFrames: boolean,
): void {
  if (end instanceof WasiKitError) say("error", end.message);
  else printEnding(name, options, end, showsAllFrames);
}
