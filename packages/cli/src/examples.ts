import { findExamples } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { UsageError } from "./command.ts";

/**
 * The examples in some folders and below them; none named is the current one.
 *
 * @throws UsageError where a folder holds none
 */
export async function examplesBelow(folders: readonly string[]): Promise<Example[]> {
  const found = await Promise.all((folders.length > 0 ? folders : ["."]).map(findIn));
  return found.flat();
}

async function findIn(folder: string): Promise<Example[]> {
  const examples = await findExamples(folder);
  if (examples.length > 0) return examples;
  throw new UsageError(`There is no wasi.json in ${folder} or below it. Name a folder that has one.`);
}
