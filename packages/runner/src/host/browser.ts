import { browserClock } from "@wasi-kit/wasi/browser";
import type { Host } from "./host.ts";

/** A browser: it has no files, and nothing that ends a call in its own thread. */
export const browserHost: Host = {
  name: "browser",
  version: "",
  now: () => performance.now(),
  clock: browserClock,
  urlOf: (path) => new URL(path, location.href).href,
  callWithLimits(call) {
    call();
    return undefined;
  },
};
