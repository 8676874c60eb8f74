/** The type of a function. */
export interface Signature {
  /** Value types in the words of the text format: `"i32"`, `"(ref null 3)"`. */
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}

/** Parses a function's type as `inspect` shows it: `(i32, i64) -> f64`, `() -> ()`, `() -> (i32, i32)`. */
export function parseSignature(text: string): Signature {
  const [parameters = "", results = ""] = text.split(" -> ");
  const isList = results === "()" || results.includes(", ");
  return { parameters: listOf(parameters), results: isList ? listOf(results) : [results] };
}

function listOf(text: string): string[] {
  const inner = text.slice(1, -1);
  return inner === "" ? [] : inner.split(", ");
}
