import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { root } from "../../root.ts";
import { assemble } from "../../wat.ts";
import { guests } from "./guests.ts";
import type { GuestName } from "./guests.ts";
import { sendLoad } from "./load.ts";
import type { Load } from "./load.ts";
import { startExample, startPlain } from "./server-process.ts";
import type { Held, ServerProcess } from "./server-process.ts";
import { mix } from "./traffic.ts";
import type { Kind } from "./traffic.ts";

/** What a server did under a mix of requests, good ones and others. */
export interface MixedLoad {
  /** Good requests alone. */
  readonly alone: Load;
  /** All kinds at the same time. */
  readonly mixed: Readonly<Record<Kind, Load>>;
  readonly before: Held;
  readonly after: Held;
}

/** The modules of all guests, by name. */
async function assembleGuests(folder: string): Promise<Record<GuestName, string>> {
  mkdirSync(folder, { recursive: true });
  const paths = Object.entries(guests).map(async ([name, text]) => [name, await assemble(folder, name, text)] as const);
  return Object.fromEntries(await Promise.all(paths)) as Record<GuestName, string>;
}

/**
 * Sends a mix of requests to examples/server.
 *
 * @param folder - for the modules of the guests
 * @param requests - how many
 */
export async function loadExample(folder: string, requests: number): Promise<MixedLoad> {
  const server = await startExample(Object.values(await assembleGuests(folder)));
  try {
    // What is loaded with the first requests of each kind is no leak.
    await sendMix(server, requests / 10);
    const alone = await sendLoad(server.url, "alone", mix.good, requests / 10);
    const before = server.held();
    const mixed = await sendMix(server, requests);
    return { alone, mixed, before, after: server.held() };
  } finally {
    await server.close();
  }
}

async function sendMix({ url }: ServerProcess, requests: number): Promise<MixedLoad["mixed"]> {
  const loads = Object.entries(mix).map(async ([name, traffic]) => {
    const count = Math.max(traffic.connections, Math.round((requests * traffic.share) / 1000));
    return [name, await sendLoad(url, name, traffic, count)] as const;
  });
  return Object.fromEntries(await Promise.all(loads)) as MixedLoad["mixed"];
}

/** How many requests the servers are compared by that take a process for each. */
const comparedRequests = 500;

/** Good requests to the same server made otherwise, by what makes its runs. */
async function compareServers(folder: string): Promise<Record<string, Load>> {
  const { good } = await assembleGuests(folder);
  const command = join(root, "packages/cli/bin/wasi-kit.cjs");
  const ways: Readonly<Record<string, () => Promise<ServerProcess>>> = {
    "examples/server: a pool": () => startExample([good]),
    "node:wasi in the main thread": () => startPlain(good, ["node:wasi"]),
    "a process a request: wasi-kit run": () => startPlain(good, [process.execPath, command, "run"]),
    ...(process.env["WASMTIME"]
      ? { "a process a request: wasmtime run": () => startPlain(good, [process.env["WASMTIME"] as string, "run"]) }
      : {}),
  };
  const loads: Record<string, Load> = {};
  for (const [name, startServer] of Object.entries(ways)) {
    const server = await startServer();
    try {
      await sendLoad(server.url, "first", mix.good, comparedRequests / 10);
      loads[name] = await sendLoad(server.url, "good", mix.good, comparedRequests);
    } finally {
      await server.close();
    }
  }
  return loads;
}

const columns = ["", "requests", "a second", "median", "p99", "turned away", "without the right answer"];

function rowsOf(loads: Readonly<Record<string, Load>>): string[][] {
  return Object.entries(loads).map(([name, { requests, perSecond, median, p99, turnedAway, problems }]) => [
    name,
    `${requests}`,
    perSecond.toFixed(0),
    `${median} ms`,
    `${p99} ms`,
    `${turnedAway}`,
    Object.entries(problems)
      .map(([what, times]) => `${times} × ${what}`)
      .join(", ") || "none",
  ]);
}

function tableOf(loads: Readonly<Record<string, Load>>): string {
  const table = new Table({ head: columns, style: { head: [], border: [], compact: true } });
  table.push(...rowsOf(loads));
  return table.toString();
}

/** Measures examples/server under load, and then others, and prints what is known as soon as it is. */
export async function reportServer(folder: string, requests = 50_000): Promise<void> {
  const { alone, mixed, before, after } = await loadExample(folder, requests);
  console.log(tableOf({ "good alone": alone, ...mixed }));
  console.log(`p99 of the good ones: ${(mixed.good.p99 / alone.p99).toFixed(2)} × that of good ones alone`);
  console.log(
    `descriptors: ${before.descriptors} before, ${after.descriptors} after; ` +
      `memory: ${before.rssMiB} MiB before, ${after.rssMiB} MiB after`,
  );
  console.log(tableOf(await compareServers(folder)));
}
