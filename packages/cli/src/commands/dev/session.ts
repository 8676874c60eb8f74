import { relative } from "node:path";
import { sourceFiles } from "@wasi-kit/compiler/current";
import { isExpected, modulePath, resolveRun } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { createPool, onCopies, WasiKitError } from "@wasi-kit/runner";
import type { Pool, RunResult, SyncRunOptions } from "@wasi-kit/runner";
import { buildAndReport } from "../../programs/build-programs.ts";
import { printEnding, printExplanation } from "../run/ending.ts";
import { formatTime } from "../../ui/format.ts";
import { paint, say } from "../../ui/output.ts";
import { buildTargetOf, createDevTarget, reread } from "./dev-target.ts";
import type { DevTarget } from "./dev-target.ts";
import { watchTargets } from "./file-watcher.ts";
import { diffLines } from "./output-diff.ts";

/** What a session does. */
export interface SessionOptions {
  /** The run to make. Default: the first of each. */
  run?: string | undefined;
  /** Whether programs are built and not run. */
  buildOnly: boolean;
}

/** Programs that are built and run, again and again. */
export interface Session {
  /** The program that was built last, and its run. */
  current(): DevTarget;
  /** Builds and runs it, after it has ended the current run. */
  again(target: DevTarget): void;
  close(): Promise<void>;
}

/**
 * Builds and runs programs, then again whenever something changes that they are
 * made of. One is built at a time. A build or a run is ended if its program
 * changes before it is over.
 *
 * @param idle - called when there is nothing to do
 */
export async function startSession(
  programs: readonly Program[],
  { run, buildOnly }: SessionOptions,
  idle: () => void,
): Promise<Session> {
  const targets = programs.map((program) => createDevTarget(program, run));
  const waiting = new Map<DevTarget, string>();
  const pool = createPool({ size: 1 });
  let current = targets[0] as DevTarget;
  /** Ends the current build or run. */
  let round: AbortController | undefined;
  let working: Promise<void> | undefined;
  const closing = new AbortController();

  const work = async (): Promise<void> => {
    for (let next = first(waiting); next && !closing.signal.aborted; next = first(waiting)) {
      const [target, why] = next;
      waiting.delete(target);
      current = target;
      if (why !== "") printRule(why);
      await buildAndRun(target);
    }
    working = undefined;
    if (!closing.signal.aborted) idle();
  };
  const buildAndRun = async (target: DevTarget): Promise<void> => {
    round = new AbortController();
    const { signal } = round;
    const isReady = await prepare(target, signal);
    await watcher.update(target);
    if (isReady && !buildOnly && !signal.aborted) await runOnce(pool, target, signal);
    round = undefined;
  };
  const again = (target: DevTarget, why: string): void => {
    waiting.set(target, why);
    if (target === current) round?.abort();
    working ??= work();
  };
  const watcher = watchTargets(targets, (target, path) =>
    again(target, `${relative(process.cwd(), path)} has changed`),
  );
  await watcher.ready;
  // The first round. Of several programs, none is run before it changes.
  if (targets.length === 1) again(current, "");
  else {
    const { signal } = closing;
    const builds = targets.flatMap((target) => buildTargetOf(target) ?? []).map((build) => ({ ...build, signal }));
    working = buildAndReport(builds).then(() => work());
  }
  return {
    current: () => current,
    again: (target) => again(target, `${target.program.name} again`),
    async close() {
      closing.abort();
      round?.abort();
      await watcher.close();
      await working;
      await pool.close({ abort: true });
    },
  };
}

const first = <K, V>(map: ReadonlyMap<K, V>): [K, V] | undefined => map.entries().next().value;

/** A line between one round and the next. */
function printRule(why: string): void {
  const now = new Date().toTimeString().slice(0, 8);
  process.stderr.write(`\n${paint(process.stderr, "dim", `── ${now} ${why} ──`)}\n`);
}

/** Builds a program. @returns whether there is a module to run */
async function prepare(target: DevTarget, signal: AbortSignal): Promise<boolean> {
  try {
    await reread(target);
  } catch (error) {
    if (!(error instanceof Error && "exitCode" in error)) throw error;
    say("error", error.message);
    return false;
  }
  const build = buildTargetOf(target);
  if (!build || (await sourceFiles(build)).length === 0) return true;
  return (await buildAndReport([{ ...build, signal }])).failed === 0;
}

/** Runs a program, changing none of its directories, and prints how it ended unless another change ended it. */
async function runOnce(pool: Pool, target: DevTarget, signal: AbortSignal): Promise<void> {
  const { program, run, printed } = target;
  const resolved = resolveRun(program, run);
  const module = relative(process.cwd(), modulePath(program));
  const chunks: Buffer[] = [];
  const show = (stream: NodeJS.WriteStream) => (chunk: Uint8Array) => {
    chunks.push(Buffer.from(chunk));
    stream.write(chunk);
  };
  const options: SyncRunOptions = onCopies(resolved.options);
  let result: RunResult;
  try {
    result = await pool.run(module, {
      ...options,
      stdout: show(process.stdout),
      stderr: show(process.stderr),
      signal,
    });
  } catch (error) {
    if (!(error instanceof WasiKitError)) throw error;
    if (!signal.aborted) say("error", error.message);
    return;
  }
  if (signal.aborted) return;
  const output = Buffer.concat(chunks).toString();
  if (output !== "" && !output.endsWith("\n")) process.stderr.write("\n");
  printEnding(module, options, result);
  await printExplanation({ module, options, end: result, declared: resolved.declared });
  const isAsExpected = isExpected(resolved.exitCode, result);
  const expected = isAsExpected ? "as expected" : `expected ${resolved.exitCode}`;
  say(
    isAsExpected ? "ok" : "error",
    `${run}: exit code ${result.exitCode}, ${expected}, in ${formatTime(result.durationMs)}`,
  );
  const before = printed.get(run);
  printed.set(run, output);
  if (before !== undefined && before !== output) printDifference(before, output);
}

function printDifference(before: string, after: string): void {
  say("ok", "the output has changed:");
  for (const line of diffLines(before, after)) {
    const meaning = line.startsWith("+") ? "ok" : line.startsWith("-") ? "error" : undefined;
    process.stderr.write(`${meaning ? paint(process.stderr, meaning, line) : line}\n`);
  }
}
