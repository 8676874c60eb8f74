import type { Descriptors } from "../descriptors.ts";
import { CallError } from "../guest.ts";
import type { Guest } from "../guest.ts";
import { errno } from "../preview1/errno.ts";
import { eventrwflags, subclockflags } from "../preview1/flags.ts";
import type { Preview1 } from "../preview1/functions.ts";
import { event, eventtype } from "../preview1/layouts.ts";
import type { Clock } from "./clock.ts";

interface Subscription {
  userdata: bigint;
  tag: number;
  fd: number;
  /** When it is over, by its own clock; for a clock only. */
  clock: number;
  deadline: bigint;
}

interface Event {
  of: Subscription;
  error: number;
  nbytes: bigint;
  isHangup: boolean;
}

const second = 1_000_000_000n;
/** More of them than a program has use for: a list as large as its memory would fill ours. */
const mostSubscriptions = 65_536;

/**
 * Waits for the first of some clocks and descriptors. A file, or a stream in
 * memory, is ready at once; a stream of the host's may not be, and is waited for.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#-poll_oneoffin-constpointersubscription-out-pointerevent-nsubscriptions-size---resultsize-errno
 */
export function pollCall(
  guest: Guest,
  descriptors: Descriptors,
  { now, sleep, patience }: Clock,
): Preview1["poll_oneoff"] {
  const layout = guest.abi.subscription;
  const read = (at: number): Subscription => {
    const tag = guest.u8(at + layout.tag);
    const subscribed: Subscription = { userdata: guest.u64(at + layout.userdata), tag, fd: -1, clock: 0, deadline: 0n };
    if (tag === eventtype.clock) {
      subscribed.clock = guest.u32(at + layout.clock);
      const timeout = guest.u64(at + layout.timeout);
      const isPoint = (guest.u16(at + layout.flags) & subclockflags.abstime) !== 0;
      const started = now(subscribed.clock);
      subscribed.deadline = isPoint ? timeout : started + timeout;
    } else if (tag === eventtype.fd_read || tag === eventtype.fd_write) {
      subscribed.fd = guest.u32(at + layout.fd);
    } else throw new CallError(errno.inval);
    return subscribed;
  };

  /** What is ready of a descriptor, after a wait of some nanoseconds at most, or nothing. */
  const check = (of: Subscription, wait: bigint): Event | undefined => {
    const found = descriptors.get(of.fd);
    const ready: Event = { of, error: errno.success, nbytes: 1n, isHangup: false };
    if (!found) return { ...ready, error: errno.badf };
    if (found.kind !== "stream") return ready;
    if (of.tag === eventtype.fd_write) return found.write ? ready : { ...ready, error: errno.notcapable };
    if (!found.poll) return { ...ready, error: errno.notcapable };
    const readiness = found.poll(wait);
    return readiness && { ...ready, ...readiness };
  };

  return (list, events, count, given) => {
    const number = count >>> 0;
    if (number === 0 || number > mostSubscriptions) return errno.inval;
    guest.bytes(list, number * layout.size);
    const subscribed = Array.from({ length: number }, (_, i) => read(list + i * layout.size));
    for (;;) {
      const clocks = subscribed.filter((it) => it.tag === eventtype.clock);
      const others = subscribed.filter((it) => it.tag !== eventtype.clock);
      const left = clocks.map((it) => it.deadline - now(it.clock));
      const shortest = left.reduce((least, it) => (it < least ? it : least), left[0] ?? second);
      // A wait for input is one for its clock as well.
      const wait = shortest > 0n ? patience(shortest) : 0n;
      const found = [
        ...firstOfEach(others.map((it) => check(it, wait)).filter((it) => it !== undefined)),
        ...clocks
          .filter((_, i) => left[i]! <= 0n)
          .map((of): Event => ({ of, error: errno.success, nbytes: 0n, isHangup: false })),
      ];
      if (found.length > 0) {
        for (const [i, it] of found.entries()) give(guest, events + i * event.size, it);
        guest.setU32(given, found.length);
        return errno.success;
      }
      if (clocks.length > 0 && (others.length === 0 || wait === 0n)) sleep(shortest);
    }
  };
}

/** One event for a descriptor, as node:wasi has it: programs count on what they asked twice being told once. */
function firstOfEach(events: Event[]): Event[] {
  return events.filter((it, i) => events.findIndex((other) => other.of.fd === it.of.fd) === i);
}

function give(guest: Guest, at: number, { of, error, nbytes, isHangup }: Event): void {
  guest.bytes(at, event.size).fill(0);
  guest.setU64(at + event.userdata, of.userdata);
  guest.setU16(at + event.error, error);
  guest.setU8(at + event.type, of.tag);
  if (of.tag === eventtype.clock) return;
  guest.setU64(at + event.nbytes, nbytes);
  guest.setU16(at + event.flags, isHangup ? eventrwflags.fd_readwrite_hangup : 0);
}
