import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";
import type { Random } from "../random.ts";
import type { CallContext } from "./call-context.ts";

/** @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#random_get */
export function randomCalls({ memory }: CallContext, random: Random): Pick<Preview1, "random_get"> {
  return {
    random_get(buffer, length) {
      random(memory.bytes(buffer, length));
      return errno.success;
    },
  };
}
