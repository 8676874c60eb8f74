import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-loops-"));
  // Loops of a few instructions, each of which takes long: V8 does not look into them by itself for minutes.
  const loops = {
    fill: "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0x3ffffff))",
    copy: "(memory.copy (i32.const 0) (i32.const 0x2000000) (i32.const 0x1ffffff))",
    grow: "(drop (memory.grow (i32.const 1)))",
  };
  for (const [name, instruction] of Object.entries(loops)) {
    const module = command(
      `(call $print (i32.const 1) (i32.const 16) (i32.const 1)) (loop $again ${instruction} (br $again))`,
    ).replace('"memory") 1', '"memory") 1024');
    const library = module.replace('"_start"', '"forever"');
    writeFileSync(join(folder, `${name}.wasm`), await assemble(module));
    writeFileSync(join(folder, `${name}-library.wasm`), await assemble(library));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const runner = new URL("../../dist/index.js", import.meta.url).href;

/** Runs a script in a process of its own, since what it sets is set for the process, and gives what it printed. */
async function inProcess(script: string): Promise<string> {
  const imports = `import { createPool, instantiate, runSync } from ${JSON.stringify(runner)};`;
  const args = ["--input-type=module", "--eval", imports + script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 30_000 });
  return stdout.trim();
}

test.each(["fill", "copy", "grow"])("a loop that takes long for each turn is ended: %s", async (name) => {
  const path = JSON.stringify(`${name}.wasm`);
  const script = `console.log(runSync(${path}, { timeoutMs: 200 }).outcome);`;
  expect(await inProcess(script)).toBe("timed-out");
});

test("so is one in a function of a library, and one in a pool, by its time or from outside", async () => {
  const library = `const { exports } = await instantiate("fill-library.wasm", { timeoutMs: 200 });
    try { exports.forever(); } catch (error) { console.log(error.outcome); }`;
  expect(await inProcess(library)).toBe("timed-out");
  const pool = `const pool = createPool({ size: 2 });
    const controller = new AbortController();
    const runs = [pool.run("fill.wasm", { timeoutMs: 200 }), pool.run("fill.wasm", { signal: controller.signal, stdout: () => controller.abort() })];
    for (const { outcome } of await Promise.all(runs)) console.log(outcome);
    await pool.close();`;
  expect(await inProcess(pool)).toBe("timed-out\naborted");
});
