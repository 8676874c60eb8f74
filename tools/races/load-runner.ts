import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Runner } from "./runner.ts";

/** @param which - `"node:wasi"`, or a built `packages/runner`. Default: that of this workspace */
export async function loadRunner(which?: string): Promise<Runner> {
  if (which === undefined) return import("@wasi-kit/runner");
  // It warns that it is experimental when it is loaded.
  if (which === "node:wasi") return (await import("./node-wasi.ts")).nodeWasi;
  return import(pathToFileURL(join(resolve(which), "dist/index.js")).href);
}
