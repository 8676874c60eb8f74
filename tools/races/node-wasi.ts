import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";
import type { Runner } from "./runner.ts";

/** node:wasi alone: it can be escaped, so the harness has to say so. */
export const nodeWasi: Runner = {
  runSync(module, { preopens }) {
    const folder = mkdtempSync(join(tmpdir(), "wasi-kit-races-"));
    const stdout = openSync(join(folder, "stdout"), "w+");
    try {
      const wasi = new WASI({ version: "preview1", preopens, stdout, returnOnExit: true });
      // Passed as they are, they crash Node 20 within some thousand runs.
      const calls = Object.entries(wasi.wasiImport).map(([name, call]) => [
        name,
        (...args: unknown[]): unknown => (call as (...args: unknown[]) => unknown)(...args),
      ]);
      const imports = { wasi_snapshot_preview1: Object.fromEntries(calls) };
      wasi.start(new WebAssembly.Instance(new WebAssembly.Module(readFileSync(module)), imports));
      // It leaves its preopens open.
      (wasi.wasiImport as { fd_close(fd: number): number }).fd_close(3);
      return { outcome: "exited", stdoutBytes: readFileSync(join(folder, "stdout")) };
    } finally {
      closeSync(stdout);
      rmSync(folder, { recursive: true });
    }
  },
};
