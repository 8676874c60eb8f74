/** Imports of other hosts, by `module.name`: the message is about the first that fits. */
export const importOrigins: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /^(wbg|__wbindgen.*|.*_bg\.js)\./,
    "These imports are wasm-bindgen's: the module was built for JavaScript, and calls it. Build the crate for the target wasm32-wasip1, without wasm-bindgen and wasm-pack.",
  ],
  [
    /^(\[export\])?wasi:/,
    "These imports are of WASI 0.2 or later, which components have. Build it for the target wasm32-wasip1.",
  ],
  [/^(gojs|go)\./, "These imports are Go's for browsers. Build it with GOOS=wasip1 GOARCH=wasm."],
  [
    /^wasi\.thread-spawn$/,
    "These imports are those of threads (wasi-threads), which wasi-kit does not have. Build it without threads: for wasm32-wasip1, not wasm32-wasip1-threads.",
  ],
  [
    /^(env\.(emscripten_|_emscripten_|invoke_|__syscall_|__cxa_)|a\.|asyncify_)/,
    "These imports are Emscripten's, for a host that is JavaScript. Build it with wasi-sdk, or with emcc -sSTANDALONE_WASM.",
  ],
  [
    /^env\.(abort|seed|trace|console\.\w+)$/,
    "These imports are AssemblyScript's, for a host that is JavaScript. Build it with @assemblyscript/wasi-shim, which has them call WASI.",
  ],
];
