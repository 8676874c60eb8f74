// Compiles a program as a user of its language does: with the compiler alone, in a process of its own.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

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
};

/**
 * @param output the module, but for Rust, whose modules are in the folder `targetDir`
 */
export function compile(language, { dir, source, output, targetDir }) {
  const [command, ...args] = commands[language]({ dir, source, output, targetDir });
  const { status, stderr } = spawnSync(command, args, { cwd: dir, encoding: "utf8" });
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} in ${dir}:\n${stderr}`);
}
