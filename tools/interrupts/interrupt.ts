import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { compilerFolders } from "../compilers.ts";
import type { Scenario } from "./scenarios.ts";

/** The signals that are sent. */
export const signals = ["SIGINT", "SIGTERM", "SIGKILL"] as const;
export type Signal = (typeof signals)[number];

/** What was left, how often. */
export interface Tally {
  scenario: string;
  signal: Signal;
  moments: number;
  /** How often it had ended before the signal came. */
  tooLate: number;
  /** Processes that still run a second later. */
  running: string[];
  /** Modules and other files that are half there. */
  halfWritten: string[];
  /** What is in TMPDIR a second later. */
  temporary: string[];
  /** What of all that the next start did not clear, or how it failed. */
  notCleared: string[];
}

/** A scenario in its folder. */
interface Stage {
  scenario: Scenario;
  folder: string;
  env: NodeJS.ProcessEnv;
  /** How long it takes, in milliseconds. */
  takes: number;
}

/** The variable that a command and all that it starts have in common. */
const mark = "WASI_KIT_INTERRUPTED";

/** Puts a scenario up, and sees how long it takes. */
export async function setUp(scenario: Scenario, folder: string): Promise<Stage> {
  const [work, temporary, cache] = ["work", "temporary", "cache"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const dir of [work, temporary, cache]) mkdirSync(dir, { recursive: true });
  await scenario.prepare(work);
  const env = {
    ...process.env,
    PATH: [process.env["PATH"], ...(await compilerFolders())].join(delimiter),
    TMPDIR: temporary,
    XDG_CACHE_HOME: cache,
    WASI_KIT_NO_INSTALL: "1",
    CI: "",
  };
  const stage = { scenario, folder: work, env, takes: 0 };
  // The second time, what is cached is there.
  await start(stage).toEnd();
  const begun = performance.now();
  await start(stage).toEnd();
  return { ...stage, takes: performance.now() - begun };
}

/** Interrupts it at random moments. */
export async function interrupt(stage: Stage, signal: Signal, moments: number): Promise<Tally> {
  const { scenario } = stage;
  const tally: Tally = {
    scenario: scenario.name,
    signal,
    moments,
    tooLate: 0,
    running: [],
    halfWritten: [],
    temporary: [],
    notCleared: [],
  };
  for (let moment = 0; moment < moments; moment++) {
    const { child, id, ended } = start(stage);
    await setTimeout(Math.random() * stage.takes);
    if (child.exitCode === null) child.kill(signal);
    else tally.tooLate++;
    await ended;
    await gone(id, 1000);
    tally.running.push(...marked(id));
    tally.halfWritten.push(...halfWritten(stage));
    tally.temporary.push(...temporaryFiles(stage));
    if (signal !== "SIGKILL") {
      emptyTemporary(stage);
      continue;
    }
    try {
      await start(stage).toEnd();
      tally.notCleared.push(...halfWritten(stage), ...temporaryFiles(stage));
    } catch (error) {
      tally.notCleared.push((error as Error).message);
    }
    emptyTemporary(stage);
  }
  return tally;
}

function start({ scenario, folder, env }: Stage) {
  scenario.change?.(folder);
  const id = randomUUID();
  const [file = "", ...args] = scenario.command;
  const child = spawn(file, args, { cwd: folder, env: { ...env, [mark]: id }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  return {
    child,
    id,
    ended,
    async toEnd() {
      const exitCode = await ended;
      if (exitCode !== scenario.exitCode) throw new Error(`${scenario.name} ended with ${exitCode}:\n${said}`);
    },
  };
}

/** Waits until nothing of it runs any more, but no longer than that. */
async function gone(id: string, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (marked(id).length > 0 && performance.now() < until) await setTimeout(20);
}

/** The processes that were started with a mark and have not ended, by their command lines. */
function marked(id: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes(`${mark}=${id}`)) return [];
        if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim()];
      } catch {
        // It has ended meanwhile, or is another user's.
        return [];
      }
    });
}

/** What is in TMPDIR that is ours. */
const temporaryFiles = ({ scenario, env }: Stage): string[] =>
  readdirSync(env["TMPDIR"] as string).filter((name) => !scenario.ofOthers?.test(name));

/** So that nothing is counted twice. */
function emptyTemporary({ env }: Stage): void {
  const dir = env["TMPDIR"] as string;
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true });
}

/** Modules that are not whole, and files beside that were to be renamed. */
function halfWritten({ scenario, folder }: Stage): string[] {
  const beside = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.tmp(\.|$)/.test(path) && !/^(node_modules|target|\.zig-cache)\//.test(path),
  );
  const module = scenario.module === undefined ? undefined : join(folder, scenario.module);
  const isHalf = module !== undefined && existsSync(module) && !WebAssembly.validate(readFileSync(module));
  return isHalf ? [...beside, module] : beside;
}
