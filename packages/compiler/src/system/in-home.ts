import { homedir } from "node:os";
import { join } from "node:path";

/** A path in the user's home folder. Undefined for a user whom the system does not know, who has none. */
export function inHome(name: string): string | undefined {
  try {
    return join(homedir(), name);
  } catch {
    return undefined;
  }
}
