/**
 * The symbols that `using` looks for. In a realm of its own (a script of node:vm)
 * they are missing before Node.js 24, and compiled `using` takes these instead.
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as typeof Symbol.asyncDispose);
