//! Where a path leads. Zig opens every path from a directory that is open already,
//! and the only ones are those that were granted.

const std = @import("std");

/// A directory that was granted, and the rest of a path below it.
pub const Place = struct {
    dir: std.Io.Dir,
    path: []const u8,
};

/// Finds the preopen that a path leads through: for "/sandbox/file.txt" that is
/// "/sandbox", and from there "file.txt". If several match, the longest counts;
/// null if none does.
pub fn find(preopens: std.process.Preopens, path: []const u8) ?Place {
    const whole = trim(path);
    var found: ?Place = null;
    var longest: usize = 0;

    // Preopens are the descriptors from 3 on: after 0, 1 and 2, the streams.
    for (preopens.map.keys()[3..], 3..) |preopen, descriptor| {
        const name = trim(preopen);
        if ((found == null or name.len > longest) and leadsThrough(whole, name)) {
            const rest = trim(whole[name.len..]);
            found = .{
                .dir = .{ .handle = @intCast(descriptor) },
                // A directory's own name is ".", not nothing.
                .path = if (rest.len == 0) "." else rest,
            };
            longest = name.len;
        }
    }
    return found;
}

/// "sandbox/x" leads through "sandbox", and "sandboxed/x" does not.
fn leadsThrough(path: []const u8, name: []const u8) bool {
    if (!std.mem.startsWith(u8, path, name)) return false;
    return name.len == 0 or path.len == name.len or path[name.len] == '/';
}

/// A path without slashes at its ends, and without the "." of a root.
fn trim(path: []const u8) []const u8 {
    const name = std.mem.trim(u8, path, "/");
    return if (std.mem.eql(u8, name, ".")) "" else name;
}
