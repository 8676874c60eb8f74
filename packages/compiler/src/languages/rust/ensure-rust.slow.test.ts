import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterEach, expect, test, vi } from "vitest";
import { BuildError } from "../../error.ts";
import { ensureRust } from "./ensure-rust.ts";
import { findRust } from "./find-rust.ts";
import { rustInstallCommand } from "./install-rust.ts";
import { standIn } from "../../../test/helpers/rust-stand-in.ts";
import type { StandIn } from "../../../test/helpers/rust-stand-in.ts";

// What the distribution has stays out of it: the stand-in on PATH is all there is.
const places = [{ cargo: "cargo", rustc: "rustc" }];

const debian = existsSync("/etc/debian_version");
const root = process.getuid?.() === 0;
const packages = "rustc cargo libstd-rust-dev-wasm32 lld";
const install = `apt-get install --yes --no-install-recommends ${packages}`;

function use({ env }: StandIn, more: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries({ WASI_KIT_NO_INSTALL: "", ...env, ...more })) vi.stubEnv(name, value);
}
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Provides Rust and collects what is said meanwhile. */
async function provide(dir: string): Promise<{ said: string[]; outcome: unknown }> {
  const said: string[] = [];
  const outcome = await ensureRust({ dir, log: (line) => said.push(line) }, places).catch((error: unknown) => error);
  return { said, outcome };
}

async function addLibrary({ dir }: StandIn, target: string, file = "libstd-1a2b.rlib"): Promise<void> {
  await mkdir(join(dir, "lib/rustlib", target, "lib"), { recursive: true });
  await writeFile(join(dir, "lib/rustlib", target, "lib", file), "");
}

/** The toolchain of a stand-in, which calls its own commands and not what is on PATH, proxies maybe. */
const foundIn = (dir: string) => ({
  cargo: join(dir, "bin/cargo"),
  rustc: join(dir, "bin/rustc"),
  version: "rustc 1.99.0 (stand-in)",
  sysroot: dir,
});

test.each<[what: string, libraries: [target: string, file?: string][], target: string | undefined]>([
  ["the target of today", [["wasm32-wasip1"]], "wasm32-wasip1"],
  ["the target as it was called", [["wasm32-wasi"]], "wasm32-wasi"],
  ["both", [["wasm32-wasi"], ["wasm32-wasip1"]], "wasm32-wasip1"],
  ["another target", [["wasm32-unknown-unknown"]], undefined],
  ["a target without its standard library", [["wasm32-wasip1", "self-contained.txt"]], undefined],
  ["no target", [], undefined],
])("a toolchain with %s", async (_, libraries, target) => {
  const toolchain = await standIn();
  for (const library of libraries) await addLibrary(toolchain, ...library);
  use(toolchain);
  await expect(findRust(toolchain.dir, places)).resolves.toEqual([{ ...foundIn(toolchain.dir), target }]);
});

test("of several toolchains the first that has the target is taken, and nothing is installed", async () => {
  const [bare, ready] = await Promise.all([standIn({ rustup: "works" }), standIn()]);
  await addLibrary(ready, "wasm32-wasi");
  // The second one is called by its path, and speaks for itself.
  await writeFile(join(ready.dir, "bin/rustc"), `#!/bin/sh\nSTAND_IN=${ready.dir} . ${bare.dir}/bin/rustc\n`);
  use(bare);
  const second = { cargo: join(ready.dir, "bin/cargo"), rustc: join(ready.dir, "bin/rustc") };
  const provided = ensureRust({ dir: bare.dir, log: expect.unreachable }, [...places, second]);
  await expect(provided).resolves.toMatchObject({ ...second, sysroot: ready.dir, target: "wasm32-wasi" });
  await expect(bare.installed()).resolves.toEqual([]);
});

test("a rustc in node_modules does not hide the one on PATH", async () => {
  const toolchain = await standIn();
  use(toolchain);
  const bin = join(toolchain.dir, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "rustc"), "#!/bin/sh\necho another", { mode: 0o755 });
  await expect(findRust(toolchain.dir, places)).resolves.toMatchObject([{ version: "rustc 1.99.0 (stand-in)" }]);
});

test("rustup adds the target, and says so before", async () => {
  const toolchain = await standIn({ rustup: "works" });
  use(toolchain);
  await expect(provide(toolchain.dir)).resolves.toEqual({
    said: [
      "Rust can't build for WASI yet: adding its target with `rustup target add wasm32-wasip1`, about 25 MB, once.",
    ],
    outcome: { ...foundIn(toolchain.dir), target: "wasm32-wasip1" },
  });
  await expect(toolchain.installed()).resolves.toEqual(["rustup target add wasm32-wasip1"]);
});

test.runIf(debian && root)(
  "where rustup fails, Debian's packages follow; a failure of both is told whole",
  async () => {
    const toolchain = await standIn({ rustup: "fails", aptGet: 'echo "E: no $1 today" >&2; exit 100' });
    use(toolchain);
    const { said, outcome } = await provide(toolchain.dir);
    expect(said).toEqual([
      "Rust can't build for WASI yet: adding its target with `rustup target add wasm32-wasip1`, about 25 MB, once.",
      "Rust can't build for WASI yet: installing Debian's rustc, cargo, libstd-rust-dev-wasm32, lld, about 115 MB, once.",
    ]);
    await expect(toolchain.installed()).resolves.toEqual([
      "rustup target add wasm32-wasip1",
      install,
      "apt-get update",
    ]);
    expect(outcome).toEqual(
      new BuildError(
        "E_TOOLCHAIN",
        [
          "No Rust on this machine can build for WASI (target wasm32-wasip1 or wasm32-wasi).",
          "`rustup target add wasm32-wasip1` failed (exit code 1):",
          "  info: downloading component",
          "  error: could not download file",
          "`apt-get update` failed (exit code 100):",
          "  E: no update today",
          "To install it: rustup target add wasm32-wasip1",
        ].join("\n"),
      ),
    );
  },
);

