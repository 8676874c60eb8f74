import { arrow, box, picture, text } from "./svg.ts";
import type { Tone } from "./svg.ts";

/** What happens in a run, in order. */
const steps: readonly { title: string; lines: readonly string[]; tone: Tone }[] = [
  { title: "1. Read", lines: ["the module's bytes;", "they are checked", "and compiled"], tone: "host" },
  { title: "2. Check", lines: ["are all imports there,", "is there a _start,", "does memory fit?"], tone: "host" },
  { title: "3. Grant", lines: ["open the preopens;", "arguments, variables,", "stdin, limits"], tone: "host" },
  { title: "4. Run", lines: ["_start is called;", "the guest computes", "and calls the host"], tone: "guest" },
  { title: "5. Clean up", lines: ["close what is open,", "find what changed", "in the directories"], tone: "host" },
  { title: "6. Result", lines: ["outcome, exit code,", "stdout, stderr,", "trap, changes"], tone: "paper" },
];

const width = 172;
const x = (i: number): number => 8 + (i % 3) * (width + 54);
const y = (i: number): number => (i < 3 ? 8 : 150);

/** A run from its beginning to its result. */
export function timeline(): string {
  return picture(
    {
      name: "run-timeline",
      width: 640,
      height: 316,
      title: "A run, from the module's bytes to the result",
      description:
        `${steps.map(({ title, lines }) => `${title}: ${lines.join(" ")}`).join(". ")}. If step 1, 2 or 3 fails, the run has ` +
        "not started, and an error with a code is thrown. If step 4 ends in a trap, at a limit or at proc_exit, the run has " +
        "a result all the same.",
    },
    [
      ...steps.flatMap(({ title, lines, tone }, i) => [
        box(x(i), y(i), width, 100, { fill: tone }),
        text(x(i) + 12, y(i) + 26, title, { isStrong: true }),
        ...lines.map((it, row) => text(x(i) + 12, y(i) + 50 + row * 18, it, { size: 13 })),
        ...(i % 3 < 2 ? [arrow(x(i) + width, y(i) + 50, x(i + 1) - 3, y(i) + 50)] : []),
      ]),
      arrow(x(2) + width / 2, 108, x(3) + width / 2, 147),
      text(8, 276, "1 to 3 fail: the run has not started. An error with a code is thrown.", { tone: "bad", size: 13 }),
      text(8, 300, "4 ends in any way: the run has a result. Nothing is thrown.", { tone: "good", size: 13 }),
    ],
  );
}
