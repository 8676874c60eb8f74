const std = @import("std");
const preopen = @import("preopen.zig");

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();

    // The first argument, if there is one. Arguments are like files: a module has
    // only those that the host passes to it.
    const args = try init.minimal.args.toSlice(arena);
    const path = if (args.len > 1) args[1] else "/sandbox/file.txt";

    const place = preopen.find(init.preopens, path) orelse
        fail("failed to find a pre-opened file descriptor through which \"{s}\" could be opened", .{path});
    const contents = place.dir.readFileAlloc(init.io, place.path, arena, .unlimited) catch |err|
        fail("can't read \"{s}\": {t}", .{ path, err });
    try std.Io.File.stdout().writeStreamingAll(init.io, contents);
}

/// Says why, and stops with a trap.
fn fail(comptime format: []const u8, values: anytype) noreturn {
    std.debug.print(format ++ "\n", values);
    std.process.abort();
}
