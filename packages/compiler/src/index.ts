export { build } from "./build.ts";
export type { BuildTarget } from "./build.ts";
export { BuildError } from "./error.ts";
export type { BuildErrorCode } from "./error.ts";
export { findWasiRust, provideRust } from "./rust-toolchain.ts";
export type { ProvideOptions, RustToolchain } from "./rust-toolchain.ts";
export { TextError, toText } from "./to-text.ts";
export { tools } from "./tools.ts";
export type { Tool } from "./tools.ts";
