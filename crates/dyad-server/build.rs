//! The explorer is built by npm before this crate (`make` does both). Where it is not, an empty
//! folder stands in for it, and the server shows a page that says so.

use std::path::Path;

fn main() {
    let dist = Path::new("../../explorer/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!("cargo::error=cannot make {}: {error}", dist.display());
    }
}
