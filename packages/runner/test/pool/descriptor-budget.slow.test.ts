import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-descriptors-"));
  writeFileSync(join(folder, "exit7.wasm"), await assemble(command("(call $proc_exit (i32.const 7))")));
  for (const name of ["loop", "sleep"] as const) {
    writeFileSync(join(folder, `${name}.wasm`), await assemble(hostile[name]));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const runner = new URL("../../dist/index.js", import.meta.url).href;

/** Runs a script in a process that may have so many descriptors, and gives what it printed as JSON. */
async function withDescriptors(limit: number, script: string): Promise<unknown> {
  const path = join(folder, `script-${limit}.mjs`);
  writeFileSync(
    path,
    `import { closeSync, openSync, readdirSync } from "node:fs";
    import { createPool, run } from ${JSON.stringify(runner)};
    const [quick, loop, sleep] = ["exit7.wasm", "loop.wasm", "sleep.wasm"].map((name) => ${JSON.stringify(folder)} + "/" + name);
    const outcomes = async (runs) => (await Promise.allSettled(runs)).reduce((counts, { value, reason }) => {
      const key = value?.outcome ?? reason.code ?? reason.message;
      return { ...counts, [key]: (counts[key] ?? 0) + 1 };
    }, {});
    const count = (kind) => readdirSync("/proc/self/" + kind).length;
    console.log(JSON.stringify(await (async () => { ${script} })()));`,
  );
  const line = ["-c", 'ulimit -n "$0" && exec "$@"', String(limit), process.execPath, path];
  const { stdout } = await promisify(execFile)("sh", line, { timeout: 50_000 });
  return JSON.parse(stdout);
}

// Elsewhere nobody tells how many a process may have.
const isLinux = process.platform === "linux";

test.runIf(isLinux)("a pool has as many workers as there are descriptors for, and makes all runs", async () => {
  const script = `
    const pool = createPool({ size: 60 });
    const before = count("fd");
    const made = await outcomes(Array.from({ length: 200 }, () => pool.run(quick)));
    const held = count("fd") - before;
    await pool.close();
    return { made, isSmaller: held < 60 * 4, isSeveral: held >= 2 * 4 };`;
  expect(await withDescriptors(128, script)).toEqual({ made: { exited: 200 }, isSmaller: true, isSeveral: true });
});

test.runIf(isLinux)("a worker can start with no more descriptors than it is said to take", async () => {
  const script = `
    const files = Array.from({ length: 250 - count("fd") }, () => openSync("/dev/null"));
    const refused = await run(quick, { signal: new AbortController().signal }).catch((error) => error);
    const [, needed] = /takes (\\d+) descriptors/.exec(refused.message);
    while (256 - count("fd") < Number(needed)) closeSync(files.pop());
    const { outcome } = await run(quick, { signal: new AbortController().signal });
    return { code: refused.code, outcome };`;
  expect(await withDescriptors(256, script)).toEqual({ code: "E_DESCRIPTORS", outcome: "exited" });
});

test.runIf(isLinux)("it has all of them where the descriptors suffice", async () => {
  const script = `
    const pool = createPool({ size: 12 });
    let started = 0;
    const stdout = () => void (++started === 12 && pool.close({ abort: true }));
    return outcomes(Array.from({ length: 12 }, () => pool.run(sleep, { stdout })));`;
  expect(await withDescriptors(192, script)).toEqual({ aborted: 12 });
});

test.runIf(isLinux)("workers that were ended make room for others", async () => {
  const script = `
    const pool = createPool({ size: 8 });
    const made = await outcomes(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? pool.run(loop, { timeoutMs: 100 }) : pool.run(quick))),
    );
    await pool.close();
    return made;`;
  expect(await withDescriptors(112, script)).toEqual({ exited: 10, "timed-out": 10 });
});

test.runIf(isLinux)("runs that have a worker of their own wait for one another", async () => {
  const script = `return outcomes(Array.from({ length: 40 }, () => run(quick, { signal: new AbortController().signal })));`;
  expect(await withDescriptors(128, script)).toEqual({ exited: 40 });
});

test.runIf(isLinux)("where there are too few for one worker, a run fails and says so", async () => {
  const script = `
    while (count("fd") < 100) openSync("/dev/null");
    const pool = createPool({ size: 2 });
    const { name, code, exitCode, message } = await pool.run(quick).catch((error) => error);
    await pool.close();
    return { name, code, exitCode, message };`;
  expect(await withDescriptors(128, script)).toEqual({
    name: "WasiKitError",
    code: "E_DESCRIPTORS",
    exitCode: 126,
    message: expect.stringMatching(
      /^To start a worker takes 69 descriptors, of which it keeps 5, and this process has \d+ left: it may have 128, and \d+ are open\.\nRaise the limit \(ulimit -n 4096\)/,
    ) as string,
  });
});
