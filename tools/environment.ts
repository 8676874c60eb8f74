/**
 * The variables of this process, without those of some names. They are there as `undefined`, which a process started
 * with them doesn't get; those that are just left out, tinyexec takes from this process again.
 */
export function environmentWithout(names: RegExp): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).map(([name, value]) => [name, names.test(name) ? undefined : value]),
  );
}
