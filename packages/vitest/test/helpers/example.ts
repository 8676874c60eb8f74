import type { Run } from "@wasi-kit/manifest";

export { folderWith } from "../../../manifest/test/helpers/folder.ts";
export type { Files } from "../../../manifest/test/helpers/folder.ts";

/** The text of a wasi.json with these runs. */
export const manifestWith = (runs: Readonly<Record<string, Run>>, more = {}): string =>
  JSON.stringify({ description: "An example", module: "guest.wasm", runs, ...more });
