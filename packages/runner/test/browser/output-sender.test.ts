import { expect, test } from "vitest";
import { createOutputSender } from "../../src/browser/output-sender.ts";
import type { OutputSender } from "../../src/browser/output-sender.ts";
import { concatBytes } from "../../src/text/bytes.ts";

/** A sender, and the messages that it sent: each a stream and how many bytes. */
function recordingSender(): { sender: OutputSender; sent: [stream: string, size: number][]; all: Uint8Array[] } {
  const sent: [string, number][] = [];
  const all: Uint8Array[] = [];
  const sender = createOutputSender(({ stream, bytes }) => {
    sent.push([stream, bytes.length]);
    all.push(bytes);
  });
  return { sender, sent, all };
}

const byte = (value: number): Uint8Array => Uint8Array.of(value);

test("the first writes are sent one by one, at once, as copies", () => {
  const { sender, sent, all } = recordingSender();
  const bytes = byte(1);
  for (let i = 0; i < 10_000; i++) {
    sender.write(i % 2 === 0 ? "stdout" : "stderr", bytes);
    expect(sent).toHaveLength(i + 1);
  }
  bytes[0] = 2;
  expect(all[0]).toEqual(byte(1));
  expect(sent.slice(0, 2)).toEqual([
    ["stdout", 1],
    ["stderr", 1],
  ]);
});

test("of a flood, many are sent together, in their order, and none is lost", () => {
  const { sender, sent, all } = recordingSender();
  const count = 300_000;
  for (let i = 0; i < count; i++) sender.write("stdout", byte(i % 251));
  sender.write("stderr", byte(255));
  sender.write("stderr", new Uint8Array(100_000));
  sender.flush();
  sender.flush();
  expect(sent.length).toBeLessThan(10_000 + 1000);
  expect(Math.max(...sent.slice(0, -2).map(([, size]) => size))).toBeLessThanOrEqual(65_536);
  expect(sent.slice(-2)).toEqual([
    ["stderr", 1],
    ["stderr", 100_000],
  ]);
  const bytes = concatBytes(all.slice(0, -2));
  expect(bytes).toHaveLength(count);
  expect(bytes.every((value, i) => value === i % 251)).toBe(true);
});
