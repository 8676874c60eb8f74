// An entry of its own: what the command line asks of the system, without the compilers.
export { runChild } from "./child-process.ts";
export type { ChildOptions, ChildResult } from "./child-process.ts";
export { findCommand } from "./find-command.ts";
export { holdSignals } from "./hold-signals.ts";
export { tryLock } from "./lock.ts";
export type { Release } from "./lock.ts";
export { replaceFile } from "./replace-file.ts";
export { describeSystemError } from "./system-error.ts";
