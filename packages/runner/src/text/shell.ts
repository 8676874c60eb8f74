/** Quotes a word for a shell, if it has characters that a shell may not take literally. */
export const quoteForShell = (text: string): string =>
  /^[\w./@%+:,=~-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
