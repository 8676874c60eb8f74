import { createPool } from "@wasi-kit/runner";

await using pool = createPool({ size: 1 });
const { changes, stdout } = await pool.run("examples/wat/write-file/build/write-file.wasm", {
  args: ["create", "/work/new.txt", "text\n"],
  preopens: {
    // Files of the request, in memory.
    "/work": { files: { "in.txt": "what the request brought" } },
    // A directory that all requests share: each sees its own changes.
    "/shared": { path: "examples/server/shared", access: "copy-on-write" },
  },
});
console.log(
  stdout,
  changes?.["/work"]?.map(({ kind, path }) => `${kind} ${path}`),
  changes?.["/shared"],
);
