import { CallError } from "../guest.ts";
import { errno } from "../preview1/errno.ts";
import type { Preview1 } from "../preview1/functions.ts";
import { scratch } from "../scratch.ts";

/** Fills bytes with random ones. */
export type Random = (target: Uint8Array) => void;

/** The host's randomness, fit for keys. */
export function hostRandom(native: Preview1): Random {
  const { bytes, data, dataSize } = scratch;
  return (target) => {
    for (let done = 0; done < target.length; done += dataSize) {
      const size = Math.min(target.length - done, dataSize);
      const code = native.random_get(data, size);
      if (code !== errno.success) throw new CallError(code);
      target.set(bytes.subarray(data, data + size), done);
    }
  };
}
