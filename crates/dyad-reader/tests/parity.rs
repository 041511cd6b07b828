//! The network in Rust reads what it reads in PyTorch: `training/fixture.py` wrote the file.
//!
//! PyTorch multiplies in floats, we in whole numbers of 16 bits, whose products are off by some
//! 1/2000. That turns a choice only where the network is in two minds: of a hundred words at most
//! one may be read otherwise, and no more. A mistake in the arithmetic turns far more.

use dyad_reader::coding::event::deep::Deep;
use dyad_reader::coding::event::judge::{EarPairs, SCORES};
use dyad_reader::doc::Doc;
use dyad_reader::span::Span;
use dyad_reader::syntax::{Analysis, Model, Scratch, parse_tokens};
use dyad_reader::{Given, Reader};
use std::cell::OnceCell;

/// Words of which one may be read otherwise.
const WORDS_A_SLIP: usize = 100;

fn cells(form: &str, found: &Analysis) -> Vec<String> {
    let head = found.head.map_or(0, |h| h + 1).to_string();
    let entity = found.entity.map_or("O".to_owned(), |(kind, begins)| {
        format!("{}-{}", if begins { "B" } else { "I" }, kind.as_str())
    });
    let (upos, xpos) = (found.upos.as_str(), found.xpos.as_str());
    [form, &found.lemma, upos, xpos, &head, found.deprel.as_str(), &entity]
        .map(str::to_owned)
        .to_vec()
}

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
    let (mut words, mut slips) = (0, Vec::new());
    for (rows, analyses) in sentences.iter().zip(parsed) {
        assert_eq!(rows.len(), analyses.len());
        for (row, found) in rows.iter().zip(analyses) {
            words += 1;
            let found = cells(row[0], &found);
            if found != row[..] {
                slips.push((row, found));
            }
        }
    }
    println!("{} of {words} words are read otherwise: {slips:#?}", slips.len());
    assert!(slips.len() <= words / WORDS_A_SLIP, "of {words} words otherwise: {slips:#?}");
}

/// The sentence without its marks, and the two sides.
fn unmarked(marked: &str) -> (String, [Span; 2]) {
    let (mut text, mut sides, mut rest) = (String::new(), [Span::new(0, 0); 2], marked);
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (mark, after) = after.split_once('>').expect("a mark is closed");
        let side = &mut sides[usize::from(mark.ends_with('t'))];
        match mark.strip_prefix('/') {
            None => *side = Span::new(text.len(), text.len()),
            Some(_) => side.end = text.len() as u32,
        }
        rest = after;
    }
    (text + rest, sides)
}

/// The file is written by `training/deep.py`, with the weights as they are shipped.
#[test]
fn the_deep_tier_scores_as_pytorch_does() {
    let deep = Deep::builtin();
    scores_are(include_str!("data/deep.tsv"), |doc, sides| {
        deep.scores(doc, &deep.hear(doc), sides)
    });
}

/// The file is written by `training/wide.py`, with the weights as they are shipped.
#[test]
fn the_deep_tier_tells_acts_and_sides_as_pytorch_does() {
    let (reader, deep) = (Reader::builtin().unwrap(), Deep::builtin());
    let file = include_str!("data/wide.tsv");
    assert!(file.lines().count() > 4);
    for line in file.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [text, word, root, belief, sides @ ..] = cells.as_slice() else { panic!("{line}") };
        reader.worker().analyse_text(text, &Given::default(), |a| {
            let (view, word) = (deep.view(a.doc), word.parse().unwrap());
            let (best, found) = view.beliefs(word).expect("it was read").best();
            let near = |wanted: &str, found: f32| {
                let wanted: f32 = wanted.parse().unwrap();
                assert!((wanted - found).abs() < 0.02, "{line}: {found}");
            };
            assert_eq!(best.as_str(), *root, "{line}");
            near(belief, found);
            for (role, side) in view.sides(word, best).unwrap().iter().zip(sides.chunks(2)) {
                let others = [role.nobody, role.each_other];
                let all: Vec<f32> = role.each.iter().chain(&others).copied().collect();
                near(side[1], all[side[0].parse::<usize>().unwrap()]);
            }
        });
    }
}

/// The file is written by `training/ear_pair.py`, with the weights as they are shipped.
#[test]
fn the_ears_pairs_score_as_in_pytorch() {
    let pairs = EarPairs::builtin();
    let made = "models/ear_pair.bin is for another ear; make it with training/ear_pair.py";
    assert_eq!(pairs.ear(), Model::builtin().version(), "{made}");
    let scores = |doc: &Doc<'_>, sides| pairs.scores(doc, &OnceCell::new(), sides);
    scores_are(include_str!("data/ear_pair.tsv"), scores);
}

fn scores_are(file: &str, scores: impl Fn(&Doc<'_>, [Span; 2]) -> Option<[f32; SCORES]>) {
    let reader = Reader::builtin().unwrap();
    assert!(file.lines().count() > 2);
    for line in file.lines() {
        let mut cells = line.split('\t');
        let (text, sides) = unmarked(cells.next().unwrap());
        let wanted: Vec<f32> = cells.map(|cell| cell.parse().unwrap()).collect();
        let found = reader.worker().analyse_text(&text, &Given::default(), |a| {
            scores(a.doc, sides).expect("both sides were read")
        });
        assert_eq!(wanted.len(), found.len());
        for (wanted, found) in wanted.iter().zip(found) {
            assert!((wanted - found).abs() < 0.05, "{text}: {wanted} is {found}");
        }
    }
}
