import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../root.ts";
import { box, line, picture, text } from "./svg.ts";
import type { Tone } from "./svg.ts";

const shown = 24;
const width = 28;
const left = 14;

/** What the bytes are that `hello.wat` uses, as its comment has them. */
const parts: readonly { from: number; size: number; label: string; tone: Tone }[] = [
  { from: 0, size: 4, label: "buf: the address", tone: "guest" },
  { from: 4, size: 4, label: "buf_len: 12", tone: "host" },
  { from: 8, size: 12, label: "the text", tone: "paper" },
  { from: 20, size: 4, label: "written: 12", tone: "host" },
];

/** The memory of examples/wat/hello after its call of fd_write, byte by byte. */
export function memory(): string {
  const bytes = bytesAfterCall();
  const x = (address: number): number => left + address * width;
  const cells = [...bytes].flatMap((byte, address) => {
    const { tone = "paper" } = parts.find(({ from, size }) => address >= from && address < from + size) ?? {};
    const character = byte >= 32 && byte < 127 ? String.fromCodePoint(byte) : byte === 10 ? "\\n" : "";
    const isText = address >= 8 && address < 20;
    return [
      text(x(address) + width / 2, 84, String(address), { anchor: "middle", tone: "soft", size: 11 }),
      box(x(address), 92, width, 34, { fill: tone, radius: 0 }),
      text(x(address) + width / 2, 114, byte.toString(16).padStart(2, "0"), {
        anchor: "middle",
        isCode: true,
        size: 13,
      }),
      ...(isText ? [text(x(address) + width / 2, 145, character, { anchor: "middle", isCode: true, size: 13 })] : []),
    ];
  });
  const labels = parts.flatMap(({ from, size, label }, i) => {
    const middle = x(from) + (size * width) / 2;
    const y = i === 2 ? 176 : 160;
    return [
      ...(i === 2 ? [] : [line(x(from) + 3, 134, x(from + size) - 3, 134, "ink")]),
      text(middle, y, label, { anchor: "middle", size: 12 }),
    ];
  });
  return picture(
    {
      name: "memory",
      width: left * 2 + shown * width,
      height: 196,
      title: "The memory of hello.wat, byte by byte",
      description:
        "Linear memory from address 0 to 23, in hexadecimal. Bytes 0 to 3 are the address of the text, 8. Bytes 4 to 7 are " +
        "its length, 12. These eight bytes are one iovec. Numbers have their lowest byte first. Bytes 8 to 19 are the text " +
        `"hello world" and a newline. In bytes 20 to 23 fd_write put how many bytes it wrote: 12. All bytes: ${[...bytes].map((it) => it.toString(16).padStart(2, "0")).join(" ")}.`,
    },
    [
      text(x(4), 24, "an iovec: 8 bytes", { anchor: "middle", isStrong: true, size: 13 }),
      line(x(0) + 2, 34, x(8) - 2, 34, "ink"),
      // From the address in the iovec to the text.
      `<path d="M${x(2)} 70 C${x(3)} 42, ${x(6.4)} 42, ${x(8.5)} 68" style="fill:none;stroke:var(--picture-ink)" stroke-width="1.5"/>`,
      `<path d="M${x(8.5) - 9} 62 L${x(8.5)} 68 L${x(8.5) + 1} 57" style="fill:none;stroke:var(--picture-ink)" stroke-width="1.5"/>`,
      text(x(9.2), 58, "points to address 8", { size: 12, tone: "soft" }),
      ...cells,
      ...labels,
    ],
  );
}

/** Runs the module, and looks at its memory when it calls fd_write. */
function bytesAfterCall(): Uint8Array {
  const module = new WebAssembly.Module(readFileSync(join(root, "examples/wat/hello/build/hello.wasm")));
  let bytes = new Uint8Array();
  const instance: WebAssembly.Instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: {
      fd_write(_fd: number, list: number, _count: number, written: number): number {
        const { buffer } = instance.exports["memory"] as WebAssembly.Memory;
        const view = new DataView(buffer);
        view.setUint32(written, view.getUint32(list + 4, true), true);
        bytes = new Uint8Array(buffer.slice(0, shown));
        return 0;
      },
    },
  });
  (instance.exports["_start"] as () => void)();
  return bytes;
}
