// The list of languages: a line for each, with the name that wasi.json has for it, which is also its folder's.
// `pnpm test -u` writes what the manifest's package has to know of them.
export { assemblyscript } from "./assemblyscript/index.ts";
export { c } from "./c/index.ts";
export { go } from "./go/index.ts";
export { rust } from "./rust/index.ts";
export { wat } from "./wat/index.ts";
export { zig } from "./zig/index.ts";
