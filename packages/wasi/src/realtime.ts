/** How far our time of day may differ from the host's before it is set again, in nanoseconds. */
const maxDrift = 2_000_000n;

/**
 * The time of day in nanoseconds: `Date.now()` has milliseconds, and a monotonic clock the steps between them.
 *
 * @param monotonic - reads that clock, in nanoseconds
 */
export function createRealtime(monotonic: () => bigint): () => bigint {
  let offset: bigint | undefined;
  return () => {
    const steps = monotonic();
    const host = BigInt(Date.now()) * 1_000_000n;
    const drift = offset === undefined ? maxDrift : host - (steps + offset);
    // The host's clock was set, and this one follows.
    if (offset === undefined || drift > maxDrift || drift < -maxDrift) offset = host - steps;
    return steps + offset;
  };
}
