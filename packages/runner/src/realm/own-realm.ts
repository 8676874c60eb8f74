import { bytesOf } from "@wasi-kit/wasi";

/**
 * What another thread sent, made of objects of this realm. Node makes them in
 * its own realm, and in another one (a script of node:vm, as in some test
 * runners) a comparison with a plain object would fail.
 */
export const inOwnRealm = <T extends object>(sent: T): T =>
  Object.getPrototypeOf(sent) === Object.prototype ? sent : (copy(sent) as T);

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, copy);
  return bytesOf(value) ?? Object.fromEntries(Object.entries(value).map(([key, it]) => [key, copy(it)]));
}
