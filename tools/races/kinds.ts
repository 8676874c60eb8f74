/** What a name is at the start of an attempt. */
export type Entry = "file" | "directory" | "link" | "nothing";

/**
 * A kind of attempt, as data. An attempt has a number, and with it the paths
 * `$way` (`way/0042`, through the component that is swapped) and `$home`
 * (`home/0042`, in a directory that stays).
 */
export interface Kind {
  name: string;
  /** What there is at `$way`, in the directory and outside alike. */
  way: Entry;
  /** What there is at `$home`. Default: nothing. */
  home?: Entry;
  /** Whether it uses up or changes what it finds, so that each attempt needs a name of its own. */
  changes?: true;
  /** WAT: returns `$failed` if the call fails; sets `$outcome` to `$seen` if it saw what is outside. */
  attempt: string;
}

/** Returns if a call gives an errno. */
const must = (call: string): string => `(if (call ${call}) (then (return (global.get $failed))))`;
const sees = (condition: string): string => `(if ${condition} (then (local.set $outcome (global.get $seen))))`;

const way = "(i32.const 3) (global.get $way) (i32.const 8)";
const wayItself = "(i32.const 3) (global.get $way) (i32.const 3)";
const home = "(i32.const 3) (global.get $home) (i32.const 9)";
/** Adds the lookup flags, which are between the descriptor and the path. */
const followed = (place: string): string => place.replace(")", ") (i32.const 1)");

const rights = {
  read: 1n << 1n,
  write: 1n << 6n,
  open: 1n << 13n,
  readdir: 1n << 14n,
  stat: 1n << 21n,
  size: 1n << 22n,
};
const oflags = { create: 1, directory: 2, exclusive: 4, truncate: 8 };
const append = 1;

interface Open {
  place?: string;
  oflags?: number;
  rights: bigint;
  fdflags?: number;
}

const flags = (bits = 0): string => `(i32.const ${bits})`;

/** Opens, uses the descriptor `$fd`, closes it. */
function opened(how: Open, use = ""): string {
  const passed = `(i64.const ${how.rights}) (i64.const ${readable})`;
  return `
    ${must(`$path_open ${how.place ?? followed(way)} ${flags(how.oflags)} ${passed} ${flags(how.fdflags)} (global.get $result)`)}
    (local.set $fd (i32.load (global.get $result)))
    ${use}
    (drop (call $fd_close (local.get $fd)))`;
}

const readable = rights.read | rights.stat;
const isOutside = "(i64.eq (i64.load offset=32 (global.get $stat)) (global.get $outsideSize))";
const stat = `(drop (call $fd_filestat_get (local.get $fd) (global.get $stat))) ${sees(isOutside)}`;
const startsOutside = "(i32.eq (i32.load8_u (global.get $buffer)) (global.get $outsideLetter))";
const read = `
    (i32.store8 (global.get $buffer) (i32.const 0))
    (drop (call $fd_read (local.get $fd) (global.get $vector) (i32.const 1) (global.get $result)))
    ${sees(startsOutside)}`;
const write = "(drop (call $fd_write (local.get $fd) (global.get $vector) (i32.const 1) (global.get $result)))";
const here = "(local.get $fd) (i32.const 1) (i32.add (global.get $way) (i32.const 4)) (i32.const 4)";

/** What is tried. */
export const kinds: readonly Kind[] = [
  { name: "open", way: "file", attempt: opened({ rights: readable }, stat) },
  { name: "read", way: "file", attempt: opened({ rights: readable }, read) },
  {
    name: "open a directory, read in it",
    way: "file",
    attempt: opened(
      { place: followed(wayItself), oflags: oflags.directory, rights: rights.open | readable },
      `(local.set $directory (local.get $fd))
      (if (call $path_open ${here} (i32.const 0) (i64.const ${readable}) (i64.const 0) (i32.const 0) (global.get $result))
        (then (drop (call $fd_close (local.get $directory))) (return (global.get $failed))))
      (local.set $fd (i32.load (global.get $result)))
      ${read}
      (drop (call $fd_close (local.get $fd)))
      (local.set $fd (local.get $directory))`,
    ),
  },
  {
    name: "stat",
    way: "file",
    attempt: `${must(`$path_filestat_get ${followed(way)} (global.get $stat)`)} ${sees(isOutside)}`,
  },
  {
    name: "stat a directory",
    way: "nothing",
    attempt: `
      ${must(`$path_filestat_get ${followed(wayItself)} (global.get $stat)`)}
      ${sees("(i64.eq (i64.load offset=8 (global.get $stat)) (global.get $outsideInode))")}`,
  },
  {
    name: "list",
    way: "nothing",
    attempt: opened(
      { place: followed(wayItself), oflags: oflags.directory, rights: rights.readdir },
      `(drop (call $fd_readdir (local.get $fd) (global.get $buffer) (i32.const 4096) (i64.const 0) (global.get $result)))
      ${sees("(call $listsOutside)")}`,
    ),
  },
  {
    name: "readlink",
    way: "link",
    attempt: `
      ${must(`$path_readlink ${way} (global.get $buffer) (i32.const 4096) (global.get $result)`)}
      ${sees(startsOutside)}`,
  },
  { name: "write", way: "file", changes: true, attempt: opened({ rights: rights.write }, write) },
  { name: "append", way: "file", changes: true, attempt: opened({ rights: rights.write, fdflags: append }, write) },
  {
    name: "truncate",
    way: "file",
    changes: true,
    attempt: opened({ rights: rights.write, oflags: oflags.truncate }),
  },
  {
    name: "set the size",
    way: "file",
    changes: true,
    attempt: opened(
      { rights: rights.write | rights.size },
      "(drop (call $fd_filestat_set_size (local.get $fd) (i64.const 100)))",
    ),
  },
  {
    name: "set times",
    way: "file",
    changes: true,
    attempt: must(
      `$path_filestat_set_times ${followed(way)} (i64.const 1000000000) (i64.const 1000000000) (i32.const 5)`,
    ),
  },
  { name: "create", way: "nothing", changes: true, attempt: opened({ rights: rights.write, oflags: oflags.create }) },
  {
    name: "create exclusively",
    way: "nothing",
    changes: true,
    attempt: opened({ rights: rights.write, oflags: oflags.create | oflags.exclusive }),
  },
  { name: "create a directory", way: "nothing", changes: true, attempt: must(`$path_create_directory ${way}`) },
  { name: "remove a directory", way: "directory", changes: true, attempt: must(`$path_remove_directory ${way}`) },
  { name: "unlink", way: "file", changes: true, attempt: must(`$path_unlink_file ${way}`) },
  { name: "rename from there", way: "file", changes: true, attempt: must(`$path_rename ${way} ${home}`) },
  {
    name: "rename to there",
    way: "nothing",
    home: "file",
    changes: true,
    attempt: must(`$path_rename ${home} ${way}`),
  },
  {
    name: "link from there",
    way: "file",
    changes: true,
    attempt: must(`$path_link ${way.replace(")", ") (i32.const 0)")} ${home}`),
  },
  {
    name: "link to there",
    way: "nothing",
    home: "file",
    changes: true,
    attempt: must(`$path_link ${home.replace(")", ") (i32.const 0)")} ${way}`),
  },
  {
    name: "symlink",
    way: "nothing",
    changes: true,
    attempt: must(`$path_symlink (global.get $buffer) (i32.const 1) ${way}`),
  },
];
