import { mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as wasiKit from "@wasi-kit/runner";
import { afterAll, describe, expect, test } from "vitest";
import { kinds } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { guestRival, printedBy, processRival, race } from "./race.ts";
import type { Race, Rival } from "./race.ts";
import { nodeWasi } from "./node-wasi.ts";
import type { Runner } from "./runner.ts";
import { prepareSwapper } from "./swapper.ts";

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-races-"));
afterAll(() => rmSync(folder, { recursive: true }));
const swapper = processRival(prepareSwapper(folder));

/** The outside is where the directory was, for all of the time: each attempt gets out. */
const moved: Rival = {
  name: "nobody",
  async start(runner, { folder: tree, granted, swapped: [way] }) {
    const outside = join(tree, "outside");
    renameSync(way, join(tree, "inside"));
    renameSync(outside, way);
    symlinkSync(way, outside);
    return {
      run: async (guest) => printedBy(runner.runSync(guest, { preopens: { "/": granted } })),
      stop: async () => {},
    };
  },
};

const byName = kinds.map((kind) => [kind.name, kind] as const);

describe.runIf(process.platform === "linux")("races", () => {
  test.for(byName)("what gets out is counted: %s", async ([, kind]) => {
    const { escapesRead, escapesWritten, attempts } = await race(kind, 1, moved, wasiKit);
    expect({ escapesRead, escapesWritten }).toEqual({
      escapesRead: kind.changes ? 0 : attempts,
      escapesWritten: kind.changes ? attempts : 0,
    });
  });

  test.for(["read", "append", "create", "unlink"])("node:wasi loses: %s", async (name) => {
    const kind = kinds.find((it) => it.name === name) as Kind;
    const { escapesRead, escapesWritten } = await contest(kind, swapper, nodeWasi, isWon);
    expect(escapesRead + escapesWritten).toBeGreaterThan(0);
  });

  describe.each([swapper, guestRival])("nothing gets out when a $name swaps", (rival) => {
    test.for(byName)("%s", async ([, kind]) => {
      const result = await contest(kind, rival, wasiKit, ({ succeeded, failed }) => succeeded > 0 && failed > 0);
      expect(result).toMatchObject({ escapesRead: 0, escapesWritten: 0 });
      // Or else nobody raced.
      expect(result.succeeded).toBeGreaterThan(0);
      expect(result.failed).toBeGreaterThan(0);
    });
  });
});

const isWon = ({ escapesRead, escapesWritten }: Race): boolean => escapesRead + escapesWritten > 0;

/** On a busy machine, a side may have to wait for all of the other's time: some more are made then. */
async function contest(kind: Kind, rival: Rival, runner: Runner, isEnough: (result: Race) => boolean): Promise<Race> {
  for (let attempts = 1000; ; attempts *= 2) {
    const result = await race(kind, attempts, rival, runner);
    if (isEnough(result) || isWon(result) || attempts > 50_000) return result;
  }
}
