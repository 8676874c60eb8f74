import { constants } from "node:fs";
import { expect, test } from "vitest";
import { filetype } from "../../src/abi/layouts.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import { hostFlags, reopenFlags } from "../../src/node/host/flags.ts";
import { filetypeOf } from "../../src/node/host/stat.ts";

const { O_RDONLY, O_RDWR, O_WRONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
const always = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

test.each([
  ["read", openFlags.read, O_RDONLY],
  ["write", openFlags.write, O_WRONLY],
  ["read and write", openFlags.read | openFlags.write, O_RDWR],
  ["nothing", 0, O_RDONLY],
  ["create", openFlags.write | openFlags.create, O_WRONLY | constants.O_CREAT],
  ["exclusive", openFlags.exclusive, constants.O_EXCL],
  ["truncate", openFlags.truncate, constants.O_TRUNC],
  ["directory", openFlags.directory, constants.O_DIRECTORY],
  ["append", openFlags.append, constants.O_APPEND],
  ["dsync", openFlags.dsync, constants.O_DSYNC],
  ["sync", openFlags.sync, constants.O_SYNC],
])("the host's flags for %s", (_, flags, host) => {
  expect(hostFlags(flags)).toBe(host | always);
  expect(reopenFlags(flags)).toBe(host | O_NONBLOCK | O_NOCTTY);
});

test.each([
  ["a file", constants.S_IFREG, filetype.regular_file],
  ["a directory", constants.S_IFDIR, filetype.directory],
  ["a link", constants.S_IFLNK, filetype.symbolic_link],
  ["a character device", constants.S_IFCHR, filetype.character_device],
  ["a block device", constants.S_IFBLK, filetype.block_device],
  ["a socket", constants.S_IFSOCK, filetype.socket_stream],
  ["a named pipe", constants.S_IFIFO, filetype.unknown],
])("the type of %s", (_, mode, type) => {
  expect(filetypeOf(mode | 0o644)).toBe(type);
});
