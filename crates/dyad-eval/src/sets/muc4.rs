//! Roles in attacks over whole reports: CEAF-REE as in GRIT (Du, Rush and Cardie 2021).

use super::given;
use crate::measure::{Counts, Tally, matching};
use crate::{EvalError, Set, data};
use dyad_reader::{Analysis, Reader};
use dyad_record::Part;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    /// Role to entities, each a list of its names.
    roles: BTreeMap<String, Vec<Vec<String>>>,
}

const ROLES: [&str; 5] = [
    "perp_individual_id",
    "perp_organization_id",
    "phys_tgt_id",
    "hum_tgt_name",
    "incident_instrument_id",
];

/// Role to entities, each by its names in plain form.
type Roles = BTreeMap<&'static str, BTreeSet<BTreeSet<String>>>;

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Muc4, file)?;
    let mut worker = reader.worker();
    let mut by_role = ROLES.map(|role| (role, Counts::default()));
    for row in &rows {
        let predicted = worker.analyse_text(&row.text, &given(None), roles);
        for (role, counts) in &mut by_role {
            let gold: Vec<BTreeSet<String>> = row
                .roles
                .get(*role)
                .into_iter()
                .flatten()
                .map(|names| names.iter().map(|n| plain(n)).collect())
                .collect();
            let predicted: Vec<_> = predicted.get(role).into_iter().flatten().collect();
            counts.add(right(&gold, &predicted), predicted.len(), gold.len());
        }
    }
    let mut all = Counts::default();
    for (_, c) in &by_role {
        all.add(c.right, c.predicted, c.gold);
    }
    let details = all.details("all").into_iter();
    let details = details.chain(by_role.iter().map(|(r, c)| (format!("{r} f1"), c.f1())));
    Ok(Tally { rows: rows.len(), scores: vec![("f1", all.f1())], details: details.collect() })
}

/// Entities that are aligned one to one; an entity is right where every name that it was given is
/// a name of the gold one.
fn right(gold: &[BTreeSet<String>], predicted: &[&BTreeSet<String>]) -> usize {
    let pairs = matching(gold.len(), predicted.len(), |g, p| predicted[p].is_subset(&gold[g]));
    pairs.into_iter().flatten().count()
}

/// Lower case, without articles and punctuation.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let letters: String =
        lower.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
    let words = letters.split_whitespace().filter(|w| !matches!(*w, "a" | "an" | "the"));
    words.collect::<Vec<_>>().join(" ")
}

/// Who and what had a part in the attacks of a report, by role.
fn roles(a: &Analysis<'_, '_>) -> Roles {
    let mut found = Roles::new();
    for participant in &a.coding.participants {
        let name = plain(&participant.name);
        found.entry(role(participant.part)).or_default().insert(BTreeSet::from([name]));
    }
    found
}

fn role(part: Part) -> &'static str {
    match part {
        Part::Perpetrator => "perp_individual_id",
        Part::Organisation => "perp_organization_id",
        Part::Target => "phys_tgt_id",
        Part::Victim => "hum_tgt_name",
        Part::Weapon => "incident_instrument_id",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| plain(n)).collect()
    }

    #[test]
    fn names_are_compared_in_plain_form() {
        assert_eq!(plain("THE \"Blue-Eyed\"  Band"), "blueeyed band");
    }

    #[test]
    fn an_entity_needs_all_its_names_right() {
        let gold = [names(&["the rebels", "band"]), names(&["Gomez"])];
        assert_eq!(right(&gold, &[&names(&["rebels"]), &names(&["band"])]), 1);
        assert_eq!(right(&gold, &[&names(&["rebels", "soldiers"]), &names(&["gomez"])]), 1);
        assert_eq!(right(&gold, &[]), 0);
    }
}
