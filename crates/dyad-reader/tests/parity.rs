//! The network in Rust reads what it reads in PyTorch: `training/fixture.py` wrote the file.

use dyad_reader::syntax::{Model, Scratch, parse_tokens};

#[test]
fn rust_reads_as_pytorch_does() {
    let file = include_str!("data/parity.tsv");
    let rows: Vec<Vec<&str>> =
        file.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
    let sentences: Vec<&[Vec<&str>]> =
        rows.split(|row| row == &[""]).filter(|rows| !rows.is_empty()).collect();
    assert!(sentences.len() > 10);
    let forms: Vec<Vec<&str>> =
        sentences.iter().map(|rows| rows.iter().map(|row| row[0]).collect()).collect();
    let parsed = parse_tokens(&Model::builtin(), &mut Scratch::default(), &forms);
    for (rows, analyses) in sentences.iter().zip(parsed) {
        for (row, found) in rows.iter().zip(analyses) {
            let head = found.head.map_or(0, |h| h + 1).to_string();
            let entity = found.entity.map_or("O".to_owned(), |(kind, begins)| {
                format!("{}-{}", if begins { "B" } else { "I" }, kind.as_str())
            });
            let found = [
                row[0],
                &found.lemma,
                found.upos.as_str(),
                found.xpos.as_str(),
                &head,
                found.deprel.as_str(),
                &entity,
            ];
            assert_eq!(
                &row[..],
                &found[..],
                "in: {:?}",
                rows.iter().map(|r| r[0]).collect::<Vec<_>>()
            );
        }
    }
}
