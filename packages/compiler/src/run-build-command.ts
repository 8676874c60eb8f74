import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { CommandBuild } from "@wasi-kit/manifest";
import { BuildError } from "./error.ts";
import { contentOf } from "./record/inputs.ts";
import type { BuildOptions } from "./languages/language.ts";
import { sourceFiles } from "./record/sources.ts";
import { runChild } from "./system/child-process.ts";
import { findCommand } from "./system/find-command.ts";

/** What a module of WebAssembly begins with. */
const magic = Buffer.from("\0asm", "latin1");

/**
 * Has a command of the user's make a module, in the program's folder.
 *
 * @returns the bytes of the module, which the command has written
 * @throws BuildError `E_TOOLCHAIN` if there is no such command, `E_COMPILE` if it fails or writes no module
 */
export async function runBuildCommand(build: CommandBuild, options: BuildOptions): Promise<Uint8Array> {
  const { dir, module, command } = build;
  const { debug, inputs, log, signal } = options;
  const [name = "", ...args] = command;
  const line = `\`${command.join(" ")}\``;
  const shown = relative(process.cwd(), module);
  if (findCommand(name, dir) === undefined) {
    throw new BuildError(
      "E_TOOLCHAIN",
      `There is no command ${name}, with which ${shown} is built.\nInstall it, or name another one in wasi.json as build.command.`,
    );
  }
  // Before it is started: what it changes itself was not what it read.
  for (const path of await sourceFiles(build)) inputs.file(path, contentOf(path));
  const { exitCode, stderr, output } = await runChild(name, args, {
    cwd: dir,
    env: { ...process.env, ...(debug ? { WASI_KIT_DEBUG: "1" } : {}) },
    signal,
    temporary: join(tmpdir(), `wasi-kit-${randomUUID()}`),
  });
  if (exitCode !== 0) {
    throw new BuildError("E_COMPILE", `${line} failed (exit code ${exitCode}):\n${output.trimEnd()}`.trimEnd());
  }
  if (stderr.trim()) log(stderr.trimEnd());
  const bytes = await readFile(module).catch(() => undefined);
  if (bytes?.subarray(0, magic.length).equals(magic)) return bytes;
  throw new BuildError(
    "E_COMPILE",
    bytes
      ? `${line} wrote ${shown}, and that is not a module of WebAssembly.`
      : `${line} ended well, and there is no ${shown}.\nHave it write the module there, or name in wasi.json as module what it writes.`,
  );
}
