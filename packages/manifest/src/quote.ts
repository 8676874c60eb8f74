/** A text as it is, or as a JSON string if it is empty or has spaces, quotes or invisible characters. */
export function quote(text: string): string {
  return /^[^\s"'\\\p{Cc}\p{Cf}]+$/u.test(text) ? text : JSON.stringify(text).replace(hidden, escape);
}

// JSON leaves some of what a terminal obeys or does not show as it is.
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escape(char: string): string {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, "0"));
  return `\\u${units.join("\\u")}`;
}
