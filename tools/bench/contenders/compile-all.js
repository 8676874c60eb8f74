// Compiles every example with its compiler, one after another, into a folder that is thrown away.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "@wasi-kit/compiler";
import { findExamples, sourcePath } from "@wasi-kit/manifest";

const [examples] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-compile-"));
try {
  for (const example of await findExamples(examples)) {
    const { dir, manifest } = example;
    // Cargo would find that nothing changed.
    rmSync(join(dir, "target"), { recursive: true, force: true });
    const module = join(folder, basename(manifest.module));
    await build({ dir, language: manifest.build.language, source: sourcePath(example), module });
  }
} finally {
  rmSync(folder, { recursive: true });
}
