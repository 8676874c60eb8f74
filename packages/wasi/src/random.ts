/** Fills bytes with random ones. */
export type Random = (target: Uint8Array) => void;

/**
 * Pseudorandom bytes that are the same in every run: xoshiro128**, seeded through
 * splitmix32. Not for cryptographic keys. How the bytes are divided into calls does not matter.
 *
 * @param seed - an integer, of which the lower 64 bits are used
 * @see https://prng.di.unimi.it/xoshiro128starstar.c
 */
export function seededRandom(seed: number): Random {
  const [a, b, c, d] = seedState(seed);
  const state: [number, number, number, number] = [a, b, c, d];
  let word = 0;
  let left = 0;
  return (target) => {
    for (let i = 0; i < target.length; i++) {
      if (left === 0) [word, left] = [next(state), 4];
      target[i] = word;
      word >>>= 8;
      left--;
    }
  };
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

function next(state: [number, number, number, number]): number {
  const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9);
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotate(state[3], 11);
  return result;
}

/** Four words that are not all zero, and that differ widely for similar seeds. */
function seedState(seed: number): [number, number, number, number] {
  const whole = BigInt.asUintN(64, BigInt(seed));
  let word = Number(whole & 0xffff_ffffn) ^ Math.imul(Number(whole >> 32n), 0x85eb_ca6b);
  const split = (): number => {
    word = (word + 0x9e37_79b9) | 0;
    let mixed = Math.imul(word ^ (word >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [split(), split(), split(), split()];
}
