import type { RunEnd } from "../run/messages.ts";
import type { Session } from "./session.ts";

/** Puts what a run changed into the files of the project. A file of more than 64 KiB is not kept. */
export async function keepChanges(changes: RunEnd["changes"], session: Session): Promise<void> {
  const granted = session.manifest?.runs[session.run]?.preopens ?? {};
  for (const [guestPath, differences] of changes) {
    const preopen = granted[guestPath];
    const host = typeof preopen === "string" ? preopen : preopen && "path" in preopen ? preopen.path : undefined;
    if (host === undefined) continue;
    for (const { path, after } of differences) {
      const target = host === "." ? path : `${host}/${path}`;
      if (after === undefined) {
        await session.removeFile(target);
        await session.removeFile(`${target}/`);
      } else if (after.kind === "directory") await session.setFile(`${target}/`, "");
      else if (after.kind === "file" && after.content) await session.setFile(target, textIfText(after.content));
    }
  }
}

/** Bytes as text if they are UTF-8 without a NUL. */
export function textIfText(bytes: Uint8Array): string | Uint8Array {
  try {
    return bytes.includes(0) ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
