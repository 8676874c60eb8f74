import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry, Kind } from "./kinds.ts";

/** What is in files, as a target in links, and a name that only one of the two has. */
export const content = { inside: "inside", outside: "outside!" } as const;

/**
 * Directories for attempts of a kind:
 *
 *     granted/      what the guest is granted
 *       way         swapped with …
 *       other       … this: one is a directory, one a link to outside
 *       home/
 *     outside/      has the same names as the directory that is swapped
 */
export interface RaceTree {
  /** For what else is needed. */
  folder: string;
  granted: string;
  /** The two names that are to be swapped. */
  swapped: readonly [way: string, other: string];
  outsideInode: bigint;
  /** Makes everything again that attempts have used up. */
  restore(): void;
  /** How many names outside are not as they were after `restore`. */
  countChanged(): number;
  remove(): void;
}

/** In memory if there is such a place: a disk takes so long that there is little of a race. */
const temporary = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** @param names - how many of each kind of name there are: `0000`, `0001`, … */
export function createRaceTree({ way, home = "nothing" }: Pick<Kind, "way" | "home">, names: number): RaceTree {
  const folder = mkdtempSync(join(temporary, "wasi-kit-races-"));
  const at = (path: string): string => join(folder, path);
  for (const path of ["granted/way", "granted/home", "outside"]) mkdirSync(at(path), { recursive: true });
  symlinkSync("../outside", at("granted/other"));
  // The directory is reached by its descriptor: by its name it would be half of the time the other one.
  const descriptor = openSync(at("granted/way"), "r");
  const inside = `/proc/self/fd/${descriptor}`;
  writeFileSync(join(inside, content.inside), "");
  writeFileSync(at(`outside/${content.outside}`), "");

  let before = new Map<string, string>();
  let changed: string[] = [];
  return {
    folder,
    granted: at("granted"),
    swapped: [at("granted/way"), at("granted/other")],
    outsideInode: lstatSync(at("outside"), { bigint: true }).ino,
    restore() {
      for (const name of changed.filter((it) => /^\d+$/.test(it))) {
        rmSync(join(at("outside"), name), { recursive: true, force: true });
      }
      fill(inside, way, names, content.inside);
      fill(at("granted/home"), home, names, content.inside);
      if (before.size > 0 && changed.length === 0) return;
      fill(at("outside"), way, names, content.outside);
      before = snapshot(at("outside"));
    },
    countChanged() {
      const after = snapshot(at("outside"));
      changed = [...new Set([...before.keys(), ...after.keys()])].filter((it) => before.get(it) !== after.get(it));
      // The directory itself is changed by each name that comes or goes.
      return changed.length > 1 && changed.includes(".") ? changed.length - 1 : changed.length;
    },
    remove() {
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const make: Readonly<Record<Exclude<Entry, "nothing">, (path: string, text: string) => void>> = {
  file: writeFileSync,
  directory: (path) => mkdirSync(path),
  link: (path, text) => symlinkSync(text, path),
};

const nameOf = (number: number): string => String(number).padStart(4, "0");

/** Makes the numbered names of a directory what they are to be. */
function fill(directory: string, entry: Entry, names: number, text: string): void {
  const numbered = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => /^\d+$/.test(name));
  if (entry === "nothing") {
    for (const it of numbered) {
      if (it.isDirectory()) rmdirSync(join(directory, it.name));
      else unlinkSync(join(directory, it.name));
    }
    return;
  }
  const there = new Set(numbered.map(({ name }) => name));
  for (let number = 0; number < names; number++) {
    const name = nameOf(number);
    if (!there.has(name)) make[entry](join(directory, name), text);
  }
}

/** Everything about a directory and each name in it, except the time of the last access. */
function snapshot(directory: string): Map<string, string> {
  return new Map([".", ...readdirSync(directory)].map((name) => [name, describe(join(directory, name))]));
}

function describe(path: string): string {
  const stats = lstatSync(path, { bigint: true });
  const { ino, mode, nlink, uid, gid, size, mtimeNs, ctimeNs } = stats;
  const text = stats.isFile() ? readFileSync(path, "latin1") : stats.isSymbolicLink() ? readlinkSync(path) : "";
  return [ino, mode, nlink, uid, gid, size, mtimeNs, ctimeNs, text].join(" ");
}
