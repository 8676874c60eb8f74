/** Finds a text as it is. */
export const literal = (text: string): RegExp => new RegExp(text.replaceAll(/\W/g, String.raw`\$&`));
