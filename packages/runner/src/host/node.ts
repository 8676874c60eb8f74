import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bytesSource } from "@wasi-kit/wasi";
import { hostClock, hostInput, hostOutput, spillFile } from "@wasi-kit/wasi/node";
import { debugFiles } from "@wasi-kit/wasm/node";
import { projectCommands } from "../advice/project-commands.ts";
import { WasiKitError } from "../error.ts";
import { callWithLimits } from "../limits/call-with-limits.ts";
import { openDirectories } from "../preopens/open-directories.ts";
import { archive } from "./archive.ts";
import type { Host } from "./host.ts";
import { ownCpuMs } from "./thread-cpu-time.ts";

/** Node.js. */
export const nodeHost: Host = {
  name: "Node.js",
  version: ` (${process.version})`,
  wasiKit: () => projectCommands(".").wasiKit,
  // Not performance.now(): its first use loads two milliseconds' worth of modules.
  now: () => Number(process.hrtime.bigint()) / 1e6,
  cpuMs: ownCpuMs,
  clock: hostClock,
  urlOf: (path) => pathToFileURL(resolve(path)).href,
  callWithLimits,
  archive,
  files: {
    checkDirectory,
    openDirectories,
    spill: spillFile,
    stdin: (from) => ("fd" in from ? hostInput(from.fd) : bytesSource(readStdinFile(from.file))),
    output: hostOutput,
    debug: debugFiles,
  },
};

function checkDirectory(guestPath: string, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  throw new WasiKitError(
    "E_PREOPEN",
    found
      ? `The preopen ${guestPath} is declared as ${path}, which is not a directory.\nName the directory that holds it.`
      : `The preopen ${guestPath} is declared as ${path}, and there is no such directory.\nCreate it (mkdir -p ${path}) or declare one that is there.`,
  );
}

function readStdinFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError("E_STDIN", `The file ${file}, which is to be stdin, can't be read (${code}).`, { cause });
  }
}
