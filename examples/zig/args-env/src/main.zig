const std = @import("std");

pub fn main(init: std.process.Init) !void {
    var buffer: [1024]u8 = undefined;
    var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    const out = &stdout.interface;

    // Each variable that the host passed, in its order. There are no others.
    const variables = init.environ_map;
    for (variables.keys(), variables.values()) |name, value| {
        try out.print("{s}={s}\n", .{ name, value });
    }

    // The first argument is the program's name, as everywhere.
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    try out.writeAll("Args are: ");
    for (args[1..], 0..) |arg, i| {
        if (i > 0) try out.writeByte(',');
        try out.writeAll(arg);
    }
    try out.writeByte('\n');

    // What is still in the buffer.
    try out.flush();
}
