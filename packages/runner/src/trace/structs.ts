import type { DescriptorTable, GuestMemory } from "@wasi-kit/wasi";
import {
  clockid,
  dirent,
  errnoNames,
  event,
  eventtype,
  fdflags,
  fdstat,
  filetype,
  prestat,
  subclockflags,
} from "@wasi-kit/wasi/abi";
import type { Abi } from "@wasi-kit/wasi/abi";
import { utf8Text } from "../text/bytes.ts";
import type { TracedValue } from "./traced-call.ts";
import { descriptorValue, enumValue, flagsValue, integerValue, rightsValue } from "./values.ts";

// The ABI's structures in a guest's memory, as a trace has them.

export function fdstatValue(memory: GuestMemory, at: number): TracedValue {
  return {
    fs_filetype: enumValue(filetype, memory.u8(at + fdstat.fs_filetype)),
    fs_flags: flagsValue(fdflags, memory.u16(at + fdstat.fs_flags)),
    fs_rights_base: rightsValue(memory.u64(at + fdstat.fs_rights_base)),
    fs_rights_inheriting: rightsValue(memory.u64(at + fdstat.fs_rights_inheriting)),
  };
}

export function filestatValue(memory: GuestMemory, { filestat }: Abi, at: number): TracedValue {
  return {
    filetype: enumValue(filetype, memory.u8(at + filestat.filetype)),
    filesize: integerValue(memory.u64(at + filestat.filesize)),
    dev: integerValue(memory.u64(at + filestat.dev)),
    ino: integerValue(memory.u64(at + filestat.ino)),
    atim: integerValue(memory.u64(at + filestat.atim)),
    mtim: integerValue(memory.u64(at + filestat.mtim)),
    ctim: integerValue(memory.u64(at + filestat.ctim)),
  };
}

export const prestatValue = (memory: GuestMemory, at: number): TracedValue => ({
  pr_name_len: memory.u32(at + prestat.pr_name_len),
});

/** The entries of a directory that are there as a whole: the last one may be cut off. */
export function direntValues(memory: GuestMemory, start: number, size: number): TracedValue {
  const found: TracedValue[] = [];
  for (let at = start; at + dirent.size <= start + size;) {
    const length = memory.u32(at + dirent.d_namlen);
    const name = at + dirent.size;
    if (name + length > start + size) break;
    found.push({
      name: utf8Text(memory.bytes(name, length)),
      d_type: enumValue(filetype, memory.u8(at + dirent.d_type)),
    });
    at = name + length;
  }
  return found;
}

export function subscriptionValue(
  memory: GuestMemory,
  { subscription }: Abi,
  at: number,
  table: DescriptorTable,
): TracedValue {
  const tag = memory.u8(at + subscription.tag);
  const type = enumValue(eventtype, tag);
  if (tag !== eventtype.clock) return { type, fd: descriptorValue(memory.u32(at + subscription.fd), table) };
  return {
    type,
    id: enumValue(clockid, memory.u32(at + subscription.clock)),
    timeout: integerValue(memory.u64(at + subscription.timeout)),
    flags: flagsValue(subclockflags, memory.u16(at + subscription.flags)),
  };
}

export function eventValue(memory: GuestMemory, at: number): TracedValue {
  return {
    type: enumValue(eventtype, memory.u8(at + event.type)),
    error: errnoNames[memory.u16(at + event.error)] ?? memory.u16(at + event.error),
  };
}
