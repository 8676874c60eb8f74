import { MalformedError } from "../binary/malformed-error.ts";
import { createReader, readList } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";
import type { InspectionState } from "./state.ts";

/** What is read of custom sections, by their names. The others are listed and no more. */
const readers: Readonly<Record<string, (reader: Reader, state: InspectionState) => void>> = {
  // https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md
  producers(reader, { inspection }) {
    const fields = readList(reader, (each) => {
      const field = each.name();
      return [field, readList(each, (value) => ({ name: value.name(), version: value.name() }))] as const;
    });
    inspection.producers = Object.fromEntries(fields);
  },

  // https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#target-features-section
  target_features(reader, { inspection }) {
    inspection.targetFeatures = readList(reader, (each) => `${String.fromCharCode(each.u8())}${each.name()}`);
  },

  // https://webassembly.github.io/spec/core/appendix/custom.html#name-section
  name(reader, { bytes, functionNames }) {
    while (!reader.isAtEnd) {
      const id = reader.u8();
      const size = reader.u32();
      const start = reader.at;
      reader.bytes(size);
      if (id !== functionNamesId) continue;
      readList(createReader(bytes, start, reader.at), (each) => {
        each.u32();
        functionNames.push(each.name());
      });
    }
  },

  // https://github.com/WebAssembly/tool-conventions/blob/main/Debugging.md
  sourceMappingURL(reader, { inspection }) {
    inspection.debug.sourceMapUrl = reader.name();
  },
  external_debug_info(reader, { inspection }) {
    inspection.debug.externalUrl = reader.name();
  },
};

const functionNamesId = 1;

/** Reads a custom section. One that is broken breaks no module: it is noted, and the reading goes on. */
export function readCustomSection(name: string, reader: Reader, state: InspectionState): void {
  const { debug, unknown } = state.inspection;
  if (name.startsWith(".debug_")) debug.dwarf.push(name);
  if (!Object.hasOwn(readers, name)) return;
  try {
    readers[name]?.(reader, state);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    unknown.push({ offset: error.offset, message: `the custom section ${name}: ${error.message}` });
  }
}
