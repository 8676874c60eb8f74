import type { Host } from "../host/host.ts";
import type { LoadedModule } from "../module/module.ts";
import { limitNames } from "../limits/limits.ts";
import type { SyncRunOptions } from "../options.ts";
import { normalizePreopen } from "../preopens/preopen.ts";
import type { Preopen } from "../preopens/preopen.ts";
import type { RunResult } from "../result.ts";
import { toBase64 } from "../text/bytes.ts";
import { recordingVersion } from "./recording.ts";
import type {
  RecordedEnd,
  RecordedModule,
  RecordedOptions,
  RecordedPreopen,
  RecordingHeader,
  UnsealedRecording,
} from "./recording.ts";

/** The options of a run as a recording keeps them. */
export function recordedOptions(options: SyncRunOptions): RecordedOptions {
  const { argv0 = "", args = [], env = {}, preopens = {}, imports, wasi = true } = options;
  const limits = limitNames.flatMap((name) => {
    const limit = options[name];
    return limit === undefined || limit === Infinity ? [] : [[name, limit]];
  });
  return {
    argv0,
    args,
    env,
    preopens: Object.fromEntries(Object.entries(preopens).map(([path, it]) => [path, recordedPreopen(it)])),
    ...Object.fromEntries(limits),
    imports: imports !== undefined,
    wasi,
  };
}

function recordedPreopen(granted: Preopen): RecordedPreopen {
  const full = normalizePreopen(granted);
  return { access: full.access, ...("path" in full ? { path: full.path } : {}) };
}

/** How a recorded run ended. */
type RunEnd = Pick<RunResult, "outcome" | "exitCode" | "limit" | "trap" | "durationMs">;

/** Makes the file of a recording, if the host can. */
export function sealRecording(
  { lines, isFull, options, keepsModule }: UnsealedRecording,
  end: RunEnd,
  { bytes, fileName }: LoadedModule,
  { name, version, archive }: Host,
): Pick<RunResult, "recording"> {
  if (!archive) return {};
  const module: RecordedModule = {
    name: fileName ?? options.argv0,
    ...(bytes ? { sha256: archive.sha256(bytes) } : {}),
    ...(bytes && keepsModule ? { base64: toBase64(bytes) } : {}),
  };
  const header: RecordingHeader = {
    "wasi-kit recording": recordingVersion,
    module,
    options,
    host: `${name}${version}`,
  };
  const texts = [JSON.stringify(header), ...(lines === "" ? [] : [lines]), JSON.stringify({ end: endOf(end, isFull) })];
  return { recording: archive.compress(`${texts.join("\n")}\n`) };
}

const endOf = ({ outcome, exitCode, limit, trap, durationMs }: RunEnd, isFull: boolean): RecordedEnd => ({
  outcome,
  exitCode,
  ...(limit ? { limit } : {}),
  ...(trap ? { trap: trap.message } : {}),
  durationMs,
  ...(isFull ? { isFull } : {}),
});
