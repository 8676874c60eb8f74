import { toJsonSchema } from "@valibot/to-json-schema";
import { expect, test } from "vitest";
import { manifestSchema } from "./schema.ts";

// What editors complete and check wasi.json with; `pnpm test -u` writes it again.
test("wasi.schema.json is what the schema says", async () => {
  const schema = toJsonSchema(manifestSchema, {
    // A path that stays inside its folder is more than JSON Schema can say.
    ignoreActions: ["check"],
    typeMode: "input",
  });
  const text = `${JSON.stringify({ title: "wasi.json", ...schema }, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../wasi.schema.json");
});
