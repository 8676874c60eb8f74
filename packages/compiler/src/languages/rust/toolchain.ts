/** The names of preview 1, the newest first: it changed in Rust 1.78, and the old one is gone since 1.84. */
export const targets = ["wasm32-wasip1", "wasm32-wasi"] as const;

/** A Rust compiler that can build for WASI. */
export interface RustToolchain {
  /** The cargo to call: a name on PATH, or a full path. */
  cargo: string;
  /** The rustc that goes with it: the one in `sysroot`, if it is there, and not a proxy for it. */
  rustc: string;
  /** What `rustc --version` says. */
  version: string;
  /** The folder of its libraries. */
  sysroot: string;
  /** What it calls preview 1. */
  target: (typeof targets)[number];
}

/** A Rust compiler on this machine, which may lack the target. */
export type InstalledRust = Omit<RustToolchain, "target"> & { target: RustToolchain["target"] | undefined };

/** Two commands that go together. */
export type RustCommands = Pick<RustToolchain, "cargo" | "rustc">;

/**
 * The commands to try. The distribution's are called by their full paths: a
 * rustup proxy may come before them on PATH, and one's cargo does not work with
 * the other's rustc.
 */
export const usualCommands: readonly RustCommands[] = [
  { cargo: "cargo", rustc: "rustc" },
  { cargo: "/usr/bin/cargo", rustc: "/usr/bin/rustc" },
];
