import { bytesOf } from "@wasi-kit/wasi";
import { abis } from "@wasi-kit/wasi/abi";
import { WasiKitError } from "../error.ts";
import { createCommand, runCommand } from "../guest/command.ts";
import { archive } from "../host/archive.ts";
import { nodeHost } from "../host/node.ts";
import { interruptLoops } from "../limits/interrupt-loops.ts";
import { hasDeadline, moduleLimitNames } from "../limits/limits.ts";
import { isFromOutside } from "../limits/run-termination.ts";
import { loadModule, moduleName, readModule } from "../module/load-module.ts";
import { isCompiled } from "../module/module.ts";
import type { LoadedModule, ModuleSource } from "../module/module.ts";
import { checkOptionRules } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { syncRunOptionRules } from "../options.ts";
import type { StdinReader, SyncRunOptions } from "../options.ts";
import { createResult } from "../result.ts";
import type { CompletedRun, RunResult } from "../result.ts";
import { memoryCaptures } from "../stdio/capture.ts";
import { partedInOutcome } from "./parting.ts";
import { linesOf, readRecording } from "./read-recording.ts";
import type { Recording } from "./read-recording.ts";
import type { ParsedRecording, RecordedEnd, RecordedOptions } from "./recording.ts";
import { replayingTape } from "./replaying-tape.ts";
import type { ReplayingTape } from "./replaying-tape.ts";

/** How a recording is replayed. */
export interface ReplayOptions extends Pick<
  SyncRunOptions,
  "stdout" | "stderr" | "trace" | "timeoutMs" | "handleSigint" | "breakOnPipe"
> {
  /** The module to run: the recorded one, or another build of it. Default: the module in the recording. */
  module?: ModuleSource;
}

const { stdout, stderr, trace, timeoutMs, handleSigint, breakOnPipe } = syncRunOptionRules;

/** What each option of a replay may be. */
export const replayOptionRules: OptionRules<ReplayOptions> = {
  stdout,
  stderr,
  trace,
  timeoutMs,
  handleSigint,
  breakOnPipe,
  module: [
    "a path, a URL, bytes, or a compiled module",
    (value) => typeof value === "string" || (typeof value === "object" && value !== null),
  ],
};

/**
 * Runs a module again as it was recorded, in this thread. It needs no directories,
 * stdin or functions of the host: their answers are in the recording. The result is
 * the same except for times, `changes` and `lostOutput`; the trace has no times.
 *
 * @example
 * const { recording } = await run("crash.wasm", { record: "with-module" });
 * const { trap } = await replay(recording, { trace: (call) => console.log(formatCall(call)) });
 *
 * @throws WasiKitError `E_RECORDING` as {@link readRecording} does, and if the
 * module is neither in it nor given; `E_REPLAY` if the run differs from the
 * recording; as {@link run} does for the module
 */
export async function replay(
  source: Recording | string | URL | Uint8Array,
  options: ReplayOptions = {},
): Promise<RunResult> {
  checkOptionRules(options, replayOptionRules, "replay()");
  const recording = isRead(source) ? source : readRecording(source);
  const { module = recording.module.bytes, ...given } = options;
  if (module === undefined) throw moduleMissing(recording);
  const { loaded, isOther } = loadRecorded(module, recording);
  const content = { ...(linesOf(recording) as ParsedRecording), isOther };
  const tape = replayingTape(content);
  const granted = { ...grantsOf(recording), ...importsOf(recording, loaded, tape), ...given };
  if (hasDeadline(granted)) interruptLoops();
  const guest = createCommand(nodeHost, loaded, granted, memoryCaptures(), tape);
  try {
    const run = runCommand(nodeHost, guest, loaded);
    // Ctrl-C and a pipe that nobody reads end a replay before its time.
    const isStopped = run.termination.outcome === "aborted" || run.termination.outcome === "broken-pipe";
    if (!isStopped) tape.end();
    const parting = tape.parting();
    if (parting) throw parting;
    const result = createResult(asRecorded(run, recording.end), loaded, guest.stdout(), guest.stderr(), nodeHost);
    if (!isStopped) checkEnd(result, content);
    return result;
  } catch (error) {
    throw tape.parting() ?? error;
  } finally {
    guest.close();
  }
}

