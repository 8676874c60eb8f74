/**
 * What differs between machines although the program does the same, and how a
 * snapshot has it. Everything else is compared as it is.
 */
const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // The header of a Rust panic: before 1.73 it had the message before the place,
  // on one line; newer versions begin with an empty line and number the thread.
  [/^thread '([^']*)' panicked at '(.*)', (\S+:\d+:\d+)$/gm, "thread '$1' panicked at $3:\n$2"],
  [/^\n?thread '([^']*)' \(\d+\) panicked at /gm, "thread '$1' panicked at "],
  // How V8 names a missing import: on Node 20, on 22, and since 24.
  [/ Import #(\d+) module="([^"]*)"(?: error)?: /g, ' Import #$1 "$2": '],
];

/** Makes output the same on each machine. */
export function normalize(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return rules
    .reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), lines.join("\n"))
    .split("\n");
}
