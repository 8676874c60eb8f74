import { resolveGrants } from "@wasi-kit/manifest/browser";
import type { Run } from "@wasi-kit/manifest/browser";
import type { SentOptions } from "../run/messages.ts";
import { isDirectory, normalized, treeAt } from "./files.ts";
import type { Files } from "./files.ts";

/** What a run of the playground may use at most, whatever its wasi.json says. */
const highest = {
  timeoutMs: 60_000,
  maxMemoryBytes: 512 << 20,
  maxOutputBytes: 1 << 20,
  maxWrittenBytes: 64 << 20,
  maxFiles: 10_000,
  maxTableElements: 1_000_000,
} as const;

/** How long a run may take that does not say so, in milliseconds: as in tests. */
const usualTimeoutMs = 10_000;

/** A run, ready for the worker. */
export interface PreparedRun {
  readonly options: SentOptions;
  readonly timeoutMs: number;
}

/**
 * What a run is granted: paths of the host lead to the files of the project.
 *
 * @param module - the module's file name
 * @throws Error for a path that is not there
 */
export function prepareRun(run: Run, files: Files, module: string): PreparedRun {
  const { preopens, stdin, timeoutMs = usualTimeoutMs, ...others } = resolveGrants(run, (path) => path, {});
  const limits = Object.entries(highest).filter(([name]) => name !== "timeoutMs");
  return {
    timeoutMs: Math.min(timeoutMs, highest.timeoutMs),
    options: {
      argv0: module,
      ...others,
      ...Object.fromEntries(limits.map(([name, most]) => [name, Math.min(most, others[name as "maxFiles"] ?? most)])),
      stdin: typeof stdin === "string" ? stdin : contentOf(stdin.file, files),
      preopens: Object.fromEntries(
        Object.entries(preopens).map(([guest, granted]) => {
          if ("files" in granted) return [guest, granted];
          const { path, access, ...rest } = granted;
          if (normalized(path) === undefined || !isDirectory(files, path)) throw missing(`The preopen ${guest}`, path);
          // The project itself stays as it is: each run gets its own copy.
          return [
            guest,
            { ...rest, files: treeAt(files, path), access: access === "read-only" ? access : "read-write" },
          ];
        }),
      ),
    },
  };
}

function contentOf(path: string, files: Files): string | Uint8Array {
  const content = files.get(normalized(path) ?? "");
  if (content === undefined) throw missing("stdin", path);
  return content;
}

const missing = (what: string, path: string): Error =>
  new Error(
    `${what} is declared as ${path}, and the project has no such file or directory.\nCreate it, or declare one that is there.`,
  );
