import { basename } from "node:path";
import type { ModuleSource, Pool, PreparedModule } from "@wasi-kit/runner";
import { maxPrograms, moduleLimits } from "./limits.ts";

/** The programs that a server runs, by name. */
export interface Programs {
  /** Compiles a program, in other threads, while this one goes on to answer. One that has the name already is replaced. */
  add(name: string, source: ModuleSource): Promise<void>;
  find(name: string): PreparedModule | undefined;
  names(): string[];
}

export function createPrograms(pool: Pool): Programs {
  const modules = new Map<string, PreparedModule>();
  return {
    async add(name, source) {
      const module = await pool.prepare(source, moduleLimits);
      modules.delete(name);
      modules.set(name, module);
      // The one that was added first goes first: memory is bounded.
      const [oldest = ""] = modules.keys();
      if (modules.size > maxPrograms) modules.delete(oldest);
    },
    find: (name) => modules.get(name),
    names: () => [...modules.keys()].toSorted(),
  };
}

/** The name of a program, from the path of its file: `hello` for `build/hello.wasm`. */
export const programName = (path: string): string => basename(path, ".wasm");
