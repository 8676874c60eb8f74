/**
 * Where in its sources a module was when it trapped: by its source map, or by
 * DWARF line tables.
 *
 * @module
 */
export type { DebugFiles } from "./debug-files.ts";
export type { DebuggableModule } from "./debuggable-module.ts";
export type { FindLocations } from "./find-locations.ts";
export type { CallSite, Frame, SourceLocation } from "./frame.ts";
export { resolveFrames } from "./resolve-frames.ts";
