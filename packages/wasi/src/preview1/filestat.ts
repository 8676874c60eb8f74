import type { Abi } from "../abi/abi.ts";
import type { Filestat } from "../fs/file-system.ts";
import type { GuestMemory } from "../guest-memory.ts";

/** Writes attributes as the guest's version of the interface has them. */
export function writeFilestat(memory: GuestMemory, { filestat: layout }: Abi, address: number, stat: Filestat): void {
  memory.bytes(address, layout.size).fill(0);
  memory.setU64(address + layout.dev, stat.dev);
  memory.setU64(address + layout.ino, stat.ino);
  memory.setU8(address + layout.filetype, stat.filetype);
  // The field has 64 bits in preview 1 and 32 in wasi_unstable. No file has more names than 32 bits can count.
  memory.setU32(address + layout.nlink, Number(stat.nlink));
  memory.setU64(address + layout.filesize, stat.size);
  memory.setU64(address + layout.atim, stat.atim);
  memory.setU64(address + layout.mtim, stat.mtim);
  memory.setU64(address + layout.ctim, stat.ctim);
}
