import type { WasiLimitName } from "./limits.ts";
import { WasiError } from "./wasi-error.ts";

/** How much of something a guest may still use up: of its own limit, and of a total that others share. */
export class Budget {
  readonly #limit: WasiLimitName;
  #left: number;
  readonly #total: Budget | undefined;

  constructor(limit: WasiLimitName, left: number, total?: Budget) {
    this.#limit = limit;
    this.#left = left;
    this.#total = total;
  }

  /** @throws WasiError `dquot` if less than this is left */
  require(amount: number): void {
    if (amount > this.#left) throw new WasiError("dquot", this.#limit);
    this.#total?.require(amount);
  }

  /** Uses it up. Call {@link require} before. */
  take(amount: number): void {
    this.#left -= amount;
    this.#total?.take(amount);
  }
}

/** The budget for a limit: that of the total if there is no limit. */
export const budgetOf = (limit: WasiLimitName, amount: number = Infinity, total?: Budget): Budget | undefined =>
  amount === Infinity ? total : new Budget(limit, amount, total);
