/**
 * The adapter to a host that runs Node.js: directories, clocks, and descriptors as
 * standard streams.
 *
 * @module
 */
export { hostClock } from "./host-clock.ts";
export { holdsByDescriptor, hostDirectory } from "./host-directory.ts";
export type { HostDirectoryOptions } from "./host-directory.ts";
export { hostInput, hostOutput } from "./host-streams.ts";
export { spillFile } from "./spill-file.ts";
