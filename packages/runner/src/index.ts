export { WasiKitError } from "./error.ts";
export type { ErrorCode } from "./error.ts";
export type { ModuleSource } from "./module.ts";
export type { Input, Output, Preopen, RunOptions } from "./options.ts";
export { printable } from "./printable.ts";
export type { Outcome, RunResult, Trap } from "./result.ts";
export { run } from "./run.ts";
