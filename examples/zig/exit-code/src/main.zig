const std = @import("std");

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    switch (args.len) {
        // If main returns, the exit code is 0. If it returns an error, it is 1.
        1 => return,

        2 => {
            // The instruction `unreachable`, in which a panic ends as well: it
            // stops the program, and there is no exit code. A host reports that
            // in its own way; wasi-kit exits with 134.
            if (std.mem.eql(u8, args[1], "trap")) @trap();

            // It calls WASI's proc_exit, which does not return.
            if (parse(args[1])) |code| std.process.exit(code);
        },

        else => {},
    }
    std.debug.print("usage: exit-code [0-255|trap]\n", .{});
    std.process.exit(2);
}

/// One or more digits, at most 255: larger exit codes don't get through the
/// systems around WASI.
fn parse(text: []const u8) ?u8 {
    // parseInt itself accepts "+" and "_", too.
    for (text) |char| if (!std.ascii.isDigit(char)) return null;
    return std.fmt.parseInt(u8, text, 10) catch null;
}
