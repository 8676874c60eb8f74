import { styleText } from "node:util";
import { asTyped } from "@wasi-kit/runner/commands";

/** The colours in use, by what they mean. */
const styles = { error: "red", ok: "green", warn: "yellow", dim: "dim", strong: "bold" } as const;

/** What a text means, where colour may show it. */
export type Meaning = keyof typeof styles;

/** When `--color` has texts coloured. */
export const colorModes = ["auto", "always", "never"] as const;

let colorMode = "auto";

/** @param mode - one of `colorModes` */
export function setColorMode(mode: string): void {
  colorMode = mode;
}

/**
 * Colours a text if `--color` says so. Otherwise FORCE_COLOR and NO_COLOR decide, as Node.js has them, and then
 * whether the stream is a terminal that shows colours.
 */
export function paint(stream: NodeJS.WriteStream, meaning: Meaning, text: string): string {
  if (colorMode === "never") return text;
  return styleText(styles[meaning], text, colorMode === "always" ? { validateStream: false } : { stream });
}

let isQuiet = false;

/** From now on nothing is said but errors: `--quiet`. */
export function beQuiet(): void {
  isQuiet = true;
}

/** Whether a guest's last line on stderr has no end yet. */
let isLineOpen = false;

/** What is written next to stderr begins a line of its own: the guest has not ended its last one. */
export function leaveLineOpen(): void {
  isLineOpen = true;
}

/** Writes lines of ours to stderr. */
export function writeLine(text: string): void {
  write(process.stderr, isLineOpen ? `\n${text}` : text);
  isLineOpen = false;
}

/** Prints what was asked for on stdout. */
export function print(text: string): void {
  write(process.stdout, text);
}

/** Says something on stderr: stdout is the guest's. Commands of wasi-kit in it are written as they are typed here. */
export function say(meaning: Meaning, text: string): void {
  if (isQuiet && meaning !== "error") return;
  writeLine(`${paint(process.stderr, meaning, "wasi-kit:")} ${asTyped(text, ".")}\n`);
}

/** Shows on a terminal what is going on, in place of what was; `""` takes it away. stderr is for people. */
export function progress(text: string): void {
  const { isTTY, columns } = process.stderr;
  if (isTTY) write(process.stderr, `\r\u001B[2K${text.slice(0, columns - 1)}`);
}

/** Writes to a stream that may not take it. */
function write(stream: NodeJS.WriteStream, text: string): void {
  if (stream.listenerCount("error") === 0) stream.on("error", (error) => giveUp(stream, error));
  stream.write(text);
}

/** The exit code of a program that SIGPIPE ended, as a shell says. Node.js ignores the signal. */
const brokenPipe = 141;

// `wasi-kit run --all | head -1` closes the pipe early: what was to follow is not
// wanted. A build goes on if nobody reads its messages. A full disk would take
// no more either.
function giveUp(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") {
    if (stream === process.stdout) process.exit(brokenPipe);
    return;
  }
  if (stream === process.stdout) say("error", `The output can't be written (${code}). Is the disk full?`);
  process.exit(1);
}
