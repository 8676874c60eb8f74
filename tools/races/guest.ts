import { assemble, imports } from "../wat.ts";
import type { Kind } from "./kinds.ts";
import { content } from "./race-tree.ts";
import type { RaceTree } from "./race-tree.ts";

/** The result of attempts, as a guest has counted it. */
export interface Counts {
  failed: number;
  /** Attempts that returned no errno, with those that saw something outside. */
  succeeded: number;
  /** Attempts that saw something outside. */
  seen: number;
  /** How often an attempt ended differently from the one before it: a measure of how much it was a race. */
  turns: number;
}

/** How many attempts a run makes, and on how many names, one after another. */
interface Extent {
  attempts: number;
  names: number;
}

/** The guest that makes attempts of a kind, from number 0 on, and prints its counts: four numbers of 32 bits. */
const attackerText = ({ attempt }: Kind, { attempts, names }: Extent, { outsideInode }: RaceTree): string => `(module
  ${imports}
  (memory (export "memory") 1)
  (global $failed i32 (i32.const 0)) (global $succeeded i32 (i32.const 4)) (global $seen i32 (i32.const 8))
  (global $turns i32 (i32.const 12))
  (global $result i32 (i32.const 16))
  (global $vector i32 (i32.const 32)) (data (i32.const 32) "\\00\\10\\00\\00\\01\\00\\00\\00")
  (global $counts i32 (i32.const 48)) (data (i32.const 48) "\\00\\00\\00\\00\\10\\00\\00\\00")
  (global $stat i32 (i32.const 64))
  (global $way i32 (i32.const 256)) (data (i32.const 256) "way/0000")
  (global $home i32 (i32.const 272)) (data (i32.const 272) "home/0000")
  (global $buffer i32 (i32.const 4096)) (data (i32.const 4096) "X")
  (global $outsideSize i64 (i64.const ${content.outside.length}))
  (global $outsideLetter i32 (i32.const ${content.outside.charCodeAt(0)}))
  (global $outsideInode i64 (i64.const ${outsideInode}))

  ;; Whether one of the entries in the buffer has a name as only the outside has.
  (func $listsOutside (result i32) (local $at i32) (local $end i32)
    (local.set $at (global.get $buffer))
    (local.set $end (i32.add (global.get $buffer) (i32.load (global.get $result))))
    (loop $next
      (if (i32.ge_u (i32.add (local.get $at) (i32.const 24)) (local.get $end)) (then (return (i32.const 0))))
      (if (i32.eq (i32.load8_u offset=24 (local.get $at)) (global.get $outsideLetter))
        (then (return (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.add (i32.const 24) (i32.load offset=16 (local.get $at)))))
      (br $next))
    unreachable)

  ;; Puts a number's four digits at the end of both paths.
  (func $number (param $number i32) (local $at i32) (local $digit i32)
    (local.set $at (i32.const 3))
    (loop $next
      (local.set $digit (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
      (i32.store8 offset=4 (i32.add (global.get $way) (local.get $at)) (local.get $digit))
      (i32.store8 offset=5 (i32.add (global.get $home) (local.get $at)) (local.get $digit))
      (local.set $number (i32.div_u (local.get $number) (i32.const 10)))
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (br_if $next (i32.ge_s (local.get $at) (i32.const 0)))))

  (func $attempt (result i32) (local $fd i32) (local $directory i32) (local $outcome i32)
    (local.set $outcome (global.get $succeeded))
    ${attempt}
    (local.get $outcome))

  (func $count (param $counter i32)
    (i32.store (local.get $counter) (i32.add (i32.load (local.get $counter)) (i32.const 1))))

  (func (export "_start") (local $done i32) (local $outcome i32) (local $last i32)
    (loop $again
      (call $number (i32.rem_u (local.get $done) (i32.const ${names})))
      (local.set $outcome (call $attempt))
      (call $count (local.get $outcome))
      (if (i32.and (i32.ne (local.get $done) (i32.const 0)) (i32.ne (local.get $outcome) (local.get $last)))
        (then (call $count (global.get $turns))))
      (local.set $last (local.get $outcome))
      (local.set $done (i32.add (local.get $done) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $done) (i32.const ${attempts}))))
    (if (call $fd_write (i32.const 1) (global.get $counts) (i32.const 1) (global.get $result)) (then unreachable))))`;

/**
 * The guest that swaps `way` and `other`, as a program beside it could, until
 * there is a file `done`: it looks for that once in a while.
 */
const swapperText = `(module
  ${imports}
  (memory (export "memory") 1)
  (data (i32.const 0) "way") (data (i32.const 16) "other") (data (i32.const 32) "spare") (data (i32.const 48) "done")
  (func $rename (param i32 i32 i32 i32)
    (if (call $path_rename
          (i32.const 3) (local.get 0) (local.get 1) (i32.const 3) (local.get 2) (local.get 3))
      (then unreachable)))
  (func (export "_start") (local $left i32)
    (loop $again
      (local.set $left (i32.const 16))
      (loop $swap
        (call $rename (i32.const 0) (i32.const 3) (i32.const 32) (i32.const 5))
        (call $rename (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 3))
        (call $rename (i32.const 32) (i32.const 5) (i32.const 16) (i32.const 5))
        (br_if $swap (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (br_if $again
        (call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 48) (i32.const 4) (i32.const 64))))))`;

/** Compiles the guest that makes attempts of a kind, into a folder. */
export const compileAttacker = (folder: string, kind: Kind, extent: Extent, tree: RaceTree): Promise<string> =>
  assemble(folder, "attacker", attackerText(kind, extent, tree));

/** Compiles the guest that swaps, into a folder. */
export const compileSwapper = (folder: string): Promise<string> => assemble(folder, "swapper", swapperText);

/** Reads what the first guest printed. */
export function readCounts(printed: Uint8Array): Counts {
  const view = new DataView(printed.buffer, printed.byteOffset, printed.byteLength);
  const [failed = 0, succeeded = 0, seen = 0, turns = 0] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  return { failed, succeeded: succeeded + seen, seen, turns };
}
