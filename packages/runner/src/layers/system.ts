import type { Descriptors } from "../descriptors.ts";
import type { Host } from "../host.ts";
import { errno } from "../preview1/errno.ts";
import { scratch } from "../scratch.ts";
import type { Layer } from "./layer.ts";
import { pollCall } from "./poll.ts";

/** What `proc_exit` throws to leave the guest. */
export class ProcessExit {
  readonly exitCode: number;

  constructor(exitCode: number) {
    this.exitCode = exitCode;
  }
}

/** The calls that touch no file: clocks and random numbers from node:wasi, waiting, and the guest's end. */
export function systemLayer({ native }: Host, descriptors: Descriptors): Layer {
  const { view, bytes, out, data, dataSize } = scratch;
  return (next, guest) => {
    const give64 = (code: number, address: number): number => {
      if (code === errno.success) guest.setU64(address, view.getBigUint64(out, true));
      return code;
    };

    return {
      ...next,
      clock_res_get: (id, resolution) => give64(native.clock_res_get(id, out), resolution),
      clock_time_get: (id, precision, time) => give64(native.clock_time_get(id, precision, out), time),
      random_get(buffer, length) {
        const target = guest.bytes(buffer, length);
        for (let done = 0; done < target.length; done += dataSize) {
          const size = Math.min(target.length - done, dataSize);
          const code = native.random_get(data, size);
          if (code !== errno.success) return code;
          target.set(bytes.subarray(data, data + size), done);
        }
        return errno.success;
      },
      poll_oneoff: pollCall(native, guest, descriptors),
      sched_yield: () => native.sched_yield(),
      proc_exit(exitCode) {
        throw new ProcessExit(exitCode >>> 0);
      },
      // A signal would be raised in the host's process, not in the guest.
      proc_raise: () => errno.notsup,
    };
  };
}
