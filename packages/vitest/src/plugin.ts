import type { Plugin } from "vitest/config";

/**
 * Has vitest's watch mode run the tests of a program again when its wasi.json,
 * its sources, its module, or the files and directories of its runs change. The
 * tests of a program are those beside its wasi.json. Without watch mode it does nothing.
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
      const { watchPrograms } = await import("./watch-programs.ts");
      watchPrograms(vitest);
    },
  };
}
