import { arrow, box, picture, text } from "./svg.ts";
import type { Tone } from "./svg.ts";

/** A tree of the host. What is granted is what the guest has a path for. */
const tree: readonly { depth: number; name: string; isGranted?: true; note?: string }[] = [
  { depth: 0, name: "/" },
  { depth: 1, name: "etc" },
  { depth: 2, name: "hostname" },
  { depth: 1, name: "home/you/project" },
  { depth: 2, name: "fixtures", isGranted: true, note: "/sandbox" },
  { depth: 3, name: "file.txt", isGranted: true, note: "/sandbox/file.txt" },
  { depth: 3, name: "notes/today.txt", isGranted: true, note: "/sandbox/notes/today.txt" },
  { depth: 3, name: "link -> ../secret", isGranted: true, note: "/sandbox/link/key.txt" },
  { depth: 2, name: "secret/key.txt" },
];

const rowHeight = 38;
const top = 66;

/** What a guest asks for, and what it gets. */
const outcomes: readonly { row: number; from: string; to: string; tone: Tone }[] = [
  { row: 2, from: "/etc/hostname", to: "no preopen", tone: "bad" },
  { row: 5, from: "/sandbox/file.txt", to: "opened", tone: "good" },
  { row: 6, from: "/sandbox/notes/today.txt", to: "opened", tone: "good" },
  { row: 7, from: "/sandbox/link/key.txt", to: "notcapable", tone: "bad" },
];

/** A preopen as a window into the tree of the host. */
export function preopen(): string {
  const y = (row: number): number => top + row * rowHeight;
  const rows = tree.map(({ depth, name, isGranted }, row) =>
    text(30 + depth * 24, y(row), name, { isCode: true, size: 13, tone: isGranted ? "ink" : "soft" }),
  );
  const asked = outcomes.flatMap(({ row, from, to, tone }) => [
    text(690, y(row), from, { isCode: true, size: 13, anchor: "end" }),
    arrow(690 - from.length * 8 - 10, y(row) - 4, to === "no preopen" ? 330 : 318, y(row) - 4, tone, tone === "bad"),
    text(690, y(row) + 15, to, { anchor: "end", size: 12, tone, isStrong: true }),
  ]);
  return picture(
    {
      name: "preopen",
      width: 720,
      height: y(tree.length) + 4,
      title: "A preopen is a window into the host's tree",
      description:
        "On the left is a tree of the host. The directory fixtures in it is granted as /sandbox, and is framed. On the right " +
        "are paths that the guest asks for. /sandbox/file.txt and /sandbox/notes/today.txt are opened. /etc/hostname is not: " +
        "no preopen leads there. /sandbox/link/key.txt is not either: fixtures/link is a link that leads to ../secret, out of " +
        "the preopen, and the errno is notcapable.",
    },
    [
      text(30, 28, "the tree of the host", { isStrong: true }),
      text(690, 28, "what the guest asks for", { isStrong: true, anchor: "end" }),
      box(66, y(4) - 22, 248, rowHeight * 4 + 2, { fill: "guest", isDashed: true }),
      text(306, y(4), "as /sandbox", { anchor: "end", size: 12, isStrong: true }),
      ...rows,
      ...asked,
    ],
  );
}
