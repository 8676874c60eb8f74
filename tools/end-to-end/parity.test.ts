import { join } from "node:path";
import { testParity } from "@wasi-kit/vitest";
import { root } from "../root.ts";

// The same scenario does the same in each language, except for what its wasi.json says.
await testParity(join(root, "examples"));
