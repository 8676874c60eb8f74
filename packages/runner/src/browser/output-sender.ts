import type { OutputMessage } from "./messages.ts";

/** Sends what a guest writes to the page. */
export interface OutputSender {
  write(stream: OutputMessage["stream"], bytes: Uint8Array): void;
  /** Sends what is buffered. */
  flush(): void;
}

/** How many writes of a run are sent at once, each in a message of its own. */
const maxSingleWrites = 10_000;
/** After that, how many bytes are buffered, and for how many milliseconds. */
const maxHeldBytes = 65_536;
const maxHeldMs = 10;

/**
 * Sends each write at once: when a guest hangs, what it wrote until then is there.
 * From a guest that makes very many, several are sent together: a page that
 * could not keep up with a message for each byte would run out of memory.
 */
export function createOutputSender(send: (message: OutputMessage) => void): OutputSender {
  let writes = 0;
  let stream: OutputMessage["stream"] = "stdout";
  let held = new Uint8Array(maxHeldBytes);
  let size = 0;
  let sentAt = 0;
  const flush = (): void => {
    if (size > 0) send({ kind: "output", stream, bytes: held.slice(0, size) });
    size = 0;
  };
  return {
    flush,
    write(to, bytes) {
      if (to !== stream || size + bytes.length > maxHeldBytes) flush();
      stream = to;
      if (++writes <= maxSingleWrites || bytes.length > maxHeldBytes) {
        flush();
        send({ kind: "output", stream, bytes: new Uint8Array(bytes) });
        return;
      }
      held.set(bytes, size);
      size += bytes.length;
      const now = performance.now();
      if (now - sentAt < maxHeldMs) return;
      sentAt = now;
      flush();
    },
  };
}
