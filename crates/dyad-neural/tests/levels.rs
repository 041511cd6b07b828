//! The shipped network says the same whatever the machine, the company and the order.

use dyad_neural::{Level, Network, Scratch, Weights};

const FORMS: &[&str] = &[
    "Ghana",
    "and",
    "Togo",
    "reopened",
    "their",
    "border",
    "on",
    "3",
    "May",
    ".",
    "“",
    "It",
    "was",
    "overdue",
    ",",
    "”",
    "said",
    "Ms",
    "Adjoa",
    "Mensah-Quaye",
    ".",
    "ÅRHUS",
    "",
    "\u{0}",
    "\u{1F6A2}",
    "....",
    "o'clock",
    "ß",
    "İ",
];

fn network() -> Network {
    let bytes = include_bytes!("../../../models/ear.bin");
    Network::new(&mut Weights::read(bytes).expect("weights")).expect("network")
}

#[test]
fn every_level_says_the_same() {
    let lengths = [10, 11, 0, 8];
    let wanted = network()
        .with_level(Level::Portable)
        .run(&mut Scratch::default(), FORMS, &lengths)
        .to_vec();
    for level in Level::available() {
        let network = network().with_level(level);
        assert_eq!(network.run(&mut Scratch::default(), FORMS, &lengths), wanted, "{level:?}");
    }
}

#[test]
fn what_was_read_before_does_not_matter() {
    let network = network();
    let mut scratch = Scratch::default();
    let first = network.run(&mut scratch, FORMS, &[10, 11, 8]).to_vec();
    let names: Vec<String> = (0..20_000).map(|i| format!("word{i}")).collect();
    for names in names.chunks(160) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        network.run(&mut scratch, &names, &[names.len()]);
    }
    assert_eq!(network.run(&mut scratch, FORMS, &[10, 11, 8]), first);
    assert_eq!(network.run(&mut scratch, &FORMS[10..21], &[11]), &first[10..21]);
}
