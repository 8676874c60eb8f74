/**
 * The adapter to a host that runs Node.js: files that debug information is read from.
 *
 * @module
 */
export { debugFiles } from "./debug-files.ts";