const isRead = (source: Recording | string | URL | Uint8Array): source is Recording =>
  typeof source === "object" && linesOf(source as Recording) !== undefined;

const moduleMissing = ({ name, module }: Recording): WasiKitError =>
  new WasiKitError(
    "E_RECORDING",
    `${name} does not have the module: it was recorded of ${module.name}.\nName it: wasi-kit replay ${name} ${module.name}`,
  );

/** Loads the module with the limits that were put into it, and compares it with what was recorded. */
function loadRecorded(
  source: ModuleSource,
  { module, options }: Recording,
): { readonly loaded: LoadedModule; readonly isOther: boolean } {
  const bytes = isCompiled(source)
    ? undefined
    : (bytesOf(source) ?? readModule(source as string | URL, moduleName(source)));
  const loaded = loadModule(bytes ?? source, bytes ? moduleLimitsOf(options) : {});
  const isNamed = typeof source === "string" || "href" in source;
  return {
    loaded: { ...loaded, name: isNamed ? moduleName(source) : module.name, fileName: module.name },
    isOther: bytes !== undefined && module.sha256 !== undefined && archive.sha256(bytes) !== module.sha256,
  };
}

const moduleLimitsOf = (options: RecordedOptions): Pick<RecordedOptions, (typeof moduleLimitNames)[number]> =>
  Object.fromEntries(moduleLimitNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));

/** The least time that a run has to reach what it was stopped at, in milliseconds. */
const leastTimeoutMs = 1000;

/** Has as many bytes as a read is to give. */
const endless: StdinReader = { read: (into) => into.length, poll: () => undefined };

/**
 * What a replay is granted. The files are not there. Of the limits, those are kept
 * that the guest itself notices, and a deadline only if one ended the run.
 */
function grantsOf({ options, end: { outcome, durationMs } }: Recording): SyncRunOptions {
  const { argv0, args, env, wasi, preopens, maxCalls } = options;
  return {
    argv0,
    args,
    env,
    wasi,
    preopens: Object.fromEntries(Object.keys(preopens).map((path) => [path, { files: {} }])),
    stdin: endless,
    maxOutputBytes: Infinity,
    ...moduleLimitsOf(options),
    ...(maxCalls === undefined ? {} : { maxCalls }),
    ...(isFromOutside(outcome) ? { timeoutMs: Math.max(leastTimeoutMs, 2 * durationMs) } : {}),
  };
}

function importsOf({ options }: Recording, { module }: LoadedModule, tape: ReplayingTape): SyncRunOptions {
  if (!options.imports) return {};
  const own = WebAssembly.Module.imports(module).filter((it) => !Object.hasOwn(abis, it.module));
  return { imports: tape.imports(own.filter((it) => it.kind === "function")) };
}

/** What ended the recorded run from outside is a deadline here. What it changed in its directories is not known. */
function asRecorded(
  { termination, report: { changes: _changes, ...report } }: CompletedRun,
  end: RecordedEnd,
): CompletedRun {
  const { outcome, limit } = end;
  const isRecorded = termination.outcome === "timed-out" && isFromOutside(outcome);
  return { termination: isRecorded ? { outcome, limit } : termination, report };
}

/** @throws WasiKitError `E_REPLAY` */
function checkEnd({ outcome, exitCode, trap }: RunResult, content: ParsedRecording): void {
  if (outcome === content.end.outcome && exitCode === content.end.exitCode) return;
  throw partedInOutcome(content, `the end of the run: ${outcome}, ${trap?.message ?? `exit code ${exitCode}`}`);
}
