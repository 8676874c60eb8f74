import { env } from "node:process";
import { hashOf } from "../../record/inputs.ts";

const names = /^(RUSTC|RUSTFLAGS|RUSTUP_TOOLCHAIN|CARGO_(BUILD|ENCODED|HOME|PROFILE|TARGET|UNSTABLE))/;

/**
 * The variables of the environment that decide what cargo makes, as one hash:
 * they may hold secrets. Those that cargo sets for what it starts are not
 * among them.
 *
 * @see https://doc.rust-lang.org/cargo/reference/environment-variables.html
 */
export function cargoVariables(): string {
  const those = Object.entries(env)
    .filter(([name]) => names.test(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hashOf(JSON.stringify(those));
}
