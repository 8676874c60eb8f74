use std::arch::wasm32;
use std::env;
use std::process;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();

    match args[..] {
        // If main returns, the exit code is 0.
        [] => {}

        // The instruction that a panic ends in as well: it breaks off the
        // program, and there is no exit code. A host says in its own way that
        // this happened; wasi-kit ends with 134.
        ["trap"] => wasm32::unreachable(),

        // The host gets the number through WASI's proc_exit, which does not
        // return.
        [text] => match parse(text) {
            Some(code) => process::exit(code.into()),
            None => usage(),
        },

        _ => usage(),
    }
}

/// One or more digits, at most 255: what the systems around WASI can pass on.
fn parse(text: &str) -> Option<u8> {
    // Rust itself would take a "+" before them.
    if text.starts_with('+') {
        return None;
    }
    text.parse().ok()
}

fn usage() -> ! {
    eprintln!("usage: exit-code [0-255|trap]");
    process::exit(2)
}
