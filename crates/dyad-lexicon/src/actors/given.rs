//! What given names say of a person's gender, by those who bear them in the table of offices.

use super::{FAMILY_NAME_FIRST, Person};
use crate::names::pieces;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// Men hold so many of the offices that one of them proves little about a name.
const MEN: u32 = 2;

/// Given names that women alone bear, or men alone.
pub fn names(people: &[Person]) -> FxHashMap<SmolStr, bool> {
    let mut bearers: FxHashMap<SmolStr, (u32, u32)> = FxHashMap::default();
    for person in people {
        let family_first = person.terms.iter().any(|term| {
            term.of_user || term.country.as_deref().is_some_and(|c| FAMILY_NAME_FIRST.contains(&c))
        });
        if let [first, _, ..] = &pieces(&person.name)[..]
            && !family_first
        {
            let (women, men) = bearers.entry(first.text.as_str().into()).or_default();
            *(if person.female { women } else { men }) += 1;
        }
    }
    let sure = |(name, (women, men)): (SmolStr, (u32, u32))| match (women, men) {
        (1.., 0) => Some((name, true)),
        (0, MEN..) => Some((name, false)),
        _ => None,
    };
    bearers.into_iter().filter_map(sure).collect()
}
