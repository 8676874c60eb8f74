/** Whether a root file is that of a library for a host: a reactor, which has no `main`. */
export const isZigLibrary = (text: string): boolean => !/^\s*pub fn main\s*\(/m.test(text);
