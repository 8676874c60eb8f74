/** Text as it is; where it is empty or has spaces, quotes or what can't be seen in it, as a JSON string. */
export function quote(text: string): string {
  return /^[^\s"'\\\p{Cc}\p{Cf}]+$/u.test(text) ? text : JSON.stringify(text).replace(hidden, escape);
}

// JSON leaves some of what a terminal obeys or does not show as it is.
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escape(char: string): string {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, "0"));
  return `\\u${units.join("\\u")}`;
}
