//! The shipped network says the same whatever the machine, the company and the order.

use dyad_neural::{Level, Network, Scratch, Tags, Weights};

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

/// The tags, and the bits of everything else.
fn read(
    network: &Network,
    scratch: &mut Scratch,
    forms: &[&str],
    lengths: &[usize],
) -> (Vec<Tags>, Vec<Vec<u32>>) {
    let read = network.run(scratch, forms, lengths);
    assert_eq!(read.rows.len(), forms.len() * network.width());
    assert_eq!(read.attr.len(), forms.len() * network.attr());
    let bits = |of: &[f32]| of.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let rows = read.rows.chunks_exact(network.width());
    let more = (0..forms.len()).map(|i| &read.attr[i * network.attr()..][..network.attr()]);
    let bits = rows.zip(more).map(|(row, attr)| [bits(row), bits(attr)].concat()).collect();
    (read.tags.to_vec(), bits)
}

#[test]
fn every_level_says_the_same() {
    let lengths = [10, 11, 0, 8];
    let scratch = Scratch::default;
    let wanted = read(&network().with_level(Level::Portable), &mut scratch(), FORMS, &lengths);
    for level in Level::available() {
        let network = network().with_level(level);
        assert_eq!(read(&network, &mut scratch(), FORMS, &lengths), wanted, "{level:?}");
    }
}

#[test]
fn what_was_read_before_does_not_matter() {
    let network = network();
    let mut scratch = Scratch::default();
    let (tags, bits) = read(&network, &mut scratch, FORMS, &[10, 11, 8]);
    let names: Vec<String> = (0..20_000).map(|i| format!("word{i}")).collect();
    for names in names.chunks(160) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        network.run(&mut scratch, &names, &[names.len()]);
    }
    assert_eq!(read(&network, &mut scratch, FORMS, &[10, 11, 8]), (tags.clone(), bits.clone()));
    let alone = read(&network, &mut scratch, &FORMS[10..21], &[11]);
    assert_eq!(alone, (tags[10..21].to_vec(), bits[10..21].to_vec()));
}
