import type { CallingGuest } from "./calling-guest.ts";

/**
 * A function that a guest calls. It gets a number for an i32, f32 or f64 and a
 * bigint for an i64, gives back the same (an array of them for several results),
 * and has to be done when it returns: a promise ends the run. It is called
 * without a `this`.
 */
export type HostFunction = (...args: never[]) => unknown;

/** Functions by the module and the name by which a guest imports them: `{ env: { log() {} } }`. */
export type HostModules = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>;

/** Functions for a guest to import; or a function that makes them for each guest, and gets that guest. */
export type Imports = HostModules | ((guest: CallingGuest) => HostModules);
