import { existsSync } from "node:fs";
import { relative } from "node:path";
import { isExpected, modulePath, resolveRun } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { createPool, onCopies, WasiKitError } from "@wasi-kit/runner";
import type { Pool, RunResult, SyncRunOptions } from "@wasi-kit/runner";
import { buildAndTell } from "../../programs/build-programs.ts";
import { printEnding, printExplanation } from "../run/ending.ts";
import { formatTime } from "../../ui/format.ts";
import { paint, say } from "../../ui/output.ts";
import { describeDifference } from "./difference.ts";
import { createProgram, reread, targetOf } from "./program.ts";
import type { Program } from "./program.ts";
import { watchPrograms } from "./file-watcher.ts";

/** How a session goes on. */
export interface SessionOptions {
  /** The run to make. Default: the first of each. */
  run?: string | undefined;
  /** Whether programs are built and not run. */
  buildOnly: boolean;
}

/** Programs that are built and run, again and again. */
export interface Session {
  readonly programs: readonly Program[];
  /** The program that was at work last. */
  current(): Program;
  /** Builds and runs it, once what is going on has ended; a run is ended for it. */
  again(program: Program): void;
  close(): Promise<void>;
}

/**
 * Builds and runs programs, then again whenever something changes that they are
 * made of. One is built at a time; a build or a run that is overtaken by another
 * change is ended.
 *
 * @param idle - called when there is nothing to do
 */
export async function startSession(
  examples: readonly Example[],
  { run, buildOnly }: SessionOptions,
  idle: () => void,
): Promise<Session> {
  const programs = examples.map((example) => createProgram(example, run));
  const waiting = new Map<Program, string>();
  const pool = createPool({ size: 1 });
  let current = programs[0] as Program;
  /** Ends the build or the run that is going on. */
  let turning: AbortController | undefined;
  let working: Promise<void> | undefined;
  const closing = new AbortController();

  const work = async (): Promise<void> => {
    for (let next = first(waiting); next && !closing.signal.aborted; next = first(waiting)) {
      const [program, why] = next;
      waiting.delete(program);
      current = program;
      if (why !== "") rule(why);
      await turn(program);
    }
    working = undefined;
    if (!closing.signal.aborted) idle();
  };
  const turn = async (program: Program): Promise<void> => {
    turning = new AbortController();
    const { signal } = turning;
    const isReady = await prepare(program, signal);
    watcher.update(program);
    if (isReady && !buildOnly && !signal.aborted) await runOnce(pool, program, signal);
    turning = undefined;
  };
  const again = (program: Program, why: string): void => {
    waiting.set(program, why);
    if (program === current) turning?.abort();
    working ??= work();
  };
  const watcher = watchPrograms(programs, (program, path) =>
    again(program, `${relative(process.cwd(), path)} has changed`),
  );
  await watcher.ready;
  // The first round. Of several, what is built is enough to see.
  if (programs.length === 1) again(current, "");
  else {
    const { signal } = closing;
    const targets = programs.flatMap((program) => targetOf(program) ?? []).map((target) => ({ ...target, signal }));
    working = buildAndTell(targets).then(() => work());
  }
  return {
    programs,
    current: () => current,
    again: (program) => again(program, `${program.example.name} again`),
    async close() {
      closing.abort();
      turning?.abort();
      await watcher.close();
      await working;
      await pool.close({ abort: true });
    },
  };
}

const first = <K, V>(map: ReadonlyMap<K, V>): [K, V] | undefined => map.entries().next().value;

/** A line between one round and the next. */
function rule(why: string): void {
  const now = new Date().toTimeString().slice(0, 8);
  process.stderr.write(`\n${paint(process.stderr, "dim", `── ${now} ${why} ──`)}\n`);
}

/** Builds a program. @returns whether there is a module to run */
async function prepare(program: Program, signal: AbortSignal): Promise<boolean> {
  try {
    await reread(program);
  } catch (error) {
    if (!(error instanceof Error && "exitCode" in error)) throw error;
    say("error", error.message);
    return false;
  }
  const target = targetOf(program);
  if (!target || !existsSync(target.source)) return true;
  return (await buildAndTell([{ ...target, signal }])).failed === 0;
}

/** Runs a program, changing none of its directories, and says what came of it unless it was overtaken. */
async function runOnce(pool: Pool, program: Program, signal: AbortSignal): Promise<void> {
  const { example, run, printed } = program;
  const resolved = resolveRun(example, run);
  const module = relative(process.cwd(), modulePath(example));
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
  await printExplanation({
    module,
    options,
    end: result,
    declared: {
      file: `${relative(process.cwd(), example.dir) || "."}/wasi.json`,
      name: run,
      runs: example.manifest.runs as never,
    },
  });
  const isAsExpected = isExpected(resolved.exitCode, result);
  const expected = isAsExpected ? "as expected" : `expected ${resolved.exitCode}`;
  say(
    isAsExpected ? "ok" : "error",
    `${run}: exit code ${result.exitCode}, ${expected}, in ${formatTime(result.durationMs)}`,
  );
  const before = printed.get(run);
  printed.set(run, output);
  if (before !== undefined && before !== output) tellDifference(before, output);
}

function tellDifference(before: string, after: string): void {
  say("ok", "the output is another than before:");
  for (const line of describeDifference(before, after)) {
    const meaning = line.startsWith("+") ? "ok" : line.startsWith("-") ? "error" : undefined;
    process.stderr.write(`${meaning ? paint(process.stderr, meaning, line) : line}\n`);
  }
}
