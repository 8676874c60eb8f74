// An entry of its own: whether there is anything to build is asked often, and takes no compiler.
export { filesOf, isCurrent, isIntact } from "./record/build-record.ts";
export { sourceFiles } from "./record/sources.ts";
export type { Buildable } from "./record/sources.ts";
