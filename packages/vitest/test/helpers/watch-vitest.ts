import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { onTestFinished } from "vitest";
import { vitest } from "./run-vitest.ts";

/** Vitest in watch mode, in a terminal of its own. */
export interface Watching {
  /** Does something, and waits until vitest has run tests and waits again. Gives what it showed. */
  after(action: () => unknown): Promise<string>;
  /** Waits until it has shown nothing for a while: had one run made another, that would have begun. */
  settles(): Promise<void>;
  /** Its process, and those that it started. */
  processes(): number[];
  /** Presses keys, and waits for its end. */
  endBy(keys: string): Promise<void>;
}

/** Vitest waits for 100 ms after a change, for others that come with it. */
const tenDebounces = 1000;

/** Starts vitest in a folder as `npx vitest` does there, and waits until its first run is over. */
export async function watchVitest(folder: string, variables: NodeJS.ProcessEnv = {}): Promise<Watching> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CI|NODE_ENV|FORCE_COLOR|VITEST.*)$/.test(name));
  const env = { ...Object.fromEntries(inherited), NO_COLOR: "1", ...variables };
  const terminal = spawn(process.execPath, [vitest], { cwd: folder, env, cols: 160, rows: 60 });
  let written = "";
  const listeners = new Set<() => void>();
  terminal.onData((data) => {
    written += data;
    for (const listener of listeners) listener();
  });
  let isRunning = true;
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  void ended.then(() => (isRunning = false));
  onTestFinished(() => {
    if (isRunning) terminal.kill("SIGKILL");
  });

  async function after(action: () => unknown): Promise<string> {
    const before = written.length;
    const shown = (): string => stripVTControlCharacters(written.slice(before));
    await action();
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!/(Waiting|Watching) for file changes/.test(shown())) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended:\n${shown()}`)));
    });
    return shown();
  }
  await after(() => {});
  return {
    after,
    async settles() {
      for (let seen = -1; seen !== written.length; await sleep(tenDebounces)) seen = written.length;
    },
    processes: () => withDescendants(terminal.pid),
    async endBy(keys) {
      terminal.write(keys);
      return ended;
    },
  };
}

/** A process and all that it started, as Linux lists them. */
const withDescendants = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(withDescendants)];

/** None of a process, or of a thread, that has ended meanwhile. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
