import { showValue } from "@wasi-kit/wasi";
import { isPromise } from "../stdio/streams.ts";
import type { GivenFunction } from "./given-functions.ts";

type Call = (...args: unknown[]) => unknown;

/** What `typeof` says of a value of a type. A reference may be anything. */
const typeNames: Readonly<Record<string, string>> = { i32: "number", f32: "number", f64: "number", i64: "bigint" };

/** With more parameters than these, or a rest parameter of its own, a function takes twice the time to be called. */
const maxParameters = 6;

/**
 * A function as a guest calls it, a million times a second: what it throws is
 * passed on to `fail`, and what it returns has to be of the type that the guest
 * expects. The engine would make a 0 of a promise, for instance.
 */
export function guarded({ call, signature }: GivenFunction, fail: (error: unknown) => never): Call {
  const f = call as Call;
  const results = signature?.results;
  const [type = ""] = results ?? [];
  /** What `typeof` says of most results: they need no other look. */
  const usual = results?.length === 1 ? typeNames[type] : undefined;
  const checked = (value: unknown): unknown => {
    if (isPromise(value)) throw new TypeError("it returned a promise, and a guest can't wait for one");
    if (results?.length === 0) return undefined;
    if (results) checkResults(value, results);
    return value;
  };
  if (signature === undefined || f.length === 0 || f.length > maxParameters) {
    return (...args) => {
      try {
        return checked(f(...args));
      } catch (error) {
        return fail(error);
      }
    };
  }
  // Twice the same, since V8 makes a function faster that sees one kind of value only.
  if (results?.length === 0) {
    return (a, b, c, d, e, g) => {
      try {
        const value = f(a, b, c, d, e, g);
        if (value !== undefined) checked(value);
      } catch (error) {
        fail(error);
      }
    };
  }
  return (a, b, c, d, e, g) => {
    try {
      const value = f(a, b, c, d, e, g);
      return typeof value === usual ? value : checked(value);
    } catch (error) {
      return fail(error);
    }
  };
}

function checkResults(value: unknown, results: readonly string[]): void {
  const values = results.length === 1 ? [value] : value;
  const isRight =
    Array.isArray(values) &&
    values.length === results.length &&
    results.every((type, i) => typeNames[type] === undefined || typeof values[i] === typeNames[type]);
  if (isRight) return;
  const wanted = results.map((type) => `${typeNames[type] ?? "value"} (${type})`).join(", ");
  const expected = results.length === 1 ? `a ${wanted}` : `an array: ${wanted}`;
  throw new TypeError(`it returned ${showValue(value)}, and the guest expects ${expected}`);
}
