import { styleText } from "node:util";

/** The colours in use, by what they mean. */
const styles = { error: "red", ok: "green", warn: "yellow", dim: "dim", strong: "bold" } as const;

/** What a text means, where colour may show it. */
export type Meaning = keyof typeof styles;

/** Colours a text where the stream is a terminal that shows colours (NO_COLOR and TERM=dumb are heeded). */
export function paint(stream: NodeJS.WriteStream, meaning: Meaning, text: string): string {
  return stream.isTTY && stream.hasColors() ? styleText(styles[meaning], text) : text;
}

/** Says something on stderr: stdout is the guest's. */
export function say(meaning: Meaning, text: string): void {
  process.stderr.write(`${paint(process.stderr, meaning, "wasi-kit:")} ${text}\n`);
}
