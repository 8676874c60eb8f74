// Compiles every example as a shell loop does: a process of its language's compiler for each, one after another.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { findExamples, resolveBuild } from "@wasi-kit/manifest";

const [examples] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-compile-"));
const require = createRequire(import.meta.url);
const wat2wasm = join(dirname(require.resolve("wabt/package.json")), "bin/wat2wasm");
const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
const shim = require.resolve("@assemblyscript/wasi-shim/asconfig.json");
const { options } = require(shim);

/** The command line that compiles a program, for its folder. */
const commands = {
  wat: ({ source, output }) => [process.execPath, wat2wasm, source, "-o", output],
  // The options that the compiler package gives, as an asconfig.json of the example's own would.
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
  rust: ({ dir }) => [
    "cargo",
    "build",
    "--release",
    "--quiet",
    "--target",
    process.env["WASI_TARGET"] ?? "wasm32-wasip1",
    "--target-dir",
    join(folder, basename(dir)),
  ],
};

try {
  for (const example of await findExamples(examples)) {
    const { dir, language, source, module } = resolveBuild(example);
    const output = join(folder, `${language}-${basename(module)}`);
    const [command, ...args] = commands[language]({ dir, source, output });
    const { status, stderr } = spawnSync(command, args, { cwd: dir, encoding: "utf8" });
    if (status !== 0) throw new Error(`${[command, ...args].join(" ")} in ${dir}:\n${stderr}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
