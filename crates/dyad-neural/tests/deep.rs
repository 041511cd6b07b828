//! The deep tier's encoder says the same whatever the machine.

use dyad_neural::{Level, OTHERS, PairHead, RoleHead, Rooms, Transformer, Weights};

fn weights() -> Weights {
    Weights::read(include_bytes!("../../../models/deep.bin")).expect("weights")
}

/// "Ghana and Togo reopened their border." as pieces.
fn pieces(encoder: &Transformer) -> Vec<u32> {
    let ends = ["[CLS]", "[SEP]"].map(|end| encoder.piece(end).expect(end));
    let words = ["Ghana", "and", "Togo", "reopened", "their", "border", "."];
    let words = words.iter().flat_map(|word| encoder.pieces(word));
    [ends[0]].into_iter().chain(words).chain([ends[1]]).collect()
}

#[test]
fn every_level_says_the_same() {
    let bits = |level: Level| {
        let mut weights = weights();
        let encoder = Transformer::new(&mut weights).expect("encoder").with_level(level);
        let head = PairHead::new(&mut weights, "pair", encoder.width()).expect("head");
        let pieces = pieces(&encoder);
        let mut rooms = Rooms::default();
        let rows = encoder.run(&mut rooms, &pieces);
        assert_eq!(rows.len(), pieces.len() * encoder.width());
        let rowed = head.rowed(rows);
        let [a, b] = [1..2, 3..5].map(|words| head.stretch(level, &rowed, words));
        let scores = head.run(level, &rowed, [&a, &b]);
        assert_ne!(scores, head.run(level, &rowed, [&b, &a]));
        assert_eq!(scores.len(), head.classes());
        let role = RoleHead::new(&mut weights, "wide.does", encoder.width(), 15).expect("role");
        let asks = &rows[4 * encoder.width()..5 * encoder.width()];
        let shares = role.shares(level, asks, 14, &role.keys(level, rows));
        assert_eq!(shares.len(), pieces.len() + OTHERS);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        rows.iter().chain(&scores).chain(&shares).map(|v| v.to_bits()).collect::<Vec<_>>()
    };
    let wanted = bits(Level::Portable);
    for level in Level::available() {
        assert_eq!(bits(level), wanted, "{level:?}");
    }
}

#[test]
fn what_was_read_before_does_not_matter() {
    let encoder = Transformer::new(&mut weights()).expect("encoder");
    let pieces = pieces(&encoder);
    let mut rooms = Rooms::default();
    let first = encoder.run(&mut rooms, &pieces).to_vec();
    let long: Vec<u32> = pieces.iter().copied().cycle().take(encoder.longest()).collect();
    encoder.run(&mut rooms, &long);
    encoder.run(&mut rooms, &pieces[..1]);
    assert_eq!(encoder.run(&mut rooms, &pieces), first);
    assert!(encoder.run(&mut rooms, &[]).is_empty());
}
