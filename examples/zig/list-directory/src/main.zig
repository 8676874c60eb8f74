const std = @import("std");
const Io = std.Io;
const preopen = @import("preopen.zig");

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const args = try init.minimal.args.toSlice(arena);
    if (args.len > 2) {
        std.debug.print("usage: list-directory [PATH]\n", .{});
        std.process.exit(2);
    }
    const start = if (args.len == 2) args[1] else "/sandbox";
    const place = preopen.find(init.preopens, start) orelse
        fail(start, "no directory above it was granted");

    var buffer: [1024]u8 = undefined;
    var stdout = Io.File.stdout().writerStreaming(init.io, &buffer);
    const listing: Listing = .{ .io = init.io, .arena = arena, .out = &stdout.interface };
    try listing.list(place.dir, place.path, start, "");
    try stdout.interface.flush();
}

const Listing = struct {
    io: Io,
    arena: std.mem.Allocator,
    out: *Io.Writer,

    /// Prints what is below a directory. `path` leads to it, and `shown` too: from
    /// the start on.
    fn list(self: Listing, parent: Io.Dir, name: []const u8, path: []const u8, shown: []const u8) !void {
        const dir = parent.openDir(self.io, name, .{ .iterate = true }) catch |err| fail(path, @errorName(err));
        defer dir.close(self.io);

        const names = self.read(dir) catch |err| fail(path, @errorName(err));
        for (names) |below| {
            const below_path = try self.join(path, below);
            const below_shown = try self.join(shown, below);

            // About the entry itself: a link is not followed.
            const stat = dir.statFile(self.io, below, .{ .follow_symlinks = false }) catch |err|
                fail(below_path, @errorName(err));
            switch (stat.kind) {
                .directory => {
                    try self.out.print("{s}/\n", .{below_shown});
                    try self.list(dir, below, below_path, below_shown);
                },
                .sym_link => try self.out.print("{s}@\n", .{below_shown}),
                else => try self.out.print("{s} {d}\n", .{ below_shown, stat.size }),
            }
        }
    }

    /// The names in a directory; Zig leaves out "." and "..". A host may return them
    /// in any order. They are sorted by their bytes, so that the order is the same on
    /// every host and in every language.
    fn read(self: Listing, dir: Io.Dir) ![]const []const u8 {
        var names: std.ArrayList([]const u8) = .empty;
        var entries = dir.iterate();
        while (try entries.next(self.io)) |entry| {
            try names.append(self.arena, try self.arena.dupe(u8, entry.name));
        }
        std.mem.sortUnstable([]const u8, names.items, {}, isBefore);
        return names.items;
    }

    fn isBefore(_: void, a: []const u8, b: []const u8) bool {
        return std.mem.lessThan(u8, a, b);
    }

    fn join(self: Listing, path: []const u8, name: []const u8) ![]const u8 {
        return std.fs.path.join(self.arena, &.{ path, name });
    }
};

/// Ends the program. Zig has a name for each error, not WASI's number.
fn fail(path: []const u8, reason: []const u8) noreturn {
    std.debug.print("list-directory: {s}: {s}\n", .{ path, reason });
    std.process.exit(1);
}
