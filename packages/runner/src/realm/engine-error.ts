/**
 * Whether what was thrown is one of the engine's own errors, of any realm: in a
 * script of node:vm, a stack overflow in one of Node's functions is not an
 * instance of the `RangeError` that the script has. Instances of another class
 * with that name have it as a property of their own.
 */
export function isEngineError(
  thrown: unknown,
  name: "LinkError" | "RangeError" | "RuntimeError" | "TypeError",
): thrown is Error {
  if (Object.prototype.toString.call(thrown) !== "[object Error]") return false;
  const prototype = Object.getPrototypeOf(thrown) as Error | null;
  return prototype !== null && Object.hasOwn(prototype, "name") && prototype.name === name;
}
