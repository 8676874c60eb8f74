//! Functions for a host to call. They can take and return only numbers, so a list
//! or a text is an address in memory, and a size. `export` exports a function from
//! the module.

const std = @import("std");

const allocator = std.heap.wasm_allocator;

/// Memory for any type of number.
const Memory = [*]align(8) u8;

/// Takes memory and returns its address, which is null if none is left.
export fn allocate(size: usize) ?Memory {
    const memory = allocator.alignedAlloc(u8, .@"8", atLeastOne(size)) catch return null;
    return memory.ptr;
}

/// Gives memory back: it was taken with `allocate`, with the same size.
export fn deallocate(address: Memory, size: usize) void {
    allocator.free(address[0..atLeastOne(size)]);
}

/// Nothing takes no memory, and so has no address.
fn atLeastOne(size: usize) usize {
    return @max(size, 1);
}

export fn add(a: f64, b: f64) f64 {
    return a + b;
}

/// The sum of some numbers, one after the other in memory.
export fn sum(numbers: [*]const f64, count: usize) f64 {
    var total: f64 = 0;
    // From here on it is a slice like any other.
    for (numbers[0..count]) |number| total += number;
    return total;
}

/// The address of a greeting: 4 bytes with its size, and then its bytes. The host
/// has to give it back. Null if there is no memory for it.
export fn greet(name: [*]const u8, size: usize) ?Memory {
    const format = "Hello, {s}!";
    const length = std.fmt.count(format, .{name[0..size]});

    const greeting = (allocate(4 + length) orelse return null)[0 .. 4 + length];
    std.mem.writeInt(u32, greeting[0..4], length, .little);
    _ = std.fmt.bufPrint(greeting[4..], format, .{name[0..size]}) catch unreachable;
    return greeting.ptr;
}
