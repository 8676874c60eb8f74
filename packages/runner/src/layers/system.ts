import type { Descriptors } from "../descriptors.ts";
import { errno } from "../preview1/errno.ts";
import type { Clock } from "./clock.ts";
import type { Layer } from "./layer.ts";
import { pollCall } from "./poll.ts";
import type { Random } from "./random.ts";

/** What `proc_exit` throws to leave the guest. */
export class ProcessExit {
  readonly exitCode: number;

  constructor(exitCode: number) {
    this.exitCode = exitCode;
  }
}

/** The calls that touch no file: clocks, random numbers, waiting, and the guest's end. */
export function systemLayer(descriptors: Descriptors, clock: Clock, random: Random): Layer {
  return (_next, guest) => ({
    clock_res_get(id, resolution) {
      guest.setU64(resolution, clock.resolution(id));
      return errno.success;
    },
    clock_time_get(id, _precision, time) {
      guest.setU64(time, clock.read(id));
      return errno.success;
    },
    random_get(buffer, length) {
      random(guest.bytes(buffer, length));
      return errno.success;
    },
    poll_oneoff: pollCall(guest, descriptors, clock),
    sched_yield: () => errno.success,
    proc_exit(exitCode) {
      throw new ProcessExit(exitCode >>> 0);
    },
    // A signal would be raised in the host's process, not in the guest.
    proc_raise: () => errno.notsup,
  });
}
