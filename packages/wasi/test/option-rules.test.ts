import { changesOptionRules, copyOnWrite, copyOnWriteOptionRules } from "../src/fs/copy-on-write.ts";
import { memory, memoryOptionRules } from "../src/fs/memory.ts";
import { hostDirectory, hostDirectoryOptionRules } from "../src/node/host-directory.ts";
import { createWasi, wasiOptionRules } from "../src/wasi.ts";
import type { WasiOptions } from "../src/wasi.ts";
import { testOptions } from "./support/option-rules.ts";

const stream = { name: "stream" } as unknown as WasiOptions["stdin"];
const surroundings = { stdin: stream, stdout: stream, stderr: stream };

testOptions([
  ["memory()", memoryOptionRules, (options) => memory({}, options)],
  ["copyOnWrite()", copyOnWriteOptionRules, (options) => copyOnWrite(memory(), options)],
  ["changes()", changesOptionRules, (options) => copyOnWrite(memory()).changes(options)],
  ["hostDirectory()", hostDirectoryOptionRules, (options) => hostDirectory(".", options)],
  [
    "createWasi()",
    wasiOptionRules,
    (options) =>
      createWasi(
        typeof options === "object" && options ? ({ ...surroundings, ...(options as object) } as WasiOptions) : options,
      ),
  ],
]);
