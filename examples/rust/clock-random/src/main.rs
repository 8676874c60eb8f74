use std::io;
use std::process;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

// Rust's standard library has no random numbers of its own; crates such as
// getrandom ask for them, and this is what they call here. Every WASI program
// imports functions of this module, so that a declaration is all that it takes.
#[link(wasm_import_module = "wasi_snapshot_preview1")]
extern "C" {
    /// Fills memory with random bytes: its address, and how many. Gives back an
    /// error number, 0 for none.
    fn random_get(address: *mut u8, size: usize) -> u16;
}

fn main() {
    // The time of day. Somebody may set this clock, forwards or back.
    let time = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock that is set to a time after 1970");
    println!(
        "time: {} s and {} ns since 1970",
        time.as_secs(),
        time.subsec_nanos()
    );

    // A clock that nobody sets, and that only goes forwards: for durations.
    let first = Instant::now();
    let second = Instant::now();
    println!(
        "between two readings: {} ns",
        second.duration_since(first).as_nanos()
    );

    // One second, or a little more.
    thread::sleep(Duration::from_secs(1));
    println!(
        "asleep for a second: {} ns",
        Instant::now().duration_since(second).as_nanos()
    );

    let mut bytes = [0; 16];
    fill_random(&mut bytes).unwrap_or_else(|error| fail("random", &error));
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("random: {hex}");
}

fn fill_random(bytes: &mut [u8]) -> io::Result<()> {
    // Safe: the address and the size are those of memory that is ours to fill.
    match unsafe { random_get(bytes.as_mut_ptr(), bytes.len()) } {
        0 => Ok(()),
        number => Err(io::Error::from_raw_os_error(number.into())),
    }
}

/// Ends the program with the number of the error that WASI gave.
fn fail(what: &str, error: &io::Error) -> ! {
    match error.raw_os_error() {
        Some(number) => eprintln!("clock-random: {what}: error {number}"),
        None => eprintln!("clock-random: {what}: {error}"),
    }
    process::exit(1)
}
