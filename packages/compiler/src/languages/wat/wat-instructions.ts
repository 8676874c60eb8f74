/** Something that is written in a text. Line and column count from 0, as in a source map. */
interface Word {
  text: string;
  line: number;
  column: number;
}

/** A function that has a body. */
export interface WatFunction {
  /** The word `func`. */
  start: Word;
  /** Its instructions in the order in which they are encoded, with each `end`. */
  instructions: readonly Word[];
}

/** What parentheses contain, by its first word. */
interface Kind {
  /** The instruction that is encoded before what is inside: the word itself, or the one of the list around it. */
  before?: "itself" | "outer";
  /** The one that is encoded after it. */
  after?: "itself" | "end";
  /** Whether words inside can be instructions. */
  isSequence?: true;
}

const block: Kind = { before: "itself", after: "end", isSequence: true };
const noInstruction: Kind = {};
const kinds: ReadonlyMap<string, Kind> = new Map([
  ["func", { after: "end", isSequence: true }],
  ...["block", "loop", "try_table"].map((name) => [name, block] as const),
  // Its condition precedes it, and its end follows what is in `then` and `else`.
  ["if", { after: "end" }],
  ["then", { before: "outer", isSequence: true }],
  ["else", { before: "itself", isSequence: true }],
  ...["type", "param", "result", "local", "export", "import"].map((name) => [name, noInstruction] as const),
  ...["catch", "catch_ref", "catch_all", "catch_all_ref"].map((name) => [name, noInstruction] as const),
]);
/** All others are instructions with their operands inside. */
const folded: Kind = { after: "itself" };

/**
 * The functions of a module in the text format, in their order. The text is
 * expected to be valid, since wabt has read it before. An operand of a kind that
 * is not known here may be taken for an instruction, so they have to be
 * compared with what was encoded.
 *
 * @see https://webassembly.github.io/spec/core/text/instructions.html#folded-instructions
 */
export function readFunctions(text: string): WatFunction[] {
  const functions: { start: Word; instructions: Word[] }[] = [];
  const open: { head: Word; kind: Kind }[] = [];
  let isHead = false;

  /** The function that the last list opened is in. */
  let current: (typeof functions)[number] | undefined;
  const encode = (word: Word): void => void current?.instructions.push(word);

  for (const word of words(text)) {
    const outer = open.at(-1);
    if (word.text === "(") {
      isHead = true;
    } else if (word.text === ")") {
      open.pop();
      if (outer?.kind.after) encode(outer.kind.after === "itself" ? outer.head : { ...word, text: outer.kind.after });
      if (outer?.head === current?.start) current = undefined;
    } else if (isHead) {
      isHead = false;
      const kind = kinds.get(word.text) ?? folded;
      open.push({ head: word, kind });
      const isField = outer === undefined || outer.head.text === "module";
      if (isField && word.text === "func") functions.push((current = { start: word, instructions: [] }));
      if (current && word.text === "import") {
        // An imported function has no body.
        functions.pop();
        current = undefined;
      }
      if (kind.before === "itself") encode(word);
      if (kind.before === "outer" && outer) encode(outer.head);
    } else if (outer?.kind.isSequence && isMnemonic(word.text)) {
      encode(word);
    }
  }
  return functions.map(({ start, instructions }) => ({ start, instructions: instructions.filter(isEncoded) }));
}

/** Operands that look like instructions: `ref.null func`, `f32.const inf`, `v128.const i32x4 …`. */
const operands = new Set("func extern funcref externref nan inf i8x16 i16x8 i32x4 i64x2 f32x4 f64x2".split(" "));

const isMnemonic = (text: string): boolean => /^[a-z][\w.]*$/.test(text) && !operands.has(text);

/** wabt leaves out an `else` with nothing in it. */
const isEncoded = (word: Word, i: number, all: readonly Word[]): boolean =>
  word.text !== "else" || all[i + 1]?.text !== "end";

/** Parentheses, words and strings; comments are passed over. */
function* words(text: string): Generator<Word> {
  const pattern = /;;[^\n]*|\(;|"(?:[^"\\]|\\.)*"|[()]|[^\s()";]+/g;
  let line = 0;
  let [lineStart, lineEnd] = [0, text.indexOf("\n")];
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[0] === "(;") pattern.lastIndex = endOfComment(text, pattern.lastIndex);
    if (match[0].startsWith(";;") || match[0] === "(;") continue;
    for (; lineEnd !== -1 && lineEnd < match.index; line++) {
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf("\n", lineStart);
    }
    yield { text: match[0], line, column: match.index - lineStart };
  }
}

/** A block comment can have others inside. */
function endOfComment(text: string, start: number): number {
  const pattern = /\(;|;\)/g;
  pattern.lastIndex = start;
  for (let depth = 1; depth > 0;) {
    const match = pattern.exec(text);
    if (!match) return text.length;
    depth += match[0] === "(;" ? 1 : -1;
  }
  return pattern.lastIndex;
}
