import { openFlags } from "../../src/fs/file-system.ts";
import type { FileSystem } from "../../src/fs/file-system.ts";

/** A file system that notes what is asked of it, and fails if anything is changed. */
export function watched(fileSystem: FileSystem, calls: string[]): FileSystem {
  const reading = new Set(["kind", "open", "openDirectory", "lookup", "stat", "list", "readlink", "close", "read"]);
  const watch = <T extends object>(handle: T): T =>
    new Proxy(handle, {
      get(target, key) {
        const member = Reflect.get(target, key) as unknown;
        if (typeof member !== "function") return member;
        return (...values: unknown[]) => {
          calls.push(`${String(key)} ${typeof values[0] === "string" ? values[0] : ""}`.trim());
          if (!reading.has(String(key)) || (key === "open" && values[1] !== openFlags.read))
            throw new Error(`${calls.at(-1)}`);
          const result = member.apply(target, values) as unknown;
          return typeof result === "object" && result !== null && "kind" in result ? watch(result) : result;
        };
      },
    });
  return { open: () => watch(fileSystem.open()) };
}
