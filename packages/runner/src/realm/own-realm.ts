import { bytesOf } from "@wasi-kit/wasi";

/**
 * What another thread sent, made of objects of this realm. Node makes them in its
 * own, and where this is not that one (a script of node:vm, as tests may be)
 * nobody could tell the difference but by a comparison that fails.
 */
export const inOwnRealm = <T extends object>(sent: T): T =>
  Object.getPrototypeOf(sent) === Object.prototype ? sent : (copy(sent) as T);

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, copy);
  return bytesOf(value) ?? Object.fromEntries(Object.entries(value).map(([key, it]) => [key, copy(it)]));
}
