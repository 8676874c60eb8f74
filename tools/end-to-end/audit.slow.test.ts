import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { globSync } from "tinyglobby";
import { expect, onTestFinished, test } from "vitest";
import { packages, runVitest, testPackage } from "../../packages/vitest/test/helpers/run-vitest.ts";
import { root } from "../root.ts";

/** Audits what is in a folder, and gives the exit code and what was said. */
async function audit(cwd: string, ...args: string[]): Promise<[exitCode: number | undefined, said: string]> {
  const command = [join(root, "packages/cli/bin/wasi-kit.cjs"), "audit", ...args];
  const { exitCode, stdout, stderr } = await x(process.execPath, command, { nodeOptions: { cwd } });
  return [exitCode, stdout + stderr];
}

test("the examples grant what they need, and nothing else", async () => {
  const [exitCode, said] = await audit(root, "examples");
  expect(said).toMatch(/^\d{3,} runs of \d{2,} programs: nothing to report\.\n/);
  expect(exitCode).toBe(0);
});

/** Runs that are granted more than they need, by example. */
const planted = {
  "read-file": {
    default: { env: { DEBUG: "1" }, preopens: { "/spare": "spare", "/sandbox": "fixtures" } },
    "by-argument": { args: ["/sandbox/notes/today.txt"], stdin: "unread", preopens: { "/sandbox": "fixtures" } },
    denied: { env: { DEBUG: "1" }, exitCode: 134 },
  },
  "write-file": {
    modified: { preopens: { "/sandbox": "fixtures", "/spare": { path: "spare" } } },
    append: { args: ["append", "/sandbox/file.txt", "four\n"], preopens: { "/sandbox": "fixtures" }, env: { A: "1" } },
  },
  "args-env": {
    both: { args: ["x"], env: { A: "1" }, inheritEnv: ["PATH"], stdin: "unread", preopens: { "/": "spare" } },
  },
} as const;

test("every snapshot holds after --write", { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(packages, join(folder, "node_modules"));
  const names = Object.keys(planted) as (keyof typeof planted)[];
  for (const language of ["wat", "rust", "assemblyscript"]) for (const name of names) plant(folder, language, name);

  // All examples at once: to start vitest takes longer than their runs do.
  expect(await runVitest(folder, "-u", "--no-isolate")).toMatchObject({ exitCode: 0 });
  const before = snapshots(folder);
  expect((await audit(folder, "--write"))[0]).toBe(0);
  const [exitCode, said] = await audit(folder);
  expect([exitCode, said]).toEqual([0, expect.stringMatching(/^18 runs of 9 programs: nothing to report\.\n/)]);
  expect(await runVitest(folder, "-u", "--no-isolate")).toMatchObject({ exitCode: 0 });
  const after = snapshots(folder);

  // What was taken away stood in the first lines, and only runs that are to fail have the same ones.
  const isSame = (path: string): boolean => after[path] === before[path];
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(Object.keys(after).filter(isSame)).toEqual(Object.keys(after).filter((path) => path.endsWith("denied.txt")));
  expect(Object.values(after).map(deeds)).toEqual(Object.values(before).map(deeds));
});

/** A copy of an example's module and fixtures, with a manifest that grants too much. */
function plant(into: string, language: string, name: keyof typeof planted): void {
  const [from, folder] = [join(root, "examples", language, name), join(into, language, name)];
  cpSync(join(from, `build/${name}.wasm`), join(folder, `${name}.wasm`));
  if (name !== "args-env") cpSync(join(from, "fixtures"), join(folder, "fixtures"), { recursive: true });
  cpSync(join(from, "__snapshots__"), join(folder, "spare"), { recursive: true });
  const manifest = { description: "Is granted too much", module: `${name}.wasm`, runs: planted[name] };
  writeFileSync(join(folder, "wasi.json"), JSON.stringify(manifest, null, 2));
  const code = `import { testProgram } from ${JSON.stringify(testPackage)};\nawait testProgram(import.meta.url);\n`;
  writeFileSync(join(folder, "planted.test.ts"), code);
}

/** The snapshots below a folder, by their paths. */
function snapshots(folder: string): Record<string, string> {
  const paths = globSync("*/*/__snapshots__/*", { cwd: folder }).toSorted();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

/** A snapshot without its first lines, and without directories in which nothing changed: they may be granted no more. */
const deeds = (snapshot: string): string =>
  snapshot.slice(snapshot.indexOf("outcome ")).replaceAll(/\n\S+ \(nothing changed\)\n/g, "");
