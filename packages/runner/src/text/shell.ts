/** A word as a shell takes it: in quotes if it has other characters than those that mean nothing to a shell. */
export const quoteForShell = (text: string): string =>
  /^[\w./@%+:,=~-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
