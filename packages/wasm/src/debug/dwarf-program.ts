import { createReader } from "../binary/reader.ts";
import { unsigned } from "./dwarf-unit.ts";
import type { LineUnit } from "./dwarf-unit.ts";

/** 6.2.2, State Machine Registers: those that matter here. */
export interface LineRow {
  address: number;
  file: number;
  line: number;
  column: number;
}

const initial: LineRow = { address: 0, file: 1, line: 1, column: 0 };

/** 6.2.5.2, Standard Opcodes, and 6.2.5.3, Extended Opcodes: those that matter here. */
const opcode = {
  extended: 0,
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;
const extended = { endSequence: 1, setAddress: 2 } as const;

/** Called with a row, and the address up to which it applies. */
type OnRow = (row: Readonly<LineRow>, until: number) => void;

/**
 * Runs a unit's program from the start of a sequence to its end. Each sequence
 * begins with the same registers, so one can be run without those before it.
 *
 * @param start - where the sequence begins in the section
 * @returns where the next sequence begins
 * @throws MalformedError after `onRow` was called with all rows before the error
 */
export function runSequence(section: Uint8Array, unit: LineUnit, start: number, onRow: OnRow): number {
  const reader = createReader(section, start, unit.end);
  const row = { ...initial };
  let previous: LineRow | undefined;
  // An older linker lets what it removed begin at 0, where the number of functions is, and no code.
  let isRemoved = false;

  const append = (): void => {
    if (previous === undefined) isRemoved = row.address === 0;
    else if (!isRemoved && row.address > previous.address) onRow(previous, row.address);
    previous = { ...row };
  };
  /** 6.2.5.1, Special Opcodes. */
  const advance = (adjusted: number): void => {
    row.address += Math.floor(adjusted / unit.lineRange) * unit.minimumInstructionLength;
  };
  const standard: Readonly<Record<number, () => void>> = {
    [opcode.copy]: append,
    [opcode.advancePc]: () => (row.address += reader.u32() * unit.minimumInstructionLength),
    [opcode.advanceLine]: () => (row.line += Number(reader.s64())),
    [opcode.setFile]: () => (row.file = reader.u32()),
    [opcode.setColumn]: () => (row.column = reader.u32()),
    [opcode.constAddPc]: () => advance(255 - unit.opcodeBase),
    [opcode.fixedAdvancePc]: () => (row.address += unsigned(reader, 2)),
  };

  while (!reader.isAtEnd) {
    const code = reader.u8();
    if (code >= unit.opcodeBase) {
      advance(code - unit.opcodeBase);
      row.line += unit.lineBase + ((code - unit.opcodeBase) % unit.lineRange);
      append();
    } else if (code === opcode.extended) {
      const size = reader.u32();
      if (size === 0) continue;
      const kind = reader.u8();
      const operand = unsigned(reader, size - 1);
      if (kind === extended.setAddress) row.address = operand;
      if (kind === extended.endSequence) {
        append();
        break;
      }
    } else if (standard[code]) standard[code]();
    else for (let i = 0; i < (unit.operandCounts[code] ?? 0); i++) reader.u64();
  }
  return reader.at;
}
