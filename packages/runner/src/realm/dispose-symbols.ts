/**
 * What `using` calls an object by. In a realm of its own (a script of node:vm)
 * there is none of it before Node.js 24, and what compiles `using` for that takes these.
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as typeof Symbol.asyncDispose);
