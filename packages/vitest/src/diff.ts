/** A diff of texts that have little in common takes long to make and says little. */
const maxChangedLines = 200;

/**
 * Makes a unified diff with three lines of context; undefined if more than 200
 * lines differ.
 *
 * @param names - the names of both sides in the diff's header. Default: no header
 */
export async function unifiedDiff(
  before: readonly string[],
  after: readonly string[],
  names?: readonly [before: string, after: string],
): Promise<string[] | undefined> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY, OMIT_HEADERS } = await import("diff");
  const patch = createTwoFilesPatch(names?.[0] ?? "", names?.[1] ?? "", asText(before), asText(after), "", "", {
    context: 3,
    maxEditLength: maxChangedLines,
    headerOptions: names ? FILE_HEADERS_ONLY : OMIT_HEADERS,
  });
  return patch?.replace(/\n$/, "").split("\n");
}

const asText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
