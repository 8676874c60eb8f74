import type { LoadedModule } from "../module/module.ts";

/** A module with its number. */
export interface CachedModule {
  id: number;
  loaded: LoadedModule;
}
