//! Functions for a host to call. `extern "C"` makes them such as WebAssembly
//! has them: they take and give back numbers only, so that a list or a text is
//! an address in memory, and a size. `no_mangle` exports them by their names,
//! which must not be those of C's library: that is linked in too, so that there
//! can be no second `malloc` or `free`.

use std::alloc::{self, Layout};
use std::ptr;
use std::slice;

/// Takes memory and gives back its address, which is null if none is left.
#[no_mangle]
pub extern "C" fn allocate(size: usize) -> *mut u8 {
    match layout(size) {
        // Safe: the layout has a size that is not 0.
        Some(layout) => unsafe { alloc::alloc(layout) },
        None => ptr::null_mut(),
    }
}

/// Gives memory back.
///
/// # Safety
///
/// It was taken with `allocate`, with the same size, and is used no longer.
#[no_mangle]
pub unsafe extern "C" fn deallocate(address: *mut u8, size: usize) {
    if let Some(layout) = layout(size) {
        alloc::dealloc(address, layout);
    }
}

/// Room for any type of number, and never for nothing: that has no address.
fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.max(1), 8).ok()
}

#[no_mangle]
pub extern "C" fn add(a: f64, b: f64) -> f64 {
    a + b
}

/// The sum of some numbers, which are in memory one after the other.
///
/// # Safety
///
/// There are that many numbers at the address, which is a multiple of 8.
#[no_mangle]
pub unsafe extern "C" fn sum(numbers: *const f64, count: usize) -> f64 {
    // From here on it is a slice as any other, and the compiler looks after it.
    let numbers = slice::from_raw_parts(numbers, count);
    numbers.iter().fold(0.0, |sum, number| sum + number)
}

/// The address of a greeting: 4 bytes with its size, and then its bytes. It is
/// the host's to give back. Null if there is no memory for it.
///
/// # Safety
///
/// There are that many bytes at the address.
#[no_mangle]
pub unsafe extern "C" fn greet(name: *const u8, size: usize) -> *mut u8 {
    let name = String::from_utf8_lossy(slice::from_raw_parts(name, size));
    let text = format!("Hello, {name}!");
    let length = text.len();

    let greeting = allocate(4 + length);
    if !greeting.is_null() {
        // usize has 4 bytes in WebAssembly, and the lowest comes first.
        ptr::copy_nonoverlapping(length.to_le_bytes().as_ptr(), greeting, 4);
        ptr::copy_nonoverlapping(text.as_ptr(), greeting.add(4), length);
    }
    greeting
}
