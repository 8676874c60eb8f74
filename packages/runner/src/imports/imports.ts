import type { CallingGuest } from "./calling-guest.ts";

/**
 * A function that a guest calls. An i32, f32 or f64 is a number, and an i64 a
 * bigint, both as an argument and as the result; several results are an array. It
 * can't be async: if it returns a promise, the run ends. `this` is undefined.
 */
export type HostFunction = (...args: never[]) => unknown;

/** Functions by the module and the name by which a guest imports them: `{ env: { log() {} } }`. */
export type HostModules = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>;

/** Functions for a guest to import, or a function that takes a guest and returns them. */
export type Imports = HostModules | ((guest: CallingGuest) => HostModules);
