/**
 * The adapter to a browser: its clocks. It has no directories, and no descriptors.
 *
 * @module
 */
export { browserClock } from "./browser-clock.ts";
