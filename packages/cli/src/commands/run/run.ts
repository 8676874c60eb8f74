import { fstatSync } from "node:fs";
import { WasiKitError } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { Command, ParsedArgs } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { refuseWith } from "../../command-line/refuse.ts";
import { printChanges, printEnding, printExplanation, printStats } from "./ending.ts";
import { grantOptions, parseGrants } from "./grants.ts";
import { runOptions } from "./options.ts";
import { failedRun, loadTarget } from "./target.ts";
import { isFolder } from "../../programs/is-folder.ts";
import { exitStatus, notBuilt, outputLost, runTarget } from "./run-target.ts";
import type { RunTarget } from "./run-target.ts";
import { undeclaredInput } from "./undeclared-input.ts";
import { beQuiet, leaveLineOpen, say } from "../../ui/output.ts";
import type { SaveRecording } from "./record.ts";
import type { TraceOutput } from "./trace.ts";

/** wasi-kit run */
export const command: Command = {
  usage: ["[OPTIONS] MODULE [ARG…]", "[DIR] [OPTIONS] [-- ARG…]", "--all [DIR…]"],
  about:
    "Runs a module (.wasm, .wat, - for stdin), or a run of the wasi.json in DIR: options add to what that grants, " +
    "and ARG… replaces its args.",
  options: runOptions,
  examples: [
    ["wasi-kit run --dir data::/sandbox cat.wasm /sandbox/a.txt", "Grant ./data"],
    ["wasi-kit run --invoke add library.wasm 1 2", "Call a function"],
  ],
  exitCodes: [
    ["0…", "What the module exits with, or:"],
    ["1", "What it wrote can't be written; --all: a run did not end as expected"],
    ["2", "The command line or a wasi.json is not valid"],
    ["124", "It took longer than --timeout"],
    ["125", "wasi-kit failed"],
    ["126", "It can't be run, or not be built"],
    ["127", "There is no such module"],
    ["130", "Ctrl-C ended it"],
    ["134", "It trapped, or wrote more than a limit allows"],
    ["141", "Nobody reads its output any more"],
  ],
  isModule: (argument) => !isFolder(argument),
  async run(input) {
    if (input.values["quiet"]) beQuiet();
    if (input.values["all"]) {
      refuseWith("all", input, ["available", "json", "no-build", "no-explain", "quiet"]);
      const { runAll } = await import("./run-all.ts");
      return runAll(input);
    }
    if (input.values["available"]) throw new UsageError("--available goes with --all, which runs several programs.");
    if (input.values["watch"]) {
      const { positionals, values } = input;
      refuseWith("watch", input, ["run", "quiet"]);
      const { watchMode } = await import("../dev/watch-mode.ts");
      return watchMode(positionals, { run: values["run"] as string | undefined, buildOnly: false });
    }
    const { target: path, args } = parseTarget(input);
    const target = await loadTarget(path, input);
    if (!target) return notBuilt;
    const unread = undeclaredInput(target);
    const granted = {
      ...target.options,
      ...parseGrants(input.values, target.options),
      ...(args ? { args } : {}),
      ...(unread ? { stdin: unread.stdin } : {}),
    };
    const { json, invoke: functionName } = input.values;
    if (functionName !== undefined) {
      refuseWith("invoke", { values: input.values, rest: undefined }, ["run", "no-build", "quiet", ...grantOptions]);
      const { invoke } = await import("./invoke.ts");
      return invoke(target, { ...granted, ...ownStreams, handleSigint: true }, functionName as string);
    }
    const trace = await openTraceOf(input.values);
    const saveRecording = await recordingOf(input);
    const observed = {
      ...granted,
      ...(trace ? { trace: trace.add } : {}),
      ...(saveRecording ? { record: "with-module" as const } : {}),
    };
    try {
      if (json) return (await import("./run-as-json.ts")).runAsJson(target, observed, saveRecording);
      const isObserved = trace !== undefined || saveRecording !== undefined || input.values["stats"] === true;
      const handleSigint = isObserved || writesAtItsEnd(granted);
      const end = runTarget(target, { ...observed, ...ownStreams, handleSigint });
      if ("diagnostics" in end && !trace) startLineAfter(end);
      await printEnd(target, granted, end, input.values);
      if (!input.values["no-explain"]) unread?.report();
      const isLost = saveRecording?.(end) === "lost" || "lostOutput" in end;
      return exitStatus(end) || (isLost ? outputLost : 0);
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

/** Opens what the options of a trace name, if they name one. */
export async function openTraceOf(values: ParsedArgs["values"]): Promise<TraceOutput | undefined> {
  const { trace, "trace-output": file, "trace-filter": filter } = values as Record<string, string | true | undefined>;
  const form = trace ?? (file === undefined ? undefined : true);
  if (form === undefined && filter !== undefined) throw new UsageError("--trace-filter goes with --trace.");
  if (form === undefined) return undefined;
  const { openTrace } = await import("./trace.ts");
  return openTrace(form === true ? "lines" : form, file as string | undefined, filter as string | undefined);
}

async function recordingOf({ values }: ParsedArgs): Promise<SaveRecording | undefined> {
  if (values["record"] === undefined) return undefined;
  const { recordingTo } = await import("./record.ts");
  return recordingTo(values["record"] as string);
}

/** The guest has this process's streams. */
export const ownStreams = { stdout: { fd: 1 }, stderr: { fd: 2 }, breakOnPipe: true } as const;

/**
 * Whether there is something to write once the guest has ended: what is buffered of its output to a file, or what it
 * would have changed. If not, Ctrl-C ends this process as it ends any other: at once, even in an instruction that takes
 * long, such as memory.fill in a loop, which the engine can't stop.
 */
function writesAtItsEnd({ preopens = {} }: SyncRunOptions): boolean {
  const isFile = [1, 2].some((fd) => fstatSync(fd).isFile());
  return (
    isFile ||
    Object.values(preopens).some((it) => typeof it === "object" && "access" in it && it.access === "copy-on-write")
  );
}

/** Has what is said next begin a line, if the guest has not ended its last one where that is shown. */
export function startLineAfter({ diagnostics }: RunResult): void {
  const open = diagnostics?.openLines ?? [];
  if (open.includes("stderr") || (open.includes("stdout") && areSameFile(1, 2))) leaveLineOpen();
}

function areSameFile(a: number, b: number): boolean {
  const [first, second] = [fstatSync(a), fstatSync(b)];
  return first.dev === second.dev && first.ino === second.ino && first.rdev === second.rdev;
}

/** Says how a run ended if the guest did not say so itself, why, and what it took if that was asked for. */
export async function printEnd(
  target: RunTarget,
  options: SyncRunOptions,
  end: RunResult | WasiKitError,
  values: ParsedArgs["values"],
): Promise<void> {
  // A module of which the runner gets the bytes alone has no name there.
  if (end instanceof WasiKitError) say("error", end.message.replace(/^the module\b/, target.name));
  else printEnding(target.name, options, end, values["all-frames"] === true);
  if (!values["no-explain"]) {
    await printChanges(end, options);
    await printExplanation({ ...failedRun(target), options, end });
  }
  if (values["stats"]) printStats(target.name, end);
}
