/** The programs that the page has: each is a file of its own, which is fetched when it is first run. */
export const programs: Readonly<Record<string, URL>> = {
  "stdin-filter": new URL("../wat/stdin-filter/build/stdin-filter.wasm", import.meta.url),
  "write-file": new URL("../wat/write-file/build/write-file.wasm", import.meta.url),
  "list-directory": new URL("../wat/list-directory/build/list-directory.wasm", import.meta.url),
  "exit-code": new URL("../wat/exit-code/build/exit-code.wasm", import.meta.url),
};
