// The same as swap.c where there is no compiler. The first name is missing for a moment in each swap.
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
