import type { Random } from "./random.ts";

/** The largest number of bytes of one call of `getRandomValues`. */
const maxBytes = 65_536;

/**
 * The host's cryptographic randomness, of Node.js or of a browser.
 *
 * `crypto` is the global, which Node loads at its first use. Importing node:crypto would cost every run 5 to 9 ms.
 *
 * @see https://www.w3.org/TR/webcrypto/#Crypto-method-getRandomValues
 */
export const hostRandom: Random = (target) => {
  for (let start = 0; start < target.length; start += maxBytes) {
    // A copy, since `getRandomValues` does not accept shared memory.
    target.set(crypto.getRandomValues(new Uint8Array(Math.min(maxBytes, target.length - start))), start);
  }
};
