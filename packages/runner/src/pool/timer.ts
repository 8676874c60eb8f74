/** The longest delay that `setTimeout` takes. */
const maxDelayMs = 2_147_483_647;

/** Calls something after a time, or never if that is longer than a timer can wait. Returns what stops it. */
export function callAfter(ms: number, callback: () => void): () => void {
  if (ms > maxDelayMs) return () => {};
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
