//! The article and the day of publication are found in the pages of `cases/pages/`.

use dyad_eval::pages;
use std::path::Path;

#[test]
fn articles_and_dates_of_whole_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/pages");
    let (mut pages, mut dates) = (0, 0.0);
    for part in ["dev", "held-back"] {
        let tally = pages::score(&folder.join(part)).unwrap();
        let score = |name: &str| tally.scores.iter().find(|(n, _)| *n == name).unwrap().1;
        println!("{part}: {tally:?}");
        assert!(score("text_f1") >= 0.93, "{part}: {tally:?}");
        assert!(score("title") >= 0.86, "{part}: {tally:?}");
        pages += tally.rows;
        dates += score("date") * tally.rows as f64;
    }
    assert_eq!(pages, 60);
    assert!(dates.round() >= 57.0, "{dates} of {pages} dates");
}
