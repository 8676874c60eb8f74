import type { FunctionName } from "@wasi-kit/wasi/abi";

/** Makes something for each function when it is first asked for: a guest makes many calls of few functions. */
export function perFunction<T>(make: (name: FunctionName) => T): (name: FunctionName) => T {
  const made = new Map<FunctionName, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
}
