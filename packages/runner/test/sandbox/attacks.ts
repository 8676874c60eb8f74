import type { SandboxCase } from "./case.ts";
import { descriptors } from "./attacks/descriptors.ts";
import { guestMade, loops } from "./attacks/guest-made.ts";
import { links } from "./attacks/links.ts";
import { names } from "./attacks/names.ts";
import { readOnlyPreopens } from "./attacks/read-only.ts";
import { hardLinks, renames } from "./attacks/renames.ts";
import { throughRoutes } from "./attacks/routes.ts";
import { traversal } from "./attacks/traversal.ts";

/** All that a hostile guest tries, by family. */
export const attackFamilies: Readonly<Record<string, readonly SandboxCase[]>> = {
  "plain traversal": traversal,
  "each way out, each thing to do there": throughRoutes,
  "links that the host left": links,
  "links that the guest makes and moves": guestMade,
  "link loops": loops,
  "stale and renumbered descriptors": descriptors,
  "hard links": hardLinks,
  "renames out and in": renames,
  "embedded NUL and other impossible names": names,
  "read-only preopens": readOnlyPreopens,
};
