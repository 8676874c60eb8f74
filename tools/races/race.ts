import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileAttacker, compileSwapper, readCounts } from "./guest.ts";
import type { Kind } from "./kinds.ts";
import type { Runner } from "./runner.ts";
import { startSwapper } from "./swapper.ts";
import type { Command } from "./swapper.ts";
import { createRaceTree } from "./race-tree.ts";
import type { RaceTree } from "./race-tree.ts";

/** The result of attempts of a kind. */
export interface Race {
  kind: string;
  rival: string;
  attempts: number;
  /** Attempts that returned no errno, wherever they led. */
  succeeded: number;
  failed: number;
  /** How often an attempt ended differently from the one before it: a measure of how much it was a race. */
  turns: number;
  /** Attempts that saw something outside. */
  escapesRead: number;
  /** Names outside that were changed; a directory that was changed and changed back counts as one. */
  escapesWritten: number;
}

/** Who swaps. */
export interface Rival {
  name: string;
  /** Begins to swap in a tree. */
  start(runner: Runner, tree: RaceTree): Promise<Contest>;
}

/** Attempts that are made while a rival swaps. */
interface Contest {
  /** Runs the attacker, and gives what it printed. */
  run(attacker: string): Promise<Uint8Array>;
  stop(): Promise<void>;
}

/**
 * Makes attempts of a kind while a component of their path is swapped. They are
 * made in batches, a run each, and what is outside is looked at after each batch.
 *
 * @param attempts - rounded up to whole batches of 1000
 * @throws Error if a guest or what swaps fails
 */
export async function race(kind: Kind, attempts: number, rival: Rival, runner: Runner): Promise<Race> {
  const names = kind.changes ? 1000 : 1;
  const tree = createRaceTree(kind, names);
  try {
    const attacker = await compileAttacker(tree.folder, kind, { attempts: batch, names }, tree);
    const result = { attempts: 0, succeeded: 0, failed: 0, turns: 0, escapesRead: 0, escapesWritten: 0 };
    const contest = await rival.start(runner, tree);
    try {
      while (result.attempts < attempts) {
        tree.restore();
        const counts = readCounts(await contest.run(attacker));
        result.attempts += batch;
        result.succeeded += counts.succeeded;
        result.failed += counts.failed;
        result.turns += counts.turns;
        result.escapesRead += counts.seen;
        result.escapesWritten += tree.countChanged();
      }
    } finally {
      await contest.stop();
    }
    return { kind: kind.name, rival: rival.name, ...result };
  } finally {
    tree.remove();
  }
}

/** How many attempts a run makes. */
const batch = 1000;

/** Another process. @param swapper - see `prepareSwapper` */
export const processRival = (swapper: Command): Rival => ({
  name: "process",
  async start(runner, { granted, swapped }) {
    const { stop } = await startSwapper(swapper, ...swapped);
    return { run: async (attacker) => printedBy(runner.runSync(attacker, { preopens: { "/": granted } })), stop };
  },
});

/** Another guest of the same pool, which is granted the same directory. */
export const guestRival: Rival = {
  name: "guest",
  async start(runner, { folder, granted }) {
    if (!runner.createPool) throw new Error("This runner has no pool.");
    const swapper = await compileSwapper(folder);
    const pool = runner.createPool({ size: 2 });
    const preopens = { "/": granted };
    const done = join(granted, "done");
    return {
      async run(attacker) {
        const swapping = pool.run(swapper, { preopens });
        const attempts = await pool.run(attacker, { preopens });
        writeFileSync(done, "");
        printedBy(await swapping);
        unlinkSync(done);
        return printedBy(attempts);
      },
      stop: () => pool.close(),
    };
  },
};

interface Ended {
  outcome: string;
  stdoutBytes: Uint8Array;
  stderr?: string;
}

/** What a guest printed that has to end by itself. */
export function printedBy({ outcome, stdoutBytes, stderr = "" }: Ended): Uint8Array {
  if (outcome !== "exited") throw new Error(`A guest ended as ${outcome}. ${stderr}`);
  return stdoutBytes;
}
