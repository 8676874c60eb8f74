import type { Plugin } from "vitest/config";

/**
 * A plugin for vitest's watch mode: it runs the tests of a program again when
 * its wasi.json, its sources, its module, or the files and directories of its
 * runs change. The tests of a program are those beside its wasi.json. Without
 * watch mode it does nothing.
 *
 * @example
 * import { wasiKit } from "@wasi-kit/vitest/plugin";
 * import { defineConfig } from "vitest/config";
 *
 * export default defineConfig({ plugins: [wasiKit()] });
 */
export function wasiKit(): Plugin {
  return {
    name: "wasi-kit",
    async configureVitest({ vitest }) {
      if (!vitest.config.watch) return;
      const { rerunAffectedTests } = await import("./rerun-tests.ts");
      rerunAffectedTests(vitest);
    },
  };
}
