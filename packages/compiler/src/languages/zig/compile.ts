import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { runChild } from "../../system/child-process.ts";
import { scratchFile, scratchOf, withScratch } from "../../system/scratch.ts";
import { compilerFailure } from "../compiler-failure.ts";
import type { Advice } from "../compiler-failure.ts";
import type { CompileOptions } from "../language.ts";
import { recordRead } from "../read-files.ts";
import { ensureZig } from "./ensure-zig.ts";
import { isZigLibrary } from "./is-zig-library.ts";
import { readUpdate, updateAndExit } from "./server-messages.ts";

/** What to do about what Zig says. */
const advice: Advice = [
  [
    /unable to (?:load|open) ['"][^'"]+['"]: FileNotFound/,
    "Put the file there, or name another: @import takes a path from the file that imports.",
  ],
  [
    /no module named '[^']+' available/,
    'A file of your own is imported by its path, with its ending: @import("name.zig").',
  ],
  [
    /has no member named|no field or member function named/,
    "The standard library changes from version to version of Zig: see the release notes of yours.",
  ],
];

/**
 * Builds a root file with Zig. The compiler is asked for an update as its build system does that: then it says which
 * files it has read.
 */
export async function compile({
  dir,
  source,
  module,
  debug,
  inputs,
  log,
  signal,
}: CompileOptions): Promise<Uint8Array> {
  const { zig } = await ensureZig({ dir, log });
  const name = basename(module, ".wasm");
  // Where Zig's build system has it. One for all programs would have the folder of another in debug information.
  const cache = join(dir, ".zig-cache");
  const args = [
    "build-exe",
    relative(dir, source),
    "--name",
    name,
    "-target",
    "wasm32-wasi",
    "-OReleaseSmall",
    debug ? "-fno-strip" : "-fstrip",
    ...(isZigLibrary(readFileSync(source, "utf8")) ? ["-fno-entry", "-rdynamic", "-mexec-model=reactor"] : []),
    "--cache-dir",
    cache,
    "--color",
    "off",
  ];
  const options = { cwd: dir, signal, scratch: scratchOf(module) };
  const startedAt = Date.now();
  return withScratch(module, async () => {
    const messages = scratchFile(module, "messages");
    writeFileSync(messages, updateAndExit);
    const listening = await runChild(zig, [...args, "--listen=-"], { ...options, stdin: messages });
    const { digest, files } = readUpdate(listening.stdoutBytes);
    const made = digest && (await readFile(join(cache, "o", digest, `${name}.wasm`)).catch(() => undefined));
    const root = files.find(({ path }) => path === relative(dir, source));
    if (made && root) {
      // The others are of Zig's library and of its caches.
      const own = files.filter(({ folder }) => folder === root.folder);
      for (const { path } of own) recordRead(inputs, resolve(dir, path), startedAt);
      return made;
    }
    // It failed, and says why to those who do not listen.
    const built = scratchFile(module, "wasm");
    const { exitCode, stderr } = await runChild(zig, [...args, `-femit-bin=${built}`], options);
    const said = stderr.trim();
    if (exitCode !== 0) {
      throw compilerFailure(`zig can't compile ${relative(process.cwd(), source)}`, said, advice);
    }
    // A version with other messages: it is not known what it read.
    inputs.unknownFile(source);
    return await readFile(built);
  });
}
