//! By which words the sides of events and episodes are looked up.

use dyad_record::archive::Party;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A country, or the first word of the code of who has none.
pub(crate) fn key(party: &Party) -> Option<&str> {
    let code = || party.code.split(' ').next().filter(|word| !word.is_empty());
    party.country.as_deref().or_else(code)
}

pub(crate) use crate::filter::is_country;

/// Under which keys an event or an episode is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// A key, and whether it bears the act: a side of a joint act acts and bears.
    pub sides: BTreeSet<(SmolStr, bool)>,
    /// Who acts, and whom it is done to.
    pub pairs: BTreeSet<(SmolStr, SmolStr)>,
}

impl Keys {
    pub fn of(actors: &[Party], recipients: &[Party], mutual: bool) -> Keys {
        let acting: Vec<&str> = actors.iter().filter_map(key).collect();
        let bearing: Vec<&str> = recipients.iter().filter_map(key).collect();
        let mut keys = Keys::default();
        let mut put = |key: &str, bears| keys.sides.insert((key.into(), bears));
        for side in &acting {
            put(side, false);
            if mutual {
                put(side, true);
            }
        }
        for side in &bearing {
            put(side, true);
        }
        for (i, who) in acting.iter().enumerate() {
            let others = acting.iter().enumerate().filter(|(j, _)| mutual && *j != i);
            let whom = bearing.iter().chain(others.map(|(_, other)| other));
            keys.pairs.extend(whom.map(|whom| ((*who).into(), (*whom).into())));
        }
        keys
    }
}

/// Pairs of countries; a joint act counts for each of the two directions once, in the order of
/// their codes. What a country does within itself is no dyad.
pub(crate) fn dyads<'p>(
    actors: &'p [Party],
    recipients: &'p [Party],
    mutual: bool,
) -> BTreeSet<(&'p str, &'p str)> {
    let countries = |parties: &'p [Party]| -> BTreeSet<&'p str> {
        parties.iter().filter_map(|p| p.country.as_deref()).collect()
    };
    let (from, to) = (countries(actors), countries(recipients));
    let mut pairs = BTreeSet::new();
    for a in &from {
        pairs.extend(to.iter().filter(|b| *b != a).map(|b| (*a, *b)));
        if mutual {
            pairs.extend(from.iter().filter(|b| *b > a).map(|b| (*a, *b)));
        }
    }
    pairs
}