test.runIf(debian && root)(
  "Debian's packages are installed after an update of its lists, where they need one",
  async () => {
    const toolchain = await standIn({
      aptGet: `case "$1" in
      update) : > "$STAND_IN/updated" ;;
      install) [ -e "$STAND_IN/updated" ] || exit 100
        /bin/mkdir -p "$STAND_IN/lib/rustlib/wasm32-wasi/lib"; : > "$STAND_IN/lib/rustlib/wasm32-wasi/lib/libstd-1.rlib" ;;
    esac`,
    });
    use(toolchain);
    const { said, outcome } = await provide(toolchain.dir);
    expect(said).toHaveLength(1);
    expect(outcome).toMatchObject({ target: "wasm32-wasi" });
    await expect(toolchain.installed()).resolves.toEqual([install, "apt-get update", install]);
  },
);

test.runIf(debian && root)("an installer that is not there is told, not thrown", async () => {
  const toolchain = await standIn();
  use(toolchain);
  const { outcome } = await provide(toolchain.dir);
  expect(outcome).toBeInstanceOf(BuildError);
  expect(String(outcome)).toContain("rustup is not on PATH.\n`apt-get update` could not be started: ");
});

test.each<[what: string, rustup: "works" | undefined, remedy: string]>([
  ["rustup", "works", "rustup target add wasm32-wasip1"],
  [
    "no rustup",
    undefined,
    debian
      ? `${root ? "" : "sudo "}apt-get install --no-install-recommends ${packages}`
      : "install rustup (https://rustup.rs), then type: rustup target add wasm32-wasip1",
  ],
])("WASI_KIT_NO_INSTALL=1 forbids to install; with %s the error names the command", async (_, rustup, remedy) => {
  const toolchain = await standIn({ ...(rustup && { rustup }), aptGet: "" });
  use(toolchain, { WASI_KIT_NO_INSTALL: "1" });
  await expect(provide(toolchain.dir)).resolves.toEqual({
    said: [],
    outcome: new BuildError(
      "E_TOOLCHAIN",
      "No Rust on this machine can build for WASI (target wasm32-wasip1 or wasm32-wasi).\n" +
        "Nothing was installed, since WASI_KIT_NO_INSTALL=1 forbids it.\n" +
        `To install it: ${remedy}`,
    ),
  });
  await expect(rustInstallCommand(toolchain.dir)).resolves.toBe(remedy);
  await expect(toolchain.installed()).resolves.toEqual([]);
});

test("two builds at once run one installer, and neither takes what is there in part", async () => {
  const { dir, env, installed } = await standIn({ rustup: "works" });
  await writeFile(join(dir, "hold"), "");
  const script = `import { readdirSync } from "node:fs";
    const { ensureRust } = await import(${JSON.stringify(new URL("../../../dist/languages/rust/ensure-rust.js", import.meta.url).href)});
    const { sysroot, target } = await ensureRust({ dir: ".", log: console.log }, ${JSON.stringify(places)});
    console.log(target, ...readdirSync(sysroot + "/lib/rustlib/" + target + "/lib"));`;
  const output: string[][] = [];
  const build = async (more: NodeJS.ProcessEnv = {}): Promise<void> => {
    const lines: string[] = [];
    output.push(lines);
    const nodeOptions = { cwd: dir, env: { ...env, WASI_KIT_NO_INSTALL: "", ...more } };
    const running = x(process.execPath, ["--input-type=module", "--eval", script], { nodePath: false, nodeOptions });
    for await (const line of running) lines.push(line);
  };

  // One looks for Rust before another installs it, and sees what that one has done so far.
  const builds = [build({ EARLY: "1" })];
  await vi.waitUntil(() => existsSync(join(dir, "asked")), 20_000);
  builds.push(build(), build());
  // And one starts when the library is there, but not yet all of it.
  await vi.waitUntil(() => existsSync(join(dir, "lib/rustlib/wasm32-wasip1/lib/libstd-1a2b.rlib")), 20_000);
  builds.push(build());
  await vi.waitUntil(() => output.every((lines) => lines.length > 0), 20_000);
  await rm(join(dir, "hold"));
  await Promise.all(builds);

  const complete = "wasm32-wasip1 libpanic_abort-1a2b.rlib libstd-1a2b.rlib";
  const waits = `Another build is installing what is missing: waiting for it.\n${complete}`;
  expect(output.map((lines) => lines.join("\n")).toSorted()).toEqual([
    waits,
    waits,
    waits,
    `Rust can't build for WASI yet: adding its target with \`rustup target add wasm32-wasip1\`, about 25 MB, once.\n${complete}`,
  ]);
  await expect(installed()).resolves.toEqual(["rustup target add wasm32-wasip1"]);
});
