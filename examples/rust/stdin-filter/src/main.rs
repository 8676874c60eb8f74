use std::io::{self, Read, Write};
use std::process;

fn main() {
    // Locked once, and not again for each piece.
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();

    // However much comes in, the program needs no more memory than this.
    let mut buffer = [0; 4096];

    loop {
        // A read gives what is there, often less than would fit. Only 0 bytes
        // mean the end.
        let count = input
            .read(&mut buffer)
            .unwrap_or_else(|error| fail("stdin", &error));
        if count == 0 {
            break;
        }

        // Bytes, not text: the end of a piece may cut a letter such as "ß" in
        // two. In UTF-8 no byte of such a letter is one of a-z, so all of them
        // pass through untouched.
        let piece = &mut buffer[..count];
        piece.make_ascii_uppercase();

        // A write may take a part only; write_all goes on until all is written.
        // Rust keeps an unfinished line back, and flush lets that go too.
        output
            .write_all(piece)
            .and_then(|()| output.flush())
            .unwrap_or_else(|error| fail("stdout", &error));
    }
}

/// Ends the program with the number of the error that WASI gave.
fn fail(stream: &str, error: &io::Error) -> ! {
    match error.raw_os_error() {
        Some(number) => eprintln!("stdin-filter: {stream}: error {number}"),
        None => eprintln!("stdin-filter: {stream}: {error}"),
    }
    process::exit(1)
}
