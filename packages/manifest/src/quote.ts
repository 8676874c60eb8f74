/** A text as it is, or as a JSON string if it is empty or has spaces, quotes or invisible characters. */
export function quote(text: string): string {
  if (/^[^\s"'\\\p{Cc}\p{Cf}]+$/u.test(text)) return text;
  // JSON leaves some of what a terminal obeys or does not show as it is.
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escape);
}

function escape(char: string): string {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, "0"));
  return `\\u${units.join("\\u")}`;
}
