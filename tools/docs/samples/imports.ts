import { GuestError, instantiate } from "@wasi-kit/runner";
import { compile } from "./compile.ts";

const prices = new Map([["apple", 0.5]]);

const shop = await instantiate<{ priceOfApples(number: number): number }>(await compile("shop.wat"), {
  // By module and name, as the library imports them.
  imports: (guest) => ({
    shop: {
      priceOf(address: number, size: number): number {
        const name = guest.text(address, size);
        const price = prices.get(name);
        if (price === undefined) throw new Error(`there is no price of "${name}"`);
        return price;
      },
    },
  }),
});
console.log(shop.exports.priceOfApples(5));

prices.clear();
try {
  shop.exports.priceOfApples(5);
} catch (error) {
  if (!(error instanceof GuestError)) throw error;
  console.log(error.outcome, error.message);
}

shop.close();
