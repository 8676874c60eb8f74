import { readFile } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { runChild } from "../../system/child-process.ts";
import { temporaryFolder } from "../../system/scratch.ts";
import { BuildError } from "../../error.ts";
import type { CompileOptions } from "../language.ts";
import { recordCargoInputs } from "./cargo-inputs.ts";
import { ensureRust } from "./ensure-rust.ts";

/**
 * Line tables and names, and no more: what the crate's own profile says of
 * optimisation stays. 1 is what `line-tables-only` was before Rust 1.71, nearly.
 */
const keepDebugInfo = ["debug=1", "strip=false"].flatMap((setting) => ["--config", `profile.release.${setting}`]);

/** Builds a crate with cargo, for the WASI target of the toolchain that has one. */
export async function compile({ source, module, debug, inputs, log, signal }: CompileOptions): Promise<Uint8Array> {
  const dir = dirname(source);
  const { cargo, rustc, target } = await ensureRust({ dir, log });
  const startedAt = Date.now();
  const { exitCode, stdout, stderr } = await runChild(
    cargo,
    [
      "build",
      "--release",
      "--quiet",
      "--target",
      target,
      "--manifest-path",
      source,
      "--message-format",
      "json-render-diagnostics",
      ...(debug ? keepDebugInfo : []),
    ],
    { cwd: dir, env: { ...process.env, RUSTC: rustc }, signal, temporary: await temporaryFolder() },
  );
  if (exitCode !== 0) {
    throw new BuildError("E_COMPILE", `cargo can't build ${relative(process.cwd(), source)}:\n${stderr.trimEnd()}`);
  }
  if (stderr) log(stderr.trimEnd());
  const built = pickModule(stdout, basename(module, ".wasm"), relative(process.cwd(), source));
  recordCargoInputs(inputs, dir, built, startedAt);
  return readFile(built);
}

/** The part of cargo's messages that names what was built. */
interface Artifact {
  reason: string;
  target: { name: string; kind: string[] };
  filenames: string[];
}

const programs: ReadonlySet<string> = new Set(["bin", "cdylib"]);

/** @see https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages */
function pickModule(messages: string, name: string, source: string): string {
  const modules = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Artifact)
    // A library may be a cdylib and an rlib at once.
    .filter(({ reason, target }) => reason === "compiler-artifact" && target.kind.some((kind) => programs.has(kind)))
    .flatMap(({ filenames }) => filenames.filter((file) => file.endsWith(".wasm")));
  const named = modules.find((file) => basename(file, ".wasm").replaceAll("_", "-") === name.replaceAll("_", "-"));
  const module = modules.length === 1 ? modules[0] : named;
  if (module) return module;
  const built = modules
    .map((file) => basename(file))
    .toSorted()
    .join(", ");
  throw new BuildError(
    "E_COMPILE",
    built
      ? `${source} builds ${built}, and none is named ${name}.wasm, as the module in wasi.json is.`
      : `${source} builds no program. It needs a src/main.rs, or a library of crate-type "cdylib".`,
  );
}
