// Compiles a program as a user of its language does: with the compiler alone, in a process of its own.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

const require = createRequire(import.meta.url);
const wat2wasm = join(dirname(require.resolve("wabt/package.json")), "bin/wat2wasm");
const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
const shim = require.resolve("@assemblyscript/wasi-shim/asconfig.json");
const { options } = require(shim);

/** The command line for each language, in the folder of the program. */
const commands = {
  wat: ({ source, output }) => [process.execPath, wat2wasm, source, "-o", output],
  // The options that the compiler package gives, as an asconfig.json of the program's own would.
  assemblyscript: ({ dir, source, output }) => [
    process.execPath,
    asc,
    relative(dir, source),
    `--outFile=${output}`,
    "--config=none",
    "--optimizeLevel=3",
    "--shrinkLevel=2",
    "--converge",
    `--lib=${relative(dir, join(dirname(shim), "assembly"))}`,
    `--path=${relative(dir, join(dirname(shim), "../.."))}`,
    `--exportStart=${options.exportStart}`,
    ...options.use.map((use) => `--use=${use}`),
  ],
  rust: ({ targetDir }) => [
    "cargo",
    "build",
    "--release",
    "--quiet",
    "--target",
    process.env["WASI_TARGET"] ?? "wasm32-wasip1",
    "--target-dir",
    targetDir,
  ],
  // The options that the compiler package gives before those of the program.
  c: ({ dir, source, output }) => [
    "clang",
    "-Os",
    "-s",
    `@${join(dir, "compile_flags.txt")}`,
    ...readdirSync(dirname(source)).flatMap((name) => (name.endsWith(".c") ? join(dirname(source), name) : [])),
    "-o",
    output,
  ],
  go: ({ dir, output }) => [
    "go",
    "build",
    "-trimpath",
    "-ldflags=-s -w",
    ...(basename(dir) === "library" ? ["-buildmode=c-shared"] : []),
    "-o",
    output,
    ".",
  ],
  zig: ({ dir, source, output, targetDir }) => [
    "zig",
    "build-exe",
    relative(dir, source),
    "-target",
    "wasm32-wasi",
    "-OReleaseSmall",
    "-fstrip",
    ...(basename(dir) === "library" ? ["-fno-entry", "-rdynamic", "-mexec-model=reactor"] : []),
    "--cache-dir",
    targetDir,
    `-femit-bin=${output}`,
  ],
};

/** Go takes its target from these. */
const variables = { GOOS: "wasip1", GOARCH: "wasm" };

/**
 * @param output the module, except for Rust, whose modules are in the folder `targetDir`
 */
export function compile(language, { dir, source, output, targetDir }) {
  const [command, ...args] = commands[language]({ dir, source, output, targetDir });
  const { status, stderr } = spawnSync(command, args, {
    cwd: dir,
    encoding: "utf8",
    env: { ...process.env, ...variables },
  });
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} in ${dir}:\n${stderr}`);
}
