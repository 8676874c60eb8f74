fn main() {
    println!("Hello, world from Rust!");
}
