/** Whether a version such as `1.26.8` or `0.14.0-dev` is a given one, or a newer one. */
export function isAtLeast(version: string, least: string): boolean {
  const [its, others] = [numbersOf(version), numbersOf(least)];
  const i = others.findIndex((number, at) => (its[at] ?? 0) !== number);
  return i < 0 || (its[i] ?? 0) > (others[i] as number);
}

const numbersOf = (text: string): number[] => (/\d+(\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
