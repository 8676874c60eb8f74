import type { Probe } from "./probe.ts";
import { descriptors } from "./probes/descriptors.ts";
import { guestMade, loops } from "./probes/guest-made.ts";
import { links } from "./probes/links.ts";
import { names } from "./probes/names.ts";
import { readOnlyPreopens } from "./probes/read-only.ts";
import { hardLinks, renames } from "./probes/renames.ts";
import { throughRoutes } from "./probes/routes.ts";
import { traversal } from "./probes/traversal.ts";

/** All that a hostile guest tries, by family. */
export const families: Readonly<Record<string, readonly Probe[]>> = {
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
