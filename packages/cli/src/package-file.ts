import { fileURLToPath } from "node:url";

/** The path of a file of this package, which both src and dist are one folder below. */
export const packageFile = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
