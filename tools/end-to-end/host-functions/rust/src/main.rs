// Functions of the host in Rust. What crosses the border are numbers: a text is an address and a size.
mod host {
    #[link(wasm_import_module = "env")]
    extern "C" {
        pub fn lookup(key: *const u8, key_size: usize, value: *mut u8, room: usize) -> i32;
        pub fn log(text: *const u8, size: usize);
    }
}

/// What the host knows by a name, if it does.
fn lookup(key: &str) -> Option<String> {
    let mut value = [0; 64];
    let size = unsafe { host::lookup(key.as_ptr(), key.len(), value.as_mut_ptr(), value.len()) };
    let size = usize::try_from(size).ok()?;
    Some(String::from_utf8_lossy(&value[..size]).into_owned())
}

fn log(text: &str) {
    unsafe { host::log(text.as_ptr(), text.len()) }
}

fn main() {
    match lookup("name") {
        Some(name) => log(&format!("Hello, {name}")),
        None => std::process::exit(1),
    }
}
