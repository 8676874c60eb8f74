import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../root.ts";

// `wasi-kit audit` of the example read-file with the manifest generous.json.
const example = join(root, "examples/rust/read-file");
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-sample-"));
try {
  const audited = join(folder, "read-file");
  cpSync(join(example, "build/read-file.wasm"), join(audited, "read-file.wasm"));
  cpSync(join(example, "fixtures"), join(audited, "fixtures"), { recursive: true });
  cpSync(join(root, "tools/docs/samples/generous.json"), join(audited, "wasi.json"));
  console.log("$ wasi-kit audit");
  const command = [join(root, "packages/cli/bin/wasi-kit.cjs"), "audit"];
  process.exitCode = spawnSync(process.execPath, command, { cwd: audited, stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
