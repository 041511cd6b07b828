//! The class of the act in a sentence: that of its most confident event, its status folded in as
//! the set has it; 0 where there is none.

use super::plv::penta;
use super::{given, surest};
use crate::measure::{Classes, Tally};
use crate::{EvalError, Set, data};
use dyad_reader::Reader;
use dyad_reader::coding::event::pair::Root;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    penta: u8,
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::CameoClass, file)?;
    let mut worker = reader.worker();
    let mut classes = Classes::new();
    for row in &rows {
        let predicted = worker.analyse_text(&row.text, &given(None), |a| {
            surest(&a.coding.events).and_then(|e| Root::of(e.kind, e.status)).map_or(0, penta)
        });
        classes.add(Some(predicted), row.penta);
    }
    let names = ["none", "verbal coop.", "material coop.", "verbal conf.", "material conf."];
    let details = names.iter().zip(0..).map(|(n, c)| (format!("{n} f1"), classes.of(c).f1()));
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("macro_f1", classes.macro_f1(0..5))],
        details: details.collect(),
    })
}
