import { x } from "tinyexec";
import { expect, test } from "vitest";
import { root } from "../root.ts";

// What a newcomer compares: the same program with and without its directory.
test.each(["granted", "denied"])("the trace of rust/read-file, %s", async (run) => {
  const args = ["run", "--trace", "--clock", "2020-07-01T00:00:00Z", "examples/rust/read-file", "--run", run];
  // What else it calls, and how it writes a message, is not the same in every version of Rust.
  const filter = ["--trace-filter", "fd_prestat_*,path_*,fd_read,fd_close"];
  const { stderr, exitCode } = await x(process.execPath, ["packages/cli/bin/wasi-kit.cjs", ...args, ...filter], {
    nodeOptions: { cwd: root },
  });
  expect(exitCode).toBe(run === "granted" ? 0 : 134);
  await expect(withoutVersion(stderr)).toMatchFileSnapshot(`__snapshots__/trace-rust-read-file-${run}.txt`);
});

/** Without where a panic happened, and what differs from one version of Rust to another. */
function withoutVersion(text: string): string {
  return text
    .replace(/\n?thread 'main'[^]*?(?=note: run with)/, "(the panic's message)\n")
    .replace(/^  at .*\n/gm, "")
    .replace(/… \(\d+\)/g, "…");
}
