import { WasiKitError } from "../error.ts";
import { moduleLimitRules } from "../limits/limits.ts";
import type { Limits, ModuleLimits } from "../limits/limits.ts";
import type { ModuleSource } from "../module/module.ts";

/** A module that a pool has compiled, and can run. */
export interface PreparedModule {
  /** Its name in messages: its path, if it has one. */
  readonly name: string;
}

export const isPrepared = (source: ModuleSource | PreparedModule): source is PreparedModule =>
  typeof source === "object" && "name" in source;

/** @throws WasiKitError `E_OPTION` for a limit of a run that comes too late for a module that is compiled */
export function requireNoModuleLimits({ name }: PreparedModule, limits: Limits): void {
  const late = Object.keys(moduleLimitRules).find((it) => limits[it as keyof ModuleLimits] !== undefined);
  if (late === undefined) return;
  throw new WasiKitError(
    "E_OPTION",
    `${late} is put into a module before it is compiled, and ${name} was prepared without it.\n` +
      `Pass it to prepare() of the pool: prepare(${JSON.stringify(name)}, { ${late} }).`,
  );
}
