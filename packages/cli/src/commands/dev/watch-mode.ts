import { programsBelow } from "../../programs/find-programs.ts";
import { paint, say } from "../../ui/output.ts";
import { claim } from "./claim.ts";
import { interrupt, listenToKeys } from "./keys.ts";
import type { Key } from "./keys.ts";
import { startSession } from "./session.ts";
import type { Session, SessionOptions } from "./session.ts";
import { updateSnapshots } from "./snapshots.ts";

/** The exit codes of what a signal ended. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Builds and runs programs whenever they change, until a key or a signal ends it.
 *
 * @param folders - where to look for programs. Default: here
 * @returns the exit code
 * @throws UsageError if there is none, or if another process is at work on one; ManifestError `E_MANIFEST`
 */
export async function watchMode(folders: readonly string[], options: SessionOptions): Promise<number> {
  const programs = await programsBelow(folders);
  const release = await claim(programs.map(({ dir }) => dir));
  let end!: (exitCode: number) => void;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const handlers = Object.entries(signals).map(([signal, exitCode]) => [signal, () => end(exitCode)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  let keys: ReadonlyMap<string, Key> = new Map();
  let stopListening: (() => void) | undefined;
  try {
    const session = await startSession(programs, options, () => printKeys(keys));
    keys = keysOf(session, options, end);
    stopListening = listenToKeys(keys);
    const exitCode = await ended;
    await session.close();
    return exitCode;
  } finally {
    stopListening?.();
    for (const [signal, handler] of handlers) process.off(signal, handler);
    await release();
  }
}

/** What keys do, by the character that a terminal sends. Those that need no mention have no text. */
function keysOf(session: Session, { buildOnly }: SessionOptions, end: (exitCode: number) => void): Map<string, Key> {
  const again = (): void => session.again(session.current());
  const choose = (index: number): void => {
    const target = session.current();
    const name = Object.keys(target.program.manifest.runs)[index];
    if (name === undefined) return;
    target.run = name;
    again();
  };
  const digits = Array.from({ length: 9 }, (_, i) => [`${i + 1}`, { about: "", press: () => choose(i) }] as const);
  return new Map<string, Key>([
    ["r", { about: buildOnly ? "build again" : "run again", press: again }],
    ["\r", { about: "", press: again }],
    ...(buildOnly
      ? []
      : ([
          ["c", { about: "choose a run", press: () => printRuns(session) }],
          ...digits,
          ["u", { about: "update snapshots", press: () => void updateSnapshots(session.current().program.dir) }],
        ] as const)),
    ["q", { about: "quit", press: () => end(0) }],
    [interrupt, { about: "", press: () => end(signals.SIGINT) }],
  ]);
}

function printKeys(keys: ReadonlyMap<string, Key>): void {
  const shown = [...keys].filter(([, { about }]) => about !== "").map(([key, { about }]) => `${key} ${about}`);
  const hint = process.stdin.isTTY ? `: ${shown.join(", ")}` : "";
  process.stderr.write(`${paint(process.stderr, "dim", `waiting for changes${hint}`)}\n`);
}

function printRuns(session: Session): void {
  const { program, run } = session.current();
  const names = Object.keys(program.manifest.runs).slice(0, 9);
  const list = names.map((name, i) => `${i + 1} ${name === run ? paint(process.stderr, "strong", name) : name}`);
  say("ok", `the runs of ${program.name}: ${list.join(", ")}`);
}
