import type { Descriptors } from "../descriptors.ts";
import { CallError } from "../guest.ts";
import type { Guest } from "../guest.ts";
import { errno } from "../preview1/errno.ts";
import { subclockflags } from "../preview1/flags.ts";
import type { Preview1 } from "../preview1/functions.ts";
import { event, eventtype, subscription as preview1 } from "../preview1/layouts.ts";
import { scratch } from "../scratch.ts";

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

const hangup = 1;
/** How long to wait for the host's input at a time, in nanoseconds. */
const patience = 5_000_000n;
const nap = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits for the first of some clocks and descriptors. A file, or a stream in
 * memory, is ready at once; a stream of the host's may not be, and node:wasi is
 * asked. Sleeping is ours: a worker can't be ended while it sleeps in node:wasi.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#-poll_oneoffin-constpointersubscription-out-pointerevent-nsubscriptions-size---resultsize-errno
 */
export function pollCall(native: Preview1, guest: Guest, descriptors: Descriptors): Preview1["poll_oneoff"] {
  const layout = guest.abi.subscription;
  const now = (clock: number): bigint => {
    const code = native.clock_time_get(clock, 0n, scratch.out);
    if (code !== errno.success) throw new CallError(code);
    return scratch.view.getBigUint64(scratch.out, true);
  };
  const read = (at: number): Subscription => {
    const tag = guest.u8(at + layout.tag);
    const subscribed: Subscription = { userdata: guest.u64(at + layout.userdata), tag, fd: -1, clock: 0, deadline: 0n };
    if (tag === eventtype.clock) {
      subscribed.clock = guest.u32(at + layout.clock);
      const timeout = guest.u64(at + layout.timeout);
      const isPoint = (guest.u16(at + layout.flags) & subclockflags.abstime) !== 0;
      subscribed.deadline = isPoint ? timeout : now(subscribed.clock) + timeout;
    } else if (tag === eventtype.fd_read || tag === eventtype.fd_write) {
      subscribed.fd = guest.u32(at + layout.fd);
    } else throw new CallError(errno.inval);
    return subscribed;
  };

  /** What is ready of a descriptor now, or nothing. */
  const check = (of: Subscription): Event | undefined => {
    const found = descriptors.get(of.fd);
    const ready: Event = { of, error: errno.success, nbytes: 1n, isHangup: false };
    if (!found) return { ...ready, error: errno.badf };
    if (found.kind !== "stream") return ready;
    if (of.tag === eventtype.fd_write) return found.write ? ready : { ...ready, error: errno.notcapable };
    if (!found.read) return { ...ready, error: errno.notcapable };
    if (found.hostInput === undefined) return found.atEnd?.() ? { ...ready, nbytes: 0n, isHangup: true } : ready;
    return askHost(native, ready);
  };

  return (list, events, count, given) => {
    const number = count >>> 0;
    if (number === 0) return errno.inval;
    guest.bytes(list, number * layout.size);
    const subscribed = Array.from({ length: number }, (_, i) => read(list + i * layout.size));
    for (;;) {
      const clocks = subscribed.filter((it) => it.tag === eventtype.clock);
      const others = subscribed.filter((it) => it.tag !== eventtype.clock);
      const left = clocks.map((it) => it.deadline - now(it.clock));
      const found = [
        ...firstOfEach(others.map(check).filter((it) => it !== undefined)),
        ...clocks
          .filter((_, i) => left[i]! <= 0n)
          .map((of): Event => ({ of, error: errno.success, nbytes: 0n, isHangup: false })),
      ];
      if (found.length > 0) {
        for (const [i, it] of found.entries()) give(guest, events + i * event.size, it);
        guest.setU32(given, found.length);
        return errno.success;
      }
      const shortest = left.reduce((least, it) => (it < least ? it : least), left[0] ?? 1_000_000_000n);
      const milliseconds = Number(shortest) / 1e6;
      // With descriptors that are not ready, the waiting was done where they were asked.
      if (others.length === 0) Atomics.wait(nap, 0, 0, milliseconds);
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
  guest.setU16(at + event.flags, isHangup ? hangup : 0);
}

/** Asks node:wasi, whose descriptor 0 is the host's input, with a clock that is soon over; one that is over at once wins always. */
function askHost(native: Preview1, ready: Event): Event | undefined {
  const { view, bytes, data, out } = scratch;
  const result = data + 2 * preview1.size;
  bytes.fill(0, data, result);
  view.setUint8(data + preview1.tag, eventtype.fd_read);
  view.setUint8(data + preview1.size + preview1.tag, eventtype.clock);
  view.setUint32(data + preview1.size + preview1.clock, 1, true);
  view.setBigUint64(data + preview1.size + preview1.timeout, patience, true);
  // Regular files can't be asked about, and are always ready.
  if (native.poll_oneoff(data, result, 2, out) !== errno.success) return ready;
  for (let i = 0; i < view.getUint32(out, true); i++) {
    const at = result + i * event.size;
    if (view.getUint8(at + event.type) !== eventtype.fd_read) continue;
    const isHangup = (view.getUint16(at + event.flags, true) & hangup) !== 0;
    return { ...ready, isHangup };
  }
  return undefined;
}
