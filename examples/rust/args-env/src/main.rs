use std::env;

fn main() {
    // Each variable that the host handed over, in its order. There are no
    // others: what is not declared does not exist here.
    for (key, value) in env::vars() {
        println!("{key}={value}");
    }

    // The first argument is the program's name, as everywhere.
    let args: Vec<String> = env::args().skip(1).collect();
    println!("Args are: {}", args.join(","));
}
