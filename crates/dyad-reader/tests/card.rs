//! The shipped weights are those of the model card, and the card's scores hold.

use dyad_reader::syntax::{Analysis, Model, Scratch, parse_tokens};
use std::io::Read;
use std::path::Path;
use std::time::Instant;

/// The rows of the card's block of numbers.
fn card() -> Vec<Vec<&'static str>> {
    let card = include_str!("../../../models/CARD.md");
    let block = card.split("```").nth(1).expect("the card has a block of numbers");
    block.lines().map(|l| l.split_whitespace().collect()).filter(|r: &Vec<_>| r.len() > 1).collect()
}

#[test]
fn the_weights_are_the_cards() {
    let digest = card().into_iter().find(|row| row[0] == "digest").expect("a digest");
    assert_eq!(Model::builtin().version(), digest[1], "models/CARD.md names other weights");
}

#[test]
fn the_deep_weights_are_the_cards() {
    let deep = dyad_reader::coding::event::deep::Deep::builtin();
    let card = include_str!("../../../models/deep.md");
    assert!(card.contains(deep.version()), "models/deep.md does not name {}", deep.version());
}

#[test]
fn the_weights_of_the_ears_pairs_are_the_cards() {
    let pairs = dyad_reader::coding::event::judge::EarPairs::builtin();
    let card = include_str!("../../../models/ear_pair.md");
    assert!(card.contains(pairs.version()), "models/ear_pair.md does not name {}", pairs.version());
}

#[test]
fn the_weights_of_single_words_are_the_cards_and_of_this_ear() {
    let words = dyad_reader::coding::event::trigger::Model::builtin();
    let card = include_str!("../../../models/trigger.md");
    assert!(card.contains(words.version()), "models/trigger.md does not name {}", words.version());
    let ear = Model::builtin().version();
    assert_eq!(words.ear(), ear, "models/trigger.bin is for another ear: training/trigger.py");
}

#[test]
fn the_head_of_mangled_words_is_the_cards_and_of_this_ear() {
    let card = include_str!("../../../models/damage.md");
    let version = dyad_reader::sound::version(&Model::builtin().version());
    let version = version.expect("models/damage_head.bin is for another ear: training/sound.py");
    assert!(card.contains(version), "models/damage.md does not name {version}");
}

#[test]
fn the_cards_scores_hold() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = here.ancestors().map(|dir| dir.join("shared/data/ud"));
    let Some(data) = beside.into_iter().find(|dir| dir.exists()) else {
        println!("skipped: ../shared is absent");
        return;
    };
    let began = Instant::now();
    let model = Model::builtin();
    println!("loaded in {:.0} ms", began.elapsed().as_secs_f64() * 1000.0);
    for row in card().into_iter().filter(|row| row[0].ends_with("-dev")) {
        let path = data.join(format!("en_{}.conllu.gz", row[0]));
        let Ok(file) = std::fs::File::open(&path) else {
            println!("skipped: {} is absent", path.display());
            continue;
        };
        let mut text = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
        let found = score(&model, &text);
        for (claim, (name, score)) in row[1..].iter().zip(found) {
            let claim: f64 = claim.parse().expect("a number");
            println!("{} {name} {score:.2}", row[0]);
            assert!((claim - score).abs() <= 0.3, "{} {name}: {claim} claimed, {score}", row[0]);
        }
    }
}

/// UPOS, XPOS, UAS, LAS and lemmas, in per cent of the words, with gold tokens.
fn score(model: &Model, conllu: &str) -> [(&'static str, f64); 5] {
    let gold: Vec<Vec<Vec<&str>>> = conllu
        .split("\n\n")
        .map(|block| {
            let rows = block.lines().map(|line| line.split('\t').collect::<Vec<_>>());
            rows.filter(|row| row.len() == 10 && row[0].parse::<u32>().is_ok()).collect()
        })
        .collect();
    let forms: Vec<Vec<&str>> = gold.iter().map(|s| s.iter().map(|row| row[1]).collect()).collect();
    let began = Instant::now();
    let parsed = parse_tokens(model, &mut Scratch::default(), &forms);
    let pairs: Vec<(&Vec<&str>, &Analysis)> =
        gold.iter().flatten().zip(parsed.iter().flatten()).collect();
    println!("{:.0} tokens a second", pairs.len() as f64 / began.elapsed().as_secs_f64());
    let share = |right: &dyn Fn(&[&str], &Analysis) -> bool| {
        100.0 * pairs.iter().filter(|(row, found)| right(row, found)).count() as f64
            / pairs.len() as f64
    };
    let attached = |row: &[&str], a: &Analysis| row[6] == a.head.map_or(0, |h| h + 1).to_string();
    [
        ("upos", share(&|row, a| row[3] == a.upos.as_str())),
        ("xpos", share(&|row, a| row[4] == a.xpos.as_str())),
        ("uas", share(&attached)),
        ("las", share(&|row, a| attached(row, a) && row[7] == a.deprel.as_str())),
        ("lemma", share(&|row, a| row[2] == a.lemma)),
    ]
}
