import { statSync } from "node:fs";
import { bytesOf } from "@wasi-kit/wasi";
import { moduleLimitNames } from "../limits/limits.ts";
import { compileModule, loadModule } from "../module/load-module.ts";
import { isCompiled, loadCompiled } from "../module/module.ts";
import type { LoadedModule, LoadOptions, ModuleSource } from "../module/module.ts";
import type { CachedModule } from "./cached-module.ts";

/** Modules that were compiled, and a number for each. */
export interface ModuleCache {
  /** Compiles a module, unless that was done before: for a file that has not changed since, or a compiled module. */
  load(source: ModuleSource, limits: LoadOptions): CachedModule;
  /** The same, in other threads. */
  prepare(source: ModuleSource, limits: LoadOptions): Promise<CachedModule>;
}

/** A module that may be in the cache, and how it is put there. */
interface Entry {
  readonly found: CachedModule | undefined;
  keep(module: CachedModule): void;
}

/** How many files are kept: the one that was not used for the longest time goes first. */
const maxFiles = 100;

export function createModuleCache(): ModuleCache {
  const files = new Map<string, { readonly module: CachedModule; readonly version: string | undefined }>();
  const compiled = new WeakMap<WebAssembly.Module, CachedModule>();
  let lastId = 0;

  const entryFor = (source: ModuleSource, limits: LoadOptions): Entry => {
    if (isCompiled(source)) {
      // A limit can't be put into what is compiled, and that is to be said of one that is known, too.
      loadCompiled(source, "", limits);
      return { found: compiled.get(source), keep: (module) => void compiled.set(source, module) };
    }
    // Bytes may have been changed since; to compare them would cost as much as to compile them.
    if (bytesOf(source)) return { found: undefined, keep() {} };
    const file = source as string | URL;
    const key = [String(file), ...moduleLimitNames.map((name) => limits[name]), Boolean(limits.record)].join(" ");
    const version = versionOf(file);
    const last = files.get(key);
    return {
      found: last && last.version === version ? last.module : undefined,
      keep(module) {
        // At the end of the map, as the one that was used last.
        files.delete(key);
        files.set(key, { module, version });
        const [oldest = ""] = files.keys();
        if (files.size > maxFiles) files.delete(oldest);
      },
    };
  };
  const add = (loaded: LoadedModule): CachedModule => ({ id: ++lastId, loaded });

  return {
    load(source, limits) {
      const entry = entryFor(source, limits);
      return kept(entry.found ?? add(loadModule(source, limits)), entry);
    },
    async prepare(source, limits) {
      const entry = entryFor(source, limits);
      return kept(entry.found ?? add(await compileModule(source, limits)), entry);
    },
  };
}

function kept(module: CachedModule, entry: Entry): CachedModule {
  entry.keep(module);
  return module;
}

/** What changes when a file does. Undefined if there is no file: `loadModule` says so. */
function versionOf(file: string | URL): string | undefined {
  const is = statSync(file, { throwIfNoEntry: false, bigint: true });
  return is && [is.dev, is.ino, is.size, is.mtimeNs, is.ctimeNs].join(" ");
}
