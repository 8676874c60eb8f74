// Compiles examples as a shell loop does: a process of its language's compiler for each, one after another.
//
//     compile-all.js FOLDER [LANGUAGE…]
//
// Without a language, all that are in the folder.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findPrograms, resolveBuild } from "@wasi-kit/manifest";
import { compile } from "./compile.js";

const [examples, ...languages] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-compile-"));
try {
  for (const example of await findPrograms(examples)) {
    const { dir, language, source, module } = resolveBuild(example);
    if (languages.length > 0 && !languages.includes(language)) continue;
    // A target folder of its own, so that nothing of it is there before.
    const targetDir = join(folder, `${language}-${basename(dir)}`);
    compile(language, { dir, source, output: join(folder, `${language}-${basename(module)}`), targetDir });
  }
} finally {
  rmSync(folder, { recursive: true });
}
