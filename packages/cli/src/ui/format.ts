/** A size as people read it: `64.6 kB` (1 kB is 1000 bytes). Not by `Intl`, which takes 30 ms to load its data. */
export function formatSize(bytes: number): string {
  const [unit, size] = bytes < 1_000_000 ? (["kB", 1000] as const) : (["MB", 1_000_000] as const);
  return `${Number((bytes / size).toFixed(1))} ${unit}`;
}

/** A size that may be small: `6 bytes`, `64.6 kB`, `2.5 MB`. */
export const formatBytes = (bytes: number): string => (bytes < 1000 ? count(bytes, "byte") : formatSize(bytes));

/** A duration as people read it: `2.3 ms`, `340 ms`, `1.2 s`. */
export function formatTime(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A number of things: `1 entry`, `2 entries`. */
export const count = (number: number, noun: string): string =>
  `${number} ${number === 1 ? noun : `${noun.replace(/y$/, "ie")}s`}`;
