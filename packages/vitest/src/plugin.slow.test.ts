import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { cat } from "../test/helpers/cat.ts";
import { folderWith } from "../test/helpers/example.ts";
import { packages, pluginModule, runVitest, testPackage } from "../test/helpers/run-vitest.ts";
import { watchVitest } from "../test/helpers/watch-vitest.ts";

const runs = {
  inside: { preopens: { "/": "fixtures" } },
  outside: { preopens: { "/": "../shared" }, stdin: { file: "../stdin.txt" } },
};
const manifest = (more = {}): string =>
  JSON.stringify({
    description: "Reads a line",
    build: { language: "wat" },
    module: "build/cat.wasm",
    runs: { ...runs, ...more },
  });

/** A project, with what it reads outside of it, and a count of how often its tests have run. */
async function createProject() {
  const folder = await folderWith({
    "project/cat.wat": cat,
    "project/wasi.json": manifest(),
    "project/fixtures/line.txt": "a line\n",
    "project/fixtures/next.txt": "the next one\n",
    "project/node_modules": { to: packages },
    "project/cat.test.ts": [
      `import { appendFileSync } from "node:fs";`,
      `import { testProgram } from ${JSON.stringify(testPackage)};`,
      `appendFileSync("../count", "x");`,
      `await testProgram(import.meta.url);`,
    ].join("\n"),
    "project/vitest.config.ts": `import { wasiKit } from ${JSON.stringify(pluginModule)};\nexport default { plugins: [wasiKit()] };\n`,
    "shared/line.txt": "a shared line\n",
    "stdin.txt": "",
    "tmp/": "",
  });
  const dir = join(folder, "project");
  expect(await runVitest(dir, "-u")).toMatchObject({ exitCode: 0 });
  rmSync(join(folder, "count"));
  return {
    dir,
    write: (path: string, content: string | Uint8Array) => writeFileSync(join(dir, path), content),
    read: (path: string) => readFileSync(join(dir, path)),
    remove: (path: string) => rmSync(join(dir, path), { recursive: true }),
    count: () => readFileSync(join(folder, "count")).length,
    files: () => readdirSync(folder, { recursive: true }).map(String).toSorted(),
    watch: () => watchVitest(dir, { TMPDIR: join(folder, "tmp") }),
  };
}

const passed = /Tests +3 passed/;
const failed = /Tests +1 failed \| 2 passed/;

describe.skipIf(process.platform !== "linux")("vitest's watch mode", () => {
  test(
    "runs the tests again, once, when the source, a fixture, wasi.json or the module changes",
    { timeout: 180_000 },
    async () => {
      const { dir, write, read, remove, count, files, watch } = await createProject();
      const before = files();
      const built = read("build/cat.wasm");
      const vitest = await watch();
      await vitest.settles();
      expect(count()).toBe(1);

      // The source.
      const other = await vitest.after(() => write("cat.wat", cat.replace("line.txt", "next.txt")));
      expect(other).toMatch(/- \| a line\s+\+ \| the next one/);
      await vitest.settles();
      expect(count()).toBe(2);
      const wrong = await vitest.after(() => write("cat.wat", cat.replace("(memory", "(memry")));
      expect(wrong).toMatch(
        /FAIL +cat\.test\.ts > project > is built\s+BuildError: wabt can't compile cat\.wat:\s+cat\.wat:7:3: error/,
      );
      expect(wrong).not.toContain("build.ts");
      expect(readdirSync(join(dir, "build"))).not.toContain("cat.wasm");
      await vitest.settles();
      expect(count()).toBe(3);
      expect(await vitest.after(() => write("cat.wat", cat))).toMatch(passed);
      expect(read("build/cat.wasm")).toEqual(built);
      await vitest.settles();
      expect(count()).toBe(4);

      // A fixture: changed, gone, there again; and one that is new.
      expect(await vitest.after(() => write("fixtures/line.txt", "a fine\n"))).toMatch(/- \| a line\s+\+ \| a fine/);
      expect(await vitest.after(() => remove("fixtures/line.txt"))).toMatch(/expected 3 to be \+?0/);
      expect(await vitest.after(() => write("fixtures/line.txt", "a line\n"))).toMatch(passed);
      expect(await vitest.after(() => write("fixtures/new.txt", ""))).toMatch(passed);
      expect(await vitest.after(() => remove("fixtures/new.txt"))).toMatch(passed);
      expect(await vitest.after(() => mkdirSync(join(dir, "fixtures/new")))).toMatch(passed);
      expect(await vitest.after(() => remove("fixtures/new"))).toMatch(passed);
      await vitest.settles();
      expect(count()).toBe(11);

      // wasi.json: another outcome, one that is not valid, and mended.
      const wasiJson = await vitest.after(() =>
        write("wasi.json", manifest({ inside: { ...runs.inside, exitCode: 4 } })),
      );
      expect(wasiJson).toMatch(/expected \+?0 to be 4/);
      expect(await vitest.after(() => write("wasi.json", "{"))).toMatch(/wasi\.json:1:2: not JSON/);
      expect(await vitest.after(() => write("wasi.json", manifest()))).toMatch(passed);
      await vitest.settles();
      expect(count()).toBe(14);

      // The module: another one is built again.
      expect(await vitest.after(() => write("build/cat.wasm", built.subarray(0, 8)))).toMatch(passed);
      expect(read("build/cat.wasm")).toEqual(built);
      await vitest.settles();
      expect(count()).toBe(15);

      // What lies outside of the project.
      expect(await vitest.after(() => write("../shared/line.txt", "another\n"))).toMatch(failed);
      expect(await vitest.after(() => write("../shared/line.txt", "a shared line\n"))).toMatch(passed);
      expect(await vitest.after(() => write("../stdin.txt", "not read\n"))).toMatch(passed);
      await vitest.settles();
      expect(count()).toBe(18);

      const processes = vitest.processes();
      await vitest.endBy("q");
      await vi.waitFor(() => expect(processes.filter(isThere)).toEqual([]), { timeout: 30_000 });
      expect(files()).toEqual([...before, "count"].toSorted());
    },
  );

  test("runs them again when a module without a source is replaced or removed", async () => {
    const { write, read, remove, watch } = await createProject();
    const module = read("build/cat.wasm");
    remove("cat.wat");
    remove("build/.cat.wasm.json");
    const vitest = await watch();
    expect(await vitest.after(() => remove("build/cat.wasm"))).toContain("There is no module at");
    expect(await vitest.after(() => write("build/cat.wasm", module))).toMatch(passed);
    const processes = vitest.processes();
    await vitest.endBy("\u0003");
    await vi.waitFor(() => expect(processes.filter(isThere)).toEqual([]), { timeout: 30_000 });
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
