const std = @import("std");

pub fn main(init: std.process.Init) !void {
    const io = init.io;
    var buffer: [256]u8 = undefined;
    var stdout = std.Io.File.stdout().writerStreaming(io, &buffer);
    const out = &stdout.interface;

    // The time of day. Someone may set this clock, forwards or back.
    const now = std.Io.Clock.real.now(io);
    try out.print("time: {d} s and {d} ns since 1970\n", .{
        @divFloor(now.nanoseconds, std.time.ns_per_s),
        @mod(now.nanoseconds, std.time.ns_per_s),
    });

    // A clock that nobody can set: for durations.
    const first = std.Io.Clock.awake.now(io);
    const second = std.Io.Clock.awake.now(io);
    try out.print("between two readings: {d} ns\n", .{first.durationTo(second).nanoseconds});

    // One second, or a little more.
    try io.sleep(.fromSeconds(1), .awake);
    const third = std.Io.Clock.awake.now(io);
    try out.print("asleep for a second: {d} ns\n", .{second.durationTo(third).nanoseconds});

    // Asks the host. `random` would only take a seed from it, and compute the
    // bytes itself.
    var bytes: [16]u8 = undefined;
    try io.randomSecure(&bytes);
    try out.print("random: {x}\n", .{&bytes});
    try out.flush();
}
