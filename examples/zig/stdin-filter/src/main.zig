const std = @import("std");

pub fn main(init: std.process.Init) void {
    const stdin = std.Io.File.stdin();
    const stdout = std.Io.File.stdout();

    // However much comes in, the program needs no more memory than this.
    var buffer: [4096]u8 = undefined;

    while (true) {
        // A read returns what is there, often less than would fit. The end of the
        // input is an error of its own.
        const count = stdin.readStreaming(init.io, &.{&buffer}) catch |err| switch (err) {
            error.EndOfStream => return,
            else => fail("stdin", err),
        };
        const piece = buffer[0..count];

        // Bytes, not text: the end of a piece may cut a letter such as "ß" in two.
        // In UTF-8 no byte of such a letter is one of a-z, so all of them pass
        // through unchanged.
        for (piece) |*byte| byte.* = std.ascii.toUpper(byte.*);

        // WASI may take only a part of a write; this writes until all is written.
        stdout.writeStreamingAll(init.io, piece) catch |err| fail("stdout", err);
    }
}

/// Ends the program, and says why.
fn fail(stream: []const u8, err: anyerror) noreturn {
    std.debug.print("stdin-filter: {s}: {t}\n", .{ stream, err });
    std.process.exit(1);
}
