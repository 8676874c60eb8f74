import { arrow, box, picture, text } from "./svg.ts";

/** A module, its host, and what they call of each other. */
export function hostAndGuest(): string {
  return picture(
    {
      name: "host-and-guest",
      width: 720,
      height: 300,
      title: "A guest and its host",
      description:
        "On the left the guest: a module with its code, its linear memory and its exports _start and memory. On the right " +
        "the host, Node.js with wasi-kit: the functions of WASI, and what the run was granted. The host calls _start. The " +
        "guest calls fd_write and other functions that it imports. These functions read and write the guest's memory, and " +
        "reach only what was granted.",
    },
    [
      box(10, 10, 270, 280, { fill: "guest" }),
      text(26, 36, "Guest: the module", { isStrong: true }),
      box(30, 54, 230, 64),
      text(46, 78, "code", { isStrong: true }),
      text(46, 100, "computes, and calls its imports", { tone: "soft", size: 13 }),
      box(30, 130, 230, 64),
      text(46, 154, "linear memory", { isStrong: true }),
      text(46, 176, "the only memory that it sees", { tone: "soft", size: 13 }),
      box(30, 206, 230, 64),
      text(46, 230, "exports", { isStrong: true }),
      text(46, 252, "_start, memory", { isCode: true, size: 13 }),
      box(440, 10, 270, 280, { fill: "host" }),
      text(456, 36, "Host: Node.js with wasi-kit", { isStrong: true }),
      box(460, 54, 230, 140),
      text(476, 78, "the functions of WASI", { isStrong: true }),
      ...["fd_write", "path_open", "clock_time_get", "random_get …"].map((name, i) =>
        text(476, 102 + i * 22, name, { isCode: true, size: 13 }),
      ),
      box(460, 206, 230, 64),
      text(476, 230, "what the run was granted", { isStrong: true }),
      text(476, 252, "directories, variables, arguments", { tone: "soft", size: 12 }),
      arrow(260, 86, 456, 86),
      text(358, 78, "calls its imports", { anchor: "middle", size: 13 }),
      arrow(460, 162, 264, 162),
      text(358, 154, "read and write it", { anchor: "middle", size: 13 }),
      arrow(440, 238, 264, 238),
      text(352, 230, "calls _start", { anchor: "middle", size: 13 }),
      arrow(575, 194, 575, 205),
    ],
  );
}
