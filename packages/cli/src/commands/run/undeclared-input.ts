import { fstatSync } from "node:fs";
import { relative } from "node:path";
import type { SyncRunOptions } from "@wasi-kit/runner";
import { say } from "../../ui/output.ts";
import type { RunTarget } from "./run-target.ts";

/** An input that is empty, and knows whether the guest wanted to read it. */
interface UndeclaredInput {
  readonly stdin: NonNullable<SyncRunOptions["stdin"]>;
  /** Says, if the guest read it, why it found nothing there. */
  report(): void;
}

/**
 * The input of a run of a wasi.json that declares none, if the user pipes something in or names a file (`< FILE`). The
 * run does not get that, so that it is the same each time, and a user who does not know this sees an empty output and no
 * reason.
 *
 * @returns undefined if there is nothing to say, whatever the guest reads
 */
export function undeclaredInput({ name, declared, declaresInput = true }: RunTarget): UndeclaredInput | undefined {
  if (!declared || declaresInput || !isRedirected()) return undefined;
  let wasRead = false;
  return {
    stdin: {
      read() {
        wasRead = true;
        return 0;
      },
      poll: () => ({ nbytes: 0n, isHangup: true }),
    },
    report() {
      if (!wasRead) return;
      say(
        "warn",
        `It read stdin and found nothing: the run "${declared.name}" in ${relative(process.cwd(), declared.file)} declares none, and does not get what you pipe in.\n` +
          `Declare it as "stdin", or run the module by itself: wasi-kit run ${name}`,
      );
    },
  };
}

/** Whether stdin is a pipe of a shell or a file. */
function isRedirected(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile();
  } catch {
    // It is closed.
    return false;
  }
}
