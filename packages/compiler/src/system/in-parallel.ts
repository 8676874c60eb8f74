/**
 * Does something with each item, so many at a time.
 *
 * @param limit - how many at most
 */
export async function inParallel<T>(
  items: Iterable<T>,
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  // One iterator for all: whoever is free takes the next item.
  const waiting = [...items].values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await task(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
