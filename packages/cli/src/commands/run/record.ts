import { dirname } from "node:path";
import type { RunResult, WasiKitError } from "@wasi-kit/runner";
import { UsageError } from "../../command-line/command.ts";
import { isFolder } from "../../programs/is-folder.ts";
import { say } from "../../ui/output.ts";
import { replaceFile } from "@wasi-kit/compiler/system";

/** Writes the recording of a run, and says where it is. */
export type SaveRecording = (end: RunResult | WasiKitError) => "saved" | "lost";

/**
 * @param file - `--record`
 * @throws UsageError if there is no folder for it: better before the run than after it
 */
export function recordingTo(file: string): SaveRecording {
  const folder = dirname(file);
  if (!isFolder(folder)) throw new UsageError(`--record ${file}: there is no folder ${folder}.`);
  if (isFolder(file)) throw new UsageError(`--record ${file}: this is a folder, and a file is expected.`);
  return (end) => {
    if (!("recording" in end) || !end.recording) {
      say("warn", "There is nothing to record: it could not start.");
      return "lost";
    }
    try {
      replaceFile(file, end.recording);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      say("error", `The recording can't be written to ${file} (${code || message}).`);
      return "lost";
    }
    say("ok", `It is recorded in ${file}. To make it again, type: wasi-kit replay ${file}`);
    return "saved";
  };
}
