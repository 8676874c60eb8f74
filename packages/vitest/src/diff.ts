/** Line by line up to here; to compare what has little in common takes long, and nobody reads it. */
const mostChanges = 200;

/**
 * How lines became other lines, as a unified diff with three lines of context;
 * undefined where more than 200 lines are different.
 *
 * @param names - what stands in its head for either side; without them it has none
 */
export async function unifiedDiff(
  before: readonly string[],
  after: readonly string[],
  names?: readonly [before: string, after: string],
): Promise<string[] | undefined> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY, OMIT_HEADERS } = await import("diff");
  const patch = createTwoFilesPatch(names?.[0] ?? "", names?.[1] ?? "", asText(before), asText(after), "", "", {
    context: 3,
    maxEditLength: mostChanges,
    headerOptions: names ? FILE_HEADERS_ONLY : OMIT_HEADERS,
  });
  return patch?.replace(/\n$/, "").split("\n");
}

const asText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
