import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import { createInputRecorder } from "../record/inputs.ts";
import { readDepfile, recordRead } from "./read-files.ts";

test.each<[what: string, text: string, paths: string[]]>([
  [
    "cargo",
    "/t/release/a.wasm: /a/src/main.rs /a/with\\ space/b.rs\n\n/a/src/main.rs:\n",
    ["/a/src/main.rs", "/a/with space/b.rs"],
  ],
  ["clang", "main.o: src/main.c \\\n  src/a.h \\\n  src/b\\ c.h\n", ["src/main.c", "src/a.h", "src/b c.h"]],
  ["clang on another system", "main.o: src/main.c \\\r\n  src/a.h\r\n", ["src/main.c", "src/a.h"]],
  ["clang, of odd names", "main.o: src/a$$b.c src/c\\#.h", ["src/a$b.c", "src/c#.h"]],
  ["nothing", "", []],
])("what a module was made of, as %s writes it", async (_, text, paths) => {
  const file = join(await folderWith({}), "main.d");
  writeFileSync(file, text);
  expect(readDepfile(file)).toEqual(paths);
});

test.each([
  ["before the compiler was started", -1, true],
  ["in the millisecond in which it was started", 0.6, true],
  ["afterwards", 2, false],
])("what was read of a file is known if it was saved %s", async (_, later, isKnown) => {
  const file = join(await folderWith({ "main.c": "" }), "main.c");
  const startedAt = 1_700_000_000_000;
  utimesSync(file, 0, (startedAt + later) / 1000);
  const recorded: string[] = [];
  const inputs = { ...createInputRecorder("/"), unknownFile: (path: string) => void recorded.push(path) };
  recordRead(inputs, file, startedAt);
  expect(recorded).toEqual(isKnown ? [] : [file]);
});
