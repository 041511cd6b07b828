//! Prints what the confidence of each event of whole reports is told by, and whether it is right, for
//! `training/confidence.py`.
//!
//! `act_signs FILE [DEEP.bin]` reads a file in the notation of cases/acts; writes one JSON object an
//! event: `{"report", "right", "tells", "confidence", "signs"}`, then `{"wanted": [lines]}`.

use dyad_eval::acts;
use dyad_reader::Reader;
use dyad_reader::coding::event::deep::Deep;
use dyad_reader::coding::event::pair;
use serde_json::{Map, Value, json};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let (file, deep) = files.split_first().ok_or("name a file of reports")?;
    let mut reader = Reader::builtin()?;
    if let [deep] = deep {
        let deep = Deep::from_bytes(&std::fs::read(deep)?)?;
        reader = reader.with_pair_model(pair::Model::builtin().with_deep(deep));
    }
    let judgement = acts::judge(Path::new(file), &reader.telling_all())?;
    for event in &judgement.events {
        let signs: Map<String, Value> =
            event.signs.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        println!(
            "{}",
            json!({"report": event.report, "right": event.right, "tells": event.tells,
                   "confidence": event.confidence, "signs": signs})
        );
    }
    println!("{}", json!({"wanted": judgement.wanted.keys().collect::<Vec<_>>()}));
    Ok(())
}
