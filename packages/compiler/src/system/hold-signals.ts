/** What ends a process unless it listens. */
const ending = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Has a signal that would end this process wait until JavaScript would wait, do something first, and then end it. A
 * signal that somebody listens to already is theirs.
 *
 * @returns what stops that. Call it by {@link afterSignals}, so that none is lost
 */
export function beforeSignals(first: () => void): () => void {
  const listened = ending.filter((signal) => process.listenerCount(signal) === 0);
  const end = (signal: NodeJS.Signals): void => {
    stop();
    first();
    process.kill(process.pid, signal);
  };
  const stop = (): void => listened.forEach((signal) => process.off(signal, end));
  for (const signal of listened) process.on(signal, end);
  return stop;
}

/** Calls it once Node.js has read what came: it does when it next waits, which is between one setImmediate and the next. */
export const afterSignals = (then: () => void): void => void setImmediate(() => setImmediate(then));

/**
 * Runs what must not be ended in the middle. A signal ends a process at once, whatever it is at, unless it listens:
 * then JavaScript goes on to where it would wait. So it listens while the task runs, and then ends itself by the signal
 * that came.
 *
 * @param task - it may not wait
 */
export function holdSignals<T>(task: () => T): T {
  const stop = beforeSignals(() => {});
  try {
    return task();
  } finally {
    afterSignals(stop);
  }
}
