import type { Guest } from "../guest.ts";
import type { Preview1 } from "../preview1/functions.ts";

/** Stands over the imports below it: gives the calls that it answers itself, some of them with the help of `next`. */
export type Layer = (next: Preview1, guest: Guest) => Partial<Preview1>;
