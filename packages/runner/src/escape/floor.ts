import { createGuest } from "../guest.ts";
import { loadNodeWasi } from "../host.ts";
import { composeLayers } from "../layers/index.ts";
import type { RunOptions } from "../options.ts";
import { abis } from "../preview1/abi.ts";
import type { Preview1 } from "../preview1/functions.ts";
import type { Puppet } from "./guest.ts";
import { placePuppet } from "./guest.ts";

/** What a probe's guest stands on: the runner's layers, or node:wasi alone, to see that the probes can fail. */
export type Floor = "wasi-kit" | "node:wasi";

/** The floor of a test run: `WASI_KIT_ESCAPE_FLOOR=node:wasi` shows what the probes find without the layers. */
export const chosenFloor: Floor = process.env["WASI_KIT_ESCAPE_FLOOR"] === "node:wasi" ? "node:wasi" : "wasi-kit";

/** Directories that a guest is granted, as the runner's options have them. */
export type Preopens = NonNullable<RunOptions["preopens"]>;

/** A puppet on its floor. */
export interface OpenPuppet extends Puppet {
  /** Closes what the guest left open. */
  close(): void;
}

/** Instantiates the puppet with the preopens that it is granted. */
export function openPuppet(preopens: Preopens, floor: Floor): OpenPuppet {
  return floor === "wasi-kit" ? onLayers(preopens) : onNodeWasi(preopens);
}

function onLayers(preopens: Preopens): OpenPuppet {
  const guest = createGuest(abis.wasi_snapshot_preview1);
  const host = composeLayers(guest, { preopens });
  const puppet = placePuppet(host.imports);
  guest.memory = puppet.memory;
  return { ...puppet, close: () => host.close() };
}

function onNodeWasi(preopens: Preopens): OpenPuppet {
  const paths = Object.entries(preopens).map(([guest, host]) => [guest, typeof host === "string" ? host : host.path]);
  const { WASI } = loadNodeWasi();
  const wasi = new WASI({ version: "preview1", preopens: Object.fromEntries(paths) });
  const native = wasi.wasiImport as unknown as Preview1;
  const puppet = placePuppet(native);
  wasi.initialize({ exports: { memory: puppet.memory } });
  return {
    ...puppet,
    close() {
      for (let fd = 3; fd < 32; fd++) native.fd_close(fd);
    },
  };
}
