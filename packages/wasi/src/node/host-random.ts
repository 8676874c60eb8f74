import type { Random } from "../random.ts";

/** The most bytes that one call of `getRandomValues` gives. */
const maxBytes = 65_536;

/**
 * The host's randomness, fit for keys.
 *
 * `crypto` is the global, which Node loads when it is first used: to import node:crypto would cost every run 5 to 9 ms.
 *
 * @see https://www.w3.org/TR/webcrypto/#Crypto-method-getRandomValues
 */
export const hostRandom: Random = (target) => {
  for (let start = 0; start < target.length; start += maxBytes) {
    // Bytes of its own: those of a shared memory are not taken.
    target.set(crypto.getRandomValues(new Uint8Array(Math.min(maxBytes, target.length - start))), start);
  }
};
