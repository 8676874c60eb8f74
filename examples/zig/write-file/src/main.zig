const std = @import("std");
const wasi = std.os.wasi;
const preopen = @import("preopen.zig");

/// How a file is opened decides what happens to its content, in one step: nobody
/// can create it between a check whether it exists and the opening. These are the
/// flags of WASI's path_open. (`Dir.createFile` can't append.)
const Mode = struct { open: wasi.oflags_t = .{}, file: wasi.fdflags_t = .{} };
const modes = std.StaticStringMap(Mode).initComptime(.{
    // a new file; fails if there is one
    .{ "create", Mode{ .open = .{ .CREAT = true, .EXCL = true } } },
    // adds to the end, wherever that is at each write
    .{ "append", Mode{ .open = .{ .CREAT = true }, .file = .{ .APPEND = true } } },
    // drops what was in the file
    .{ "replace", Mode{ .open = .{ .CREAT = true, .TRUNC = true } } },
    // keeps what is there
    .{ "overwrite", Mode{} },
});

pub fn main(init: std.process.Init) !void {
    const all = try init.minimal.args.toSlice(init.arena.allocator());
    const args: []const []const u8 = if (all.len > 1) all[1..] else &.{ "replace", "/sandbox/file.txt", "modified\n" };
    if (args.len < 3) usage();
    const mode = modes.get(args[0]) orelse usage();
    const path = args[1];
    const text = args[2];
    const takes_offset = std.mem.eql(u8, args[0], "overwrite");
    if (args.len != @as(usize, if (takes_offset) 4 else 3)) usage();
    const offset = if (takes_offset) parse(args[3]) orelse usage() else 0;

    const place = preopen.find(init.preopens, path) orelse {
        std.debug.print("write-file: {s}: no directory above it was granted\n", .{path});
        std.process.exit(1);
    };
    const errno = write(place, mode, text, offset);
    if (errno != .SUCCESS) {
        std.debug.print("write-file: {s}: error {d}\n", .{ path, @intFromEnum(errno) });
        std.process.exit(1);
    }

    var buffer: [256]u8 = undefined;
    var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    try stdout.interface.print("wrote {d} bytes to {s}\n", .{ text.len, path });
    try stdout.interface.flush();
}

fn write(place: preopen.Place, mode: Mode, text: []const u8, offset: u64) wasi.errno_t {
    var file: wasi.fd_t = undefined;
    var errno = wasi.path_open(
        place.dir.handle,
        .{ .SYMLINK_FOLLOW = true },
        place.path.ptr,
        place.path.len,
        mode.open,
        .{ .FD_WRITE = true, .FD_SEEK = true }, // all that will be done with the file
        .{}, // it is no directory, through which others could be opened
        mode.file,
        &file,
    );
    if (errno != .SUCCESS) return errno;
    defer _ = wasi.fd_close(file);

    // A write starts at the file's position: 0, unless it is moved.
    var position: wasi.filesize_t = undefined;
    errno = wasi.fd_seek(file, @bitCast(offset), .SET, &position);

    // WASI may take only a part of a write.
    var rest = text;
    while (errno == .SUCCESS and rest.len > 0) {
        var count: usize = undefined;
        errno = wasi.fd_write(file, &.{.{ .base = rest.ptr, .len = rest.len }}, 1, &count);
        if (errno == .SUCCESS) rest = rest[count..];
    }
    return errno;
}

/// One or more digits, below 2^64: WASI's largest offset.
fn parse(text: []const u8) ?u64 {
    // parseInt itself accepts "+" and "_", too.
    for (text) |char| if (!std.ascii.isDigit(char)) return null;
    return std.fmt.parseInt(u64, text, 10) catch null;
}

fn usage() noreturn {
    std.debug.print("usage: write-file create|append|replace|overwrite PATH TEXT [OFFSET]\n", .{});
    std.process.exit(2);
}
