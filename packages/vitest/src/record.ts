/** What compares runs with snapshots outside of vitest: `wasi-kit test`. */
export { unifiedDiff } from "./diff.ts";
export { recordRun } from "./record-run.ts";
export type { RecordedRun } from "./record-run.ts";
export { snapshotFolder, snapshotPath } from "./snapshot.ts";
