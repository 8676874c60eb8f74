import type { Random } from "../random.ts";

/** The host's randomness, fit for keys. It is loaded by the first guest that asks: that takes longer than many a guest runs. */
export const hostRandom: Random = (target) => void process.getBuiltinModule("node:crypto").randomFillSync(target);
