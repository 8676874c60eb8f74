import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Language } from "../language.ts";
import { cargoVariables } from "./cargo-variables.ts";

/** Rust: a program is a crate, which cargo builds. */
export const rust: Language = {
  title: "Rust",
  about: "The standard library knows WASI; needs a Rust toolchain",
  source: "Cargo.toml",
  sign: "Cargo.toml",
  sources: ["src/**/*.rs"],
  comment: /^ *\/\/.*/gm,
  project: {
    edited: "src",
    files: [
      ["src/main.rs", "the program"],
      ["src/lib.rs", "the library"],
      ["Cargo.toml", "its crate"],
    ],
    ignored: ["target/"],
    needs: "Rust needs its WASI target",
    steps: ["run: rustup target add wasm32-wasip1", "uses: Swatinem/rust-cache@v2"],
    editor:
      "`.cargo/config.toml` has cargo and rust-analyzer build for WASI; `cargo run` and `cargo test` run what they built with\nwasi-kit.",
    problems: [
      { regexp: "^(error|warning)(?:\\[(\\w+)\\])?: (.*)$", severity: 1, code: 2, message: 3 },
      { regexp: "^ *--> (.*):(\\d+):(\\d+)$", file: 1, line: 2, column: 3 },
    ],
    extensions: ["rust-lang.rust-analyzer", "ms-vscode.wasm-dwarf-debugging"],
  },
  // Cargo is a process of its own.
  parallelBuilds: availableParallelism(),
  findSources: (dir) => (existsSync(join(dir, "Cargo.toml")) ? ["Cargo.toml"] : []),
  detect: async (dir) => (await import("./detect.ts")).detect(dir),
  tools: async (dir) => (await import("./tools.ts")).rustTools(dir),
  installTools: async (options) => (await import("./ensure-rust.ts")).ensureRust(options),
  environment: () => ({ variables: cargoVariables() }),
};
