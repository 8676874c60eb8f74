import { createTwoFilesPatch, OMIT_HEADERS } from "diff";

/** As many lines are shown; to see more, one looks at the output itself. */
const maxLines = 40;

/** How an output became another, as the lines of a unified diff with one line of context. */
export function diffLines(before: string, after: string): string[] {
  const patch = createTwoFilesPatch("", "", withEnd(before), withEnd(after), "", "", {
    context: 1,
    headerOptions: OMIT_HEADERS,
  });
  const lines = patch
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("@@"));
  if (lines.length <= maxLines) return lines;
  return [...lines.slice(0, maxLines), `… and ${lines.length - maxLines} lines more`];
}

const withEnd = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
