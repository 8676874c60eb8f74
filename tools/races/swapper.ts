import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.ts";

/** A program and its first arguments. */
export type Command = readonly [command: string, ...args: string[]];

/** A process that swaps two names until it is stopped. */
export interface Swapper {
  stop(): Promise<void>;
}

const sources = join(root, "tools/races");

/**
 * What swaps two names when it is started with them: `swap.c`, compiled into a
 * folder, or `swap.js` if there is no compiler.
 */
export function prepareSwapper(folder: string): Command {
  const program = join(folder, "swap");
  const { status } = spawnSync("cc", ["-O2", "-o", program, join(sources, "swap.c")], { stdio: "ignore" });
  return status === 0 ? [program] : [process.execPath, join(sources, "swap.js")];
}

/** Starts to swap two names, and comes back when the first has been seen as both. */
export async function startSwapper([command, ...args]: Command, one: string, other: string): Promise<Swapper> {
  const child = spawn(command, [...args, one, other], { stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "spawn");
  const isLink = (): boolean | undefined => lstatSync(one, { throwIfNoEntry: false })?.isSymbolicLink();
  for (const seen = new Set<boolean | undefined>(); !(seen.has(true) && seen.has(false));) {
    if (child.exitCode !== null) throw new Error(`${command} swaps nothing: it exited with ${child.exitCode}`);
    seen.add(isLink());
    await new Promise(setImmediate);
  }
  return {
    async stop() {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    },
  };
}
