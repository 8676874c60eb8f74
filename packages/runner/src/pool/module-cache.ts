import { statSync } from "node:fs";
import { bytesOf } from "@wasi-kit/wasi";
import { isCompiled, loadModule } from "../module/load-module.ts";
import type { LoadedModule, ModuleSource } from "../module/load-module.ts";

/** Modules that were compiled, and a number for each. */
export interface Modules {
  /** Compiles a module, unless it is compiled already: a file that has not changed since, or what is no file. */
  load(source: ModuleSource, maxMemoryBytes: number | undefined): Numbered;
}

/** A module with its number. */
export interface Numbered {
  id: number;
  loaded: LoadedModule;
}

/** As many as are kept: the one that was not asked for the longest goes. */
const mostKept = 100;

/** None yet. */
export function createModules(): Modules {
  const files = new Map<string, Numbered & { version: string | undefined }>();
  const compiled = new WeakMap<WebAssembly.Module, Numbered>();
  let last = 0;
  const number = (loaded: LoadedModule): Numbered => ({ id: ++last, loaded });

  return {
    load(source, maxMemoryBytes) {
      if (isCompiled(source)) {
        const found = compiled.get(source) ?? number(loadModule(source, maxMemoryBytes));
        compiled.set(source, found);
        return found;
      }
      // Bytes may have been changed since; to look would cost as much as to compile.
      if (bytesOf(source)) return number(loadModule(source, maxMemoryBytes));
      const file = source as string | URL;
      const key = `${String(file)} ${maxMemoryBytes}`;
      const version = versionOf(file);
      const found = files.get(key);
      const fresh =
        found && found.version === version ? found : { ...number(loadModule(file, maxMemoryBytes)), version };
      // Put at the end, as the one that was asked for last.
      files.delete(key);
      files.set(key, fresh);
      const [oldest = ""] = files.keys();
      if (files.size > mostKept) files.delete(oldest);
      return fresh;
    },
  };
}

/** What changes when a file does; undefined where there is none, for its reader to say. */
function versionOf(file: string | URL): string | undefined {
  const is = statSync(file, { throwIfNoEntry: false, bigint: true });
  return is && [is.dev, is.ino, is.size, is.mtimeNs, is.ctimeNs].join(" ");
}
