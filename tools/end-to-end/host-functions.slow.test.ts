import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, languages } from "@wasi-kit/compiler";
import { createPool, formatCall, replay, run } from "@wasi-kit/runner";
import { afterAll, describe, expect, test } from "vitest";
import functions, { logged } from "./host-functions/functions.js";

const sources = { assemblyscript: "index.ts", c: "greet.c", rust: "Cargo.toml" };
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-functions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const url = new URL("host-functions/functions.js", import.meta.url);
const greeting = "Hello, größe 🦀";

/** The calls of functions of the host in a trace: their names, and what they returned. */
const hostCalls = (trace: readonly Parameters<typeof formatCall>[0][] = []): string[] =>
  trace.filter((call) => "module" in call).map((call) => `${call.name} = ${(call.results ?? []).join()}`);

describe.each(Object.entries(sources) as [keyof typeof sources, string][])(
  "a program in %s",
  async (language, source) => {
    const dir = join(import.meta.dirname, "host-functions", language);
    const module = join(folder, `${language}.wasm`);
    const tools = await languages[language].tools(dir);
    const isMissing = !tools.every(({ found }) => found);

    test.skipIf(isMissing)("gives a text to a function of the host, and gets one", { timeout: 120_000 }, async () => {
      await build({ dir, language, source: join(dir, source), module });
      logged.length = 0;
      const result = await run(module, { imports: functions, trace: true, record: "with-module" });
      expect(result).toMatchObject({ outcome: "exited", exitCode: 0, stderr: "" });
      expect(logged).toEqual([greeting]);
      expect(hostCalls(result.trace)).toEqual([`lookup = ${Buffer.byteLength("größe 🦀")}`, "log = "]);

      const again = await replay(result.recording as Uint8Array, { trace: true });
      expect(hostCalls(again.trace)).toEqual(hostCalls(result.trace));
      expect(logged).toEqual([greeting]);
    });

    test.skipIf(isMissing)("does so in a pool, whose worker loads the functions", async () => {
      await using pool = createPool({ size: 1 });
      const result = await pool.run(module, { imports: url, trace: true });
      expect(hostCalls(result.trace)).toEqual([`lookup = ${Buffer.byteLength("größe 🦀")}`, "log = "]);
    });

    test.skipIf(isMissing)("is not started without them", async () => {
      await expect(run(module)).rejects.toMatchObject({
        code: "E_IMPORTS",
        message: expect.stringContaining("env.lookup"),
      });
    });
  },
);
