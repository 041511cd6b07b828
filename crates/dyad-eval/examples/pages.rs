//! Shows what is read of each page of `cases/pages/dev`: `cargo run --example pages FOLDER [OUT]`.
//! With OUT the pages are written there, as a browser would get them. `dyad eval pages` gives the totals.

use dyad_eval::pages;
use std::path::PathBuf;

fn main() {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = args.next().unwrap_or_else(|| PathBuf::from("cases/pages/dev"));
    let out = args.next();
    let pages = match pages::load(&folder) {
        Ok(pages) => pages,
        Err(error) => return eprintln!("{error}"),
    };
    for page in &pages {
        let read = pages::read(page);
        let wrong = [
            (read.date, "date"),
            (read.title, "title"),
            (read.byline, "byline"),
            (read.outlet, "outlet"),
        ];
        let wrong: Vec<&str> = wrong.iter().filter(|(right, _)| !right).map(|w| w.1).collect();
        println!("{:.3} {} {}", read.words.f1(), page.name, wrong.join(" "));
        if let Some(r) = read.report.as_ref().filter(|_| !wrong.is_empty()) {
            println!("    {:?} {:?} {:?} {:?}", r.published, r.title, r.byline, r.outlet);
        }
        if read.words.f1() < 0.97 {
            let gold: Vec<&str> = page.text.lines().filter(|l| !l.is_empty()).collect();
            let ours: Vec<&str> = read.text.lines().filter(|l| !l.is_empty()).collect();
            let missed = gold.iter().filter(|g| !ours.iter().any(|o| o.contains(**g)));
            missed.for_each(|line| println!("    - {line}"));
            let more = ours.iter().filter(|o| !gold.iter().any(|g| o.contains(g)));
            more.for_each(|line| println!("    + {line}"));
        }
        if let Some(out) = &out {
            let file = out.join(format!("{}.html", page.name.replace(' ', "-")));
            if let Err(error) = std::fs::write(&file, &page.bytes) {
                eprintln!("{}: {error}", file.display());
            }
        }
    }
}
