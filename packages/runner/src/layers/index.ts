import { createDescriptors } from "../descriptors.ts";
import type { Descriptors } from "../descriptors.ts";
import { CallError } from "../guest.ts";
import type { Guest } from "../guest.ts";
import { openHost } from "../host.ts";
import type { RunOptions } from "../options.ts";
import type { Preview1 } from "../preview1/functions.ts";
import { closeDescriptor } from "./sandbox/fds.ts";
import { addPreopens } from "./sandbox/roots.ts";
import { environmentLayer } from "./environment.ts";
import type { Layer } from "./layer.ts";
import { sandboxLayer } from "./sandbox.ts";
import { createStdio } from "./stdio.ts";
import { systemLayer } from "./system.ts";

/** What a guest is given to import, and what it left behind. */
export interface GuestHost {
  imports: Preview1;
  /** What was written to stdout so far, where it is captured. */
  stdout(): Buffer;
  /** What was written to stderr so far, where it is captured. */
  stderr(): Buffer;
  /** Ends what the guest left open. */
  close(): void;
}

/**
 * Puts the layers together, here and nowhere else, from the host outwards: each
 * answers a call itself or hands it down. The lower two answer all that is left,
 * in terms of the guest's memory, and call node:wasi in terms of scratch.
 */
export function composeLayers(guest: Guest, options: RunOptions): GuestHost {
  const { preopens = {} } = options;
  const descriptors: Descriptors = createDescriptors();
  const stdio = createStdio(options, descriptors);
  const paths = Object.values(preopens).map((it) => (typeof it === "string" ? it : it.path));
  const host = openHost(paths, stdio.hostInput);
  addPreopens(descriptors, host, preopens);

  const layers: Layer[] = [
    systemLayer(host, descriptors),
    sandboxLayer(host, descriptors),
    stdio.layer,
    environmentLayer(options),
  ];
  return {
    imports: answer(layers.reduce((next, layer) => layer(next, guest), host.native)),
    stdout: stdio.stdout,
    stderr: stdio.stderr,
    close() {
      for (const descriptor of descriptors.all()) {
        try {
          closeDescriptor(host.native, descriptor);
        } catch (error) {
          // Held-back output that the host does not take any more: the guest, which would be told, has ended.
          if (!(error instanceof CallError)) throw error;
        }
      }
      host.close();
    },
  };
}

/** The outermost wrapper: what a layer throws to end a call becomes the errno that the guest gets. */
function answer(imports: Preview1): Preview1 {
  const answering = Object.entries(imports).map(([name, call]) => [
    name,
    (...args: never[]) => {
      try {
        return (call as (...args: never[]) => number)(...args);
      } catch (error) {
        if (error instanceof CallError) return error.errno;
        throw error;
      }
    },
  ]);
  return Object.fromEntries(answering) as Preview1;
}
