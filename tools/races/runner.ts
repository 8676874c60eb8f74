import type { Pool } from "@wasi-kit/runner";

/** What the attempts are made with: a build of the runner, of today or of another day. */
export interface Runner {
  runSync(module: string, options: { preopens: Record<string, string> }): { outcome: string; stdoutBytes: Uint8Array };
  /** Left out by what has no workers. */
  createPool?(options: { size: number }): Pool;
}
