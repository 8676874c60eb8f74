/** The colours in use, by what they mean. */
const styles = { error: "red", ok: "green", warn: "yellow", dim: "dim", strong: "bold" } as const;

/** What a text means, where colour may show it. */
export type Meaning = keyof typeof styles;

/** Colours a text where the stream is a terminal that shows colours (NO_COLOR and TERM=dumb are heeded). */
export function paint(stream: NodeJS.WriteStream, meaning: Meaning, text: string): string {
  return stream.isTTY && stream.hasColors()
    ? process.getBuiltinModule("node:util").styleText(styles[meaning], text)
    : text;
}

/** Prints what was asked for on stdout. */
export function print(text: string): void {
  write(process.stdout, text);
}

/** Says something on stderr: stdout is the guest's. */
export function say(meaning: Meaning, text: string): void {
  write(process.stderr, `${paint(process.stderr, meaning, "wasi-kit:")} ${text}\n`);
}

/** Shows on a terminal what is going on, in place of what was; `""` takes it away. stderr is for people. */
export function progress(text: string): void {
  const { isTTY, columns } = process.stderr;
  if (isTTY) write(process.stderr, `\r\u001B[2K${text.slice(0, columns - 1)}`);
}

function write(stream: NodeJS.WriteStream, text: string): void {
  if (stream.listenerCount("error") === 0) stream.on("error", (error) => giveUp(stream, error));
  stream.write(text);
}

// `wasi-kit list | head -1` closes the pipe early: nothing is wrong, and the
// exit code still says how the rest went. A full disk would refuse the rest too.
function giveUp(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  if (stream === process.stdout) say("error", `The output can't be written (${code}). Is the disk full?`);
  process.exit(1);
}
