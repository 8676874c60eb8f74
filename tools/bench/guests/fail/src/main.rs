//! Greets those that it is told; if they are too many, it panics, some calls deep.

struct Table {
    seats: [Option<String>; 3],
}

impl Table {
    fn seat(&mut self, at: usize, name: String) {
        self.seats[at] = Some(name);
    }
}

#[inline(never)]
fn seat_all(table: &mut Table, names: impl Iterator<Item = String>) {
    for (at, name) in names.enumerate() {
        table.seat(at, name);
    }
}

fn main() {
    let mut table = Table { seats: [None, None, None] };
    seat_all(&mut table, std::env::args().skip(1));
    for name in table.seats.iter().flatten() {
        println!("Hello, {name}!");
    }
}
