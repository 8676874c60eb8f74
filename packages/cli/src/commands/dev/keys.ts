import { emitKeypressEvents } from "node:readline";

/** What a key does. */
export interface Key {
  /** What it does, in a word or two; empty for a key that need not be mentioned. */
  readonly about: string;
  press(): void;
}

/** Ctrl-C, which a terminal in raw mode passes as a key. */
export const interrupt = "\u0003";

/**
 * Calls what a key does when it is pressed, on a terminal.
 *
 * @param keys - by the character that a terminal sends
 * @returns what ends it, and gives the terminal back
 */
export function listenToKeys(keys: ReadonlyMap<string, Key>): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const press = (_: string | undefined, { sequence }: { sequence: string }): void => keys.get(sequence)?.press();
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on("keypress", press);
  stdin.resume();
  return () => {
    stdin.off("keypress", press);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
