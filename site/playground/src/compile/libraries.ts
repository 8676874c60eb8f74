const texts = import.meta.glob<string>(
  [
    "../../node_modules/@assemblyscript/wasi-shim/asconfig.json",
    "../../node_modules/@assemblyscript/wasi-shim/assembly/**/*.ts",
    "../../node_modules/as-wasi/assembly/*.ts",
  ],
  { query: "?raw", import: "default", eager: true, exhaustive: true },
);

/** The sources of the libraries that programs in AssemblyScript import, by path. */
export const libraries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(texts).map(([path, text]) => [path.replace("../../", ""), text]),
);
