import type { Guest } from "../../guest.ts";
import { abis } from "../../preview1/abi.ts";
import { filestat as preview1 } from "../../preview1/layouts.ts";
import { scratch } from "../../scratch.ts";

/** Copies the attributes that node:wasi put into scratch to the guest, as its version of the interface has them. */
export function giveFilestat(guest: Guest, address: number): void {
  const { view, bytes, out } = scratch;
  const layout = guest.abi.filestat;
  const target = guest.bytes(address, layout.size);
  if (layout === abis.wasi_snapshot_preview1.filestat) {
    target.set(bytes.subarray(out, out + layout.size));
    return;
  }
  target.fill(0);
  for (const field of ["dev", "ino", "filesize", "atim", "mtim", "ctim"] as const) {
    guest.setU64(address + layout[field], view.getBigUint64(out + preview1[field], true));
  }
  guest.setU8(address + layout.filetype, view.getUint8(out + preview1.filetype));
  guest.setU32(address + layout.nlink, Number(view.getBigUint64(out + preview1.nlink, true)));
}
