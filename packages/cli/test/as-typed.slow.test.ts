import { expect, test } from "vitest";
import { folderWith, manifest, wasiKit } from "./helpers/command.ts";
import { assembleModule } from "./helpers/modules.ts";

/** A project in which wasi-kit is installed, by the package manager of a lock file. */
async function project(lockFile: string): Promise<string> {
  return folderWith({
    [lockFile]: "",
    "node_modules/.bin/wasi-kit": "",
    "trap/trap.wasm": await assembleModule("trap"),
    "trap/wasi.json": manifest({ module: "trap.wasm" }),
    "hello/hello.wasm": await assembleModule("hello"),
    "hello/wasi.json": manifest(),
    "command/wasi.json": manifest({ build: { command: ["no-such-command"], inputs: ["source"] } }),
  });
}

test.each([
  ["an error", ["run", "none.wasm"], "type: WASI-KIT build\n"],
  ["a usage error", ["list", "--nothing"], "The options of the command: WASI-KIT list --help=all\n"],
  ["an explanation", ["run", "trap"], "\nwasi-kit: WASI-KIT build --debug names the lines"],
  ["an explanation among others", ["run", "--all", "trap"], "WASI-KIT build --debug names the lines"],
  ["an explanation as JSON", ["run", "--json", "trap"], '"explanation": "WASI-KIT build --debug names the lines'],
  ["an explanation of a test", ["test", "trap"], "  WASI-KIT build --debug names the lines"],
  ["what a test has no snapshot for", ["test", "hello"], "WASI-KIT test --update writes it."],
  ["how to run a module", ["inspect", "hello/hello.wasm"], "run it      WASI-KIT run hello/hello.wasm\n"],
  ["what is missing", ["doctor", "command"], "To fix it, type: WASI-KIT doctor --fix\n"],
])("commands in advice are written as they are typed: %s", async (_, args, said) => {
  for (const [lockFile, typed] of [
    ["package-lock.json", "npx wasi-kit"],
    ["pnpm-lock.yaml", "pnpm wasi-kit"],
  ] as const) {
    const { stdout, stderr } = await wasiKit(args, { cwd: await project(lockFile) });
    expect(stdout + stderr).toContain(said.replace("WASI-KIT", typed));
  }
});
