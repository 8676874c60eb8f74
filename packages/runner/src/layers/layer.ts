import type { Guest } from "../guest.ts";
import type { Preview1 } from "../preview1/functions.ts";

/** Wraps the imports below it: answers a call itself, or hands it on to `next`. */
export type Layer = (next: Preview1, guest: Guest) => Preview1;
