import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../root.ts";
import { arrow, box, line, picture, text } from "./svg.ts";

const rowHeight = 46;
const [guest, host] = [70, 650];

/** The calls of rust/read-file on files, from the trace that a test records. */
export function sequence(): string {
  const trace = readFileSync(join(root, "tools/end-to-end/__snapshots__/trace-rust-read-file-granted.txt"), "utf8");
  const calls = trace
    .trimEnd()
    .split("\n")
    .map((row) => {
      const end = row.lastIndexOf(" = ");
      return { call: row.slice(0, end), result: row.slice(end + 3) };
    });
  const height = 66 + calls.length * rowHeight;
  return picture(
    {
      name: "read-file-calls",
      width: 720,
      height,
      title: "The calls of read-file, one after another",
      description: `The guest calls its host, and the host answers: ${calls.map(({ call, result }) => `${call} gives ${result}`).join("; ")}.`,
    },
    [
      box(guest - 60, 8, 120, 32, { fill: "guest" }),
      text(guest, 29, "guest", { anchor: "middle", isStrong: true }),
      box(host - 60, 8, 120, 32, { fill: "host" }),
      text(host, 29, "host", { anchor: "middle", isStrong: true }),
      line(guest, 40, guest, height - 4),
      line(host, 40, host, height - 4),
      ...calls.flatMap(({ call, result }, i) => {
        const y = 66 + i * rowHeight;
        return [
          text((guest + host) / 2, y - 4, shorten(call), { anchor: "middle", isCode: true, size: 12 }),
          arrow(guest, y + 2, host - 2, y + 2),
          text((guest + host) / 2, y + 17, shorten(result), { anchor: "middle", isCode: true, size: 12, tone: "soft" }),
          arrow(host, y + 23, guest + 2, y + 23, "soft", true),
        ];
      }),
    ],
  );
}

/** So that a line fits; the text alternative has all of it. */
const shorten = (row: string): string => (row.length > 74 ? `${row.slice(0, 73)}…` : row);
