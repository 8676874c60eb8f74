import type { Abi } from "../abi/abi.ts";
import { abis } from "../abi/abi.ts";
import type { Filestat } from "../fs/file-system.ts";
import type { GuestMemory } from "../guest-memory.ts";

/** Writes attributes as the guest's version of the interface has them. */
export function writeFilestat(memory: GuestMemory, { filestat: layout }: Abi, address: number, stat: Filestat): void {
  memory.bytes(address, layout.size).fill(0);
  memory.setU64(address + layout.dev, stat.dev);
  memory.setU64(address + layout.ino, stat.ino);
  memory.setU8(address + layout.filetype, stat.filetype);
  // It has 64 bits now, and had 32 in wasi_unstable.
  if (layout === abis.wasi_unstable.filestat) memory.setU32(address + layout.nlink, Number(stat.nlink));
  else memory.setU64(address + layout.nlink, stat.nlink);
  memory.setU64(address + layout.filesize, stat.size);
  memory.setU64(address + layout.atim, stat.atim);
  memory.setU64(address + layout.mtim, stat.mtim);
  memory.setU64(address + layout.ctim, stat.ctim);
}
