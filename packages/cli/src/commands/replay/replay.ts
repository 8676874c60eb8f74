import { readRecording, replay, WasiKitError } from "@wasi-kit/runner";
import type { Recording, RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { Command, Option } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { refuseWith } from "../../command-line/refuse.ts";
import { beQuiet, say } from "../../ui/output.ts";
import { runOptions } from "../run/options.ts";
import { exitStatus, notBuilt } from "../run/run-target.ts";
import type { RunTarget } from "../run/run-target.ts";
import { openTraceOf, ownStreams, printEnd, startLineAfter } from "../run/run.ts";
import { loadTarget } from "../run/target.ts";

/** Those of a run that a replay has too. */
const shared = ["trace", "stats", "json", "quiet", "trace-output", "trace-filter", "all-frames", "no-explain"] as const;
const isRare = (name: (typeof shared)[number]): boolean => !["trace", "stats", "json"].includes(name);

/** wasi-kit replay */
export const command: Command = {
  usage: ["[OPTIONS] FILE [MODULE.wasm | DIR]"],
  about:
    "Makes a run again that wasi-kit run --record has recorded: with the same calls and output, and without its files. " +
    "MODULE can be another build of the program, such as one with debug information. Default: the module in FILE.",
  options: {
    ...Object.fromEntries(shared.map((name) => [name, { ...runOptions[name], isRare: isRare(name) } as Option])),
    json: { type: "boolean", about: "Print an object with the result" },
  },
  examples: [
    ["wasi-kit run --record crash.recording cat.wasm", "Record a run"],
    ["wasi-kit replay crash.recording", "Make it again, anywhere"],
    ["wasi-kit replay --trace crash.recording", "Look at its calls"],
  ],
  exitCodes: [
    ["0…", "What the module exits with, or as of wasi-kit run"],
    ["2", "FILE is no recording, or a malformed one"],
    ["126", "The module does not do what was recorded"],
  ],
  async run(input) {
    const { positionals, rest = [], values } = input;
    if (values["quiet"]) beQuiet();
    const [file, module, ...more] = [...positionals, ...rest];
    if (file === undefined) throw new UsageError("Name the recording: wasi-kit replay FILE");
    if (more.length > 0) throw new UsageError(`${more[0]} is too much: a replay has the arguments that were recorded.`);
    const recording = readRecording(file);
    const given = module === undefined ? undefined : await loadTarget(module, { ...input, values: {} });
    if (module !== undefined && !given) return notBuilt;
    const target = targetOf(recording, given);
    const options = optionsOf(recording);
    const how = { ...(given ? { module: given.bytes ?? given.name } : {}), handleSigint: true };
    if (values["json"]) {
      refuseWith("json", input, ["no-explain", "quiet"]);
      const { printJson } = await import("../run/run-as-json.ts");
      const end = await settle(replay(recording, how));
      printJson(target, options, end);
      return exitStatus(end);
    }
    const trace = await openTraceOf(values);
    try {
      const end = await settle(replay(recording, { ...how, ...ownStreams, ...(trace ? { trace: trace.add } : {}) }));
      if ("diagnostics" in end && !trace) startLineAfter(end);
      await printEnd(target, options, end, values);
      return exitStatus(end);
    } finally {
      const lost = trace?.end();
      if (lost !== undefined) say("warn", lost);
    }
  },
};

async function settle(replayed: Promise<RunResult>): Promise<RunResult | WasiKitError> {
  try {
    return await replayed;
  } catch (error) {
    if (error instanceof WasiKitError) return error;
    throw error;
  }
}

const targetOf = ({ module }: Recording, given: RunTarget | undefined): RunTarget =>
  given ?? { name: module.name, options: {}, ...(module.bytes ? { bytes: module.bytes } : {}) };

/** What the run was granted, as what explains its end reads it. */
function optionsOf({ options: { imports: _imports, preopens, ...options } }: Recording): SyncRunOptions {
  const granted = Object.entries(preopens).map(([guest, { path, access }]) => [
    guest,
    path === undefined ? { files: {} } : { path, access },
  ]);
  return { ...options, preopens: Object.fromEntries(granted) };
}
