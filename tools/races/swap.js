// The same as swap.c, for machines without a C compiler. In each swap, the first name is missing for a short time.
import { renameSync } from "node:fs";

const [one, other] = process.argv.slice(2);
const spare = `${one}-spare`;
// Its parent is gone once another process has taken its place.
const parent = process.ppid;
while (process.ppid === parent) {
  for (let i = 0; i < 1000; i++) {
    renameSync(one, spare);
    renameSync(other, one);
    renameSync(spare, other);
  }
}
