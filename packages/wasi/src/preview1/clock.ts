import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";
import type { CallContext } from "./call-context.ts";

/** @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#clock_time_get */
export function clockCalls({ memory, clock }: CallContext): Pick<Preview1, "clock_res_get" | "clock_time_get"> {
  return {
    clock_res_get(id, resolution) {
      memory.setU64(resolution, clock.resolution(id));
      return errno.success;
    },
    clock_time_get(id, _precision, time) {
      memory.setU64(time, clock.read(id));
      return errno.success;
    },
  };
}
