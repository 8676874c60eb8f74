import { isAbsolute } from "node:path";
import type { DebugFiles } from "../debug/debug-files.ts";
import { pathInside } from "./path-inside.ts";
import { readSourceMap, sourcePath } from "./source-map.ts";

/** The files that debug information is read from on Node.js. */
export const debugFiles: DebugFiles = {
  readSourceMap,
  sourcePath,
  shownPath: (path) => (isAbsolute(path) ? (pathInside(process.cwd(), path) ?? path) : path),
};
