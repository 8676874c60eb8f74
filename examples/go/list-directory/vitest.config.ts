import { wasiKit } from "@wasi-kit/vitest/plugin";
import { defineConfig } from "vitest/config";

// `npx vitest` stays, and tests again what changes: the source, a fixture, wasi.json.
export default defineConfig({ plugins: [wasiKit()] });
