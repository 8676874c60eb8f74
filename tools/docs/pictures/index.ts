import { architecture } from "./architecture.ts";
import { hostAndGuest } from "./host-and-guest.ts";
import { memory } from "./memory.ts";
import { preopen } from "./preopen.ts";
import { sequence } from "./sequence.ts";
import { timeline } from "./timeline.ts";

/** The pictures in docs/pictures, by their names. A test says if one is out of date; `pnpm test:all -u` draws it again. */
export const pictures: Readonly<Record<string, () => string>> = {
  architecture,
  "host-and-guest": hostAndGuest,
  memory,
  preopen,
  "read-file-calls": sequence,
  "run-timeline": timeline,
};
