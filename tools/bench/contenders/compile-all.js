// Compiles every example as a shell loop does: a process of its language's compiler for each, one after another.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findPrograms, resolveBuild } from "@wasi-kit/manifest";
import { compile } from "./compile.js";

const [examples] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-compile-"));
try {
  for (const example of await findPrograms(examples)) {
    const { dir, language, source, module } = resolveBuild(example);
    // A target folder of its own, so that nothing of it is there before.
    const targetDir = join(folder, basename(dir));
    compile(language, { dir, source, output: join(folder, `${language}-${basename(module)}`), targetDir });
  }
} finally {
  rmSync(folder, { recursive: true });
}
