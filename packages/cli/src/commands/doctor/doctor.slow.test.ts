import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { holdsByDescriptor } from "@wasi-kit/runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";

let cwd: string;
const directories = holdsByDescriptor()
  ? ["by descriptor", "/proc/self/fd"]
  : ["by path", "there is no /proc, so another program can lead a guest out of one while it runs"];

beforeAll(async () => {
  cwd = await makeFolder({
    "js/wat/wasi.json": manifest({ build: { language: "wat" } }),
    "js/assemblyscript/wasi.json": manifest({ build: { language: "assemblyscript" } }),
    "js/found/wasi.json": manifest(),
    "rust/wasi.json": manifest({ build: { language: "rust" } }),
    // A toolchain that has no target for WASI, and is first on PATH.
    "bin/rustc": '#!/bin/sh\n[ "$*" = --version ] && echo "rustc 1.99.0 (stand-in)" || echo /nowhere\n',
    "bin/cargo": "#!/bin/sh\necho cargo 1.99.0\n",
  });
  await mkdir(join(cwd, "empty"));
  await Promise.all(["rustc", "cargo"].map((name) => chmod(join(cwd, "bin", name), 0o755)));
});
afterAll(() => remove(cwd));

test("what the languages of a folder are built with: found where, which version", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["doctor", "js"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  const version = expect.stringMatching(/^v?\d+\.\d+\.\d+$/);
  const folder = expect.stringMatching(/^\//);
  expect(rows).toEqual([
    ["", "tool", "for", "version", "found in"],
    ["ok", "Node.js", "all", process.version, process.execPath],
    ["ok", "directories", "all", ...directories],
    ["ok", "assemblyscript", "assemblyscript", version, folder],
    ["ok", "@assemblyscript/wasi-shim", "assemblyscript", version, folder],
    ["ok", "wabt", "wat", version, folder],
  ]);
});

test("the same as JSON", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["doctor", "--json", "js/wat"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual([
    { name: "wabt", language: "wat", found: true, version: expect.any(String), path: expect.stringMatching(/wabt$/) },
  ]);
});

const made = (...command: string[]): string => manifest({ build: { command, inputs: ["*.c"] } });
const pathTo = (end: string): unknown => expect.stringMatching(new RegExp(`/${end}$`));

test("the commands that make modules", async () => {
  const folder = await makeFolder({
    "a/wasi.json": made("sh", "build.sh"),
    "b/wasi.json": made("no-such-make"),
    "c/wasi.json": made("./build.sh"),
    "c/build.sh": "#!/bin/sh\n",
  });
  await chmod(join(folder, "c/build.sh"), 0o755);
  const { exitCode, stdout } = await wasiKit(["doctor", "--json"], { cwd: folder });
  const { stdout: table } = await wasiKit(["doctor"], { cwd: folder });
  await remove(folder);
  expect(JSON.parse(stdout)).toEqual([
    { name: "sh", language: null, found: true, version: "", path: pathTo("sh") },
    {
      name: "no-such-make",
      language: null,
      found: false,
      version: "not found",
      path: "",
      installCommand: "install no-such-make",
    },
    { name: "./build.sh", language: null, found: true, version: "", path: pathTo("c/build.sh") },
  ]);
  expect(exitCode).toBe(1);
  expect(table).toMatch(/^missing {2}no-such-make {2}a command {2}not found/m);
});

test("a folder without examples is checked for all languages", async () => {
  const { stdout } = await wasiKit(["doctor", "empty", "--json"], { cwd });
  const languages = (JSON.parse(stdout) as { language: string }[]).map(({ language }) => language);
  expect([...new Set(languages)]).toEqual(["assemblyscript", "c", "go", "rust", "wat", "zig"]);
});

test("nothing is installed for a folder without programs", async () => {
  const { stderr } = await wasiKit(["doctor", "empty", "--fix"], { cwd, env: { WASI_KIT_NO_INSTALL: "" } });
  expect(stderr).toBe("wasi-kit: nothing is installed: there is no program here that would need it\n");
});

// The distribution's Rust is looked for by its full path, so a machine that has
// one is well whatever PATH says.
test("a Rust without its target is either made up for by the distribution's, or told with the command that mends it", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["doctor", "rust", "--json"], {
    cwd,
    env: { PATH: join(cwd, "bin") },
  });
  expect(stderr).toBe("");
  const [compiler, target] = JSON.parse(stdout) as Record<string, unknown>[];
  const distribution = target?.["found"] === true;
  expect(exitCode).toBe(distribution ? 0 : 1);
  expect(compiler).toMatchObject({ name: "rustc and cargo", found: true });
  expect(target?.["name"]).toBe("target for WASI");
  expect(`${String(target?.["version"])}, ${String(target?.["installCommand"])}`).toMatch(
    distribution ? /^wasm32-wasi(p1)?, undefined$/ : /^not installed, .*install/,
  );
});

test.each<[args: string[], message: string]>([
  [["nowhere"], "There is no folder nowhere."],
  [["js", "rust"], "Name one folder at a time: js, or rust."],
])("wasi-kit doctor %j is an error", async (args, message) => {
  await expect(wasiKit(["doctor", ...args], { cwd })).resolves.toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `wasi-kit: ${message}\n`,
  });
});
