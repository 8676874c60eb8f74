/** Modules and components byte by byte, for what no assembler here can write. */

const preambles = { module: [1, 0, 0, 0], component: [13, 0, 1, 0] } as const;

/** An unsigned number in LEB128. */
export function u32(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...u32(number >>> 7)];
}

/** A text with its size before it. */
export function name(text: string): number[] {
  const bytes = Buffer.from(text);
  return [...u32(bytes.length), ...bytes];
}

/** Things with their number before them. */
export const list = (...items: readonly (readonly number[])[]): number[] => [...u32(items.length), ...items.flat()];

/** A section, by its number. */
export const section = (id: number, content: readonly number[]): number[] => [id, ...u32(content.length), ...content];

/** A custom section. */
export const custom = (called: string, content: readonly number[]): number[] =>
  section(0, [...name(called), ...content]);

/** A core module, or a component, of some sections. */
export function file(kind: keyof typeof preambles, ...sections: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...Buffer.from("\0asm"), ...preambles[kind], ...sections.flat()]);
}
