const std = @import("std");
const preopen = @import("preopen.zig");

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    if (args.len > 2) {
        std.debug.print("usage: remove-file [PATH]\n", .{});
        std.process.exit(2);
    }
    const path = if (args.len == 2) args[1] else "/sandbox/file.txt";
    const place = preopen.find(init.preopens, path) orelse
        fail(path, "no directory above it was granted");

    // Zig has a name for each error, not WASI's number.
    place.dir.deleteFile(init.io, place.path) catch |err| fail(path, @errorName(err));

    var buffer: [256]u8 = undefined;
    var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    try stdout.interface.print("removed {s}\n", .{path});
    try stdout.interface.flush();
}

/// Ends the program, and says why.
fn fail(path: []const u8, reason: []const u8) noreturn {
    std.debug.print("remove-file: {s}: {s}\n", .{ path, reason });
    std.process.exit(1);
}
