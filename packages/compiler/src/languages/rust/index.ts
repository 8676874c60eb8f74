import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Language } from "../language.ts";
import { cargoVariables } from "./cargo-variables.ts";

/** Rust: a program is a crate, which cargo builds. */
export const rust: Language = {
  // Cargo is a process of its own.
  parallelBuilds: availableParallelism(),
  findSources: (dir) => (existsSync(join(dir, "Cargo.toml")) ? ["Cargo.toml"] : []),
  detect: async (dir) => (await import("./detect.ts")).detect(dir),
  compile: async (options) => (await import("./compile.ts")).compile(options),
  tools: async (dir) => (await import("./tools.ts")).rustTools(dir),
  installTools: async (options) => (await import("./ensure-rust.ts")).ensureRust(options),
  environment: () => ({ variables: cargoVariables() }),
};
