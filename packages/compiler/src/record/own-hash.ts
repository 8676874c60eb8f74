import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../own-package.ts";

let own: string | undefined;

/** This package's code, as a hash: its version stays the same while it is worked on. `hash-dist.js` writes it. */
export const ownHash = (): string => (own ??= readFileSync(join(packageFolder(), "dist/hash.txt"), "utf8"));
