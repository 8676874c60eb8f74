import { statSync } from "node:fs";
import { bytesOf } from "@wasi-kit/wasi";
import { isCompiled, loadModule } from "../module/load-module.ts";
import type { LoadedModule, ModuleSource } from "../module/load-module.ts";

/** Modules that were compiled, and a number for each. */
export interface ModuleCache {
  /** Compiles a module, unless that was done before: for a file that has not changed since, or a compiled module. */
  load(source: ModuleSource, maxMemoryBytes: number | undefined): CachedModule;
}

/** A module with its number. */
export interface CachedModule {
  id: number;
  loaded: LoadedModule;
}

/** How many files are kept: the one that was not used for the longest time goes first. */
const maxFiles = 100;

export function createModuleCache(): ModuleCache {
  const files = new Map<string, CachedModule & { version: string | undefined }>();
  const compiled = new WeakMap<WebAssembly.Module, CachedModule>();
  let lastId = 0;
  const add = (loaded: LoadedModule): CachedModule => ({ id: ++lastId, loaded });

  return {
    load(source, maxMemoryBytes) {
      if (isCompiled(source)) {
        const found = compiled.get(source) ?? add(loadModule(source, maxMemoryBytes));
        compiled.set(source, found);
        return found;
      }
      // Bytes may have been changed since; to compare them would cost as much as to compile them.
      if (bytesOf(source)) return add(loadModule(source, maxMemoryBytes));
      const file = source as string | URL;
      const key = `${String(file)} ${maxMemoryBytes}`;
      const version = versionOf(file);
      const found = files.get(key);
      const fresh = found && found.version === version ? found : { ...add(loadModule(file, maxMemoryBytes)), version };
      // At the end of the map, as the one that was used last.
      files.delete(key);
      files.set(key, fresh);
      const [oldest = ""] = files.keys();
      if (files.size > maxFiles) files.delete(oldest);
      return fresh;
    },
  };
}

/** What changes when a file does. Undefined if there is no file: `loadModule` says so. */
function versionOf(file: string | URL): string | undefined {
  const is = statSync(file, { throwIfNoEntry: false, bigint: true });
  return is && [is.dev, is.ino, is.size, is.mtimeNs, is.ctimeNs].join(" ");
}
