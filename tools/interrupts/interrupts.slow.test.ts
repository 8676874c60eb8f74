import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { needs } from "../../packages/compiler/test/helpers/needs.ts";
import { interrupt, setUp, signals } from "./interrupt.ts";
import { scenarios } from "./scenarios.ts";

test.runIf(process.platform === "linux").for(scenarios.map((it) => [it.name, it] as const))(
  "leaves nothing behind when a signal ends it: %s",
  { timeout: 5 * 60_000 },
  async ([, scenario], context) => {
    if (scenario.language) await needs(scenario.language, context);
    const folder = mkdtempSync(join(tmpdir(), "wasi-kit-interrupts-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const stage = await setUp(scenario, folder);
    for (const signal of signals) {
      const { running, halfWritten, temporary, notCleared } = await interrupt(stage, signal, 2);
      const isKill = signal === "SIGKILL";
      expect({ running, notCleared }).toEqual({ running: [], notCleared: [] });
      expect(isKill ? [] : [...halfWritten, ...temporary]).toEqual([]);
    }
  },
);
