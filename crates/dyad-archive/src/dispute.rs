//! Who disagrees with whom within an episode. A disagreement needs two voices: what one text says
//! twice, or ten reprints of it say, is one claim. Careful rather than complete: two figures are
//! set against each other only where they count the same thing in like words.

use crate::episode::Voiced;
use crate::mention::Mention;
use crate::names::Key;
use crate::score::places_differ;
use crate::told::{Rest, Said};
use dyad_record::Status;
use dyad_record::archive::{Claim, Disagreement, Matter, Party};
use std::collections::{BTreeMap, BTreeSet};

impl Voiced {
    fn claim(&self, value: String) -> Claim {
        let telling = &self.told.rest.telling;
        Claim {
            value,
            report: telling.report.clone(),
            outlet: telling.outlet.clone(),
            published: telling.published.clone(),
            voice: self.voice,
            speaker: self.told.rest.speaker.clone(),
            item: telling.event.clone(),
            corrected_by: None,
            text: telling.text.clone(),
        }
    }
}

pub(crate) fn find(told: &[&Voiced]) -> Vec<Disagreement> {
    if told.iter().all(|t| t.voice == told[0].voice) {
        return Vec::new();
    }
    let mut found = figures(told);
    found.extend(dates(told));
    found.extend(places(told));
    found.extend(side(told, "actor", |m| &m.actors, |t| &t.actors));
    found.extend(side(told, "recipient", |m| &m.recipients, |t| &t.recipients));
    found.extend(statuses(told));
    found
}

/// One claim a voice and value, where at least two voices differ. Who tells it otherwise later has
/// corrected himself: that is no contradiction.
fn settle(matter: Matter, subject: String, claims: Vec<Claim>) -> Option<Disagreement> {
    let mut kept: Vec<Claim> = Vec::new();
    for claim in claims {
        if !kept.iter().any(|k| k.voice == claim.voice && k.value == claim.value) {
            kept.push(claim);
        }
    }
    let corrected: Vec<Option<String>> = kept.iter().map(|c| corrected_by(c, &kept)).collect();
    for (claim, by) in kept.iter_mut().zip(corrected) {
        claim.corrected_by = by;
    }
    let values = |standing: bool| -> BTreeSet<&str> {
        let counts = |c: &&Claim| !standing || c.corrected_by.is_none();
        kept.iter().filter(counts).map(|c| c.value.as_str()).collect()
    };
    let corrected = values(true).len() < 2;
    (values(false).len() > 1).then(|| Disagreement {
        matter,
        subject,
        corrected,
        claims: kept.clone(),
    })
}

/// Where whoever makes a claim last makes another one: the same speaker, or the same outlet.
fn corrected_by(claim: &Claim, all: &[Claim]) -> Option<String> {
    let day = claim.published.as_ref()?;
    let own = |c: &&Claim| {
        (c.speaker.is_some() && c.speaker == claim.speaker)
            || (c.outlet.is_some() && c.outlet == claim.outlet)
    };
    let later = all.iter().filter(|c| c.published.as_ref().is_some_and(|d| d > day));
    let last = later.filter(own).max_by(|a, b| a.published.cmp(&b.published))?;
    (last.value != claim.value).then(|| last.report.clone())
}

/// Voices whose claims share no value with those of another voice, by voice.
fn at_odds<T: PartialEq>(by_voice: &BTreeMap<u32, Vec<T>>, alike: impl Fn(&T, &T) -> bool) -> bool {
    let voices: Vec<&Vec<T>> = by_voice.values().collect();
    voices.iter().enumerate().any(|(i, a)| {
        voices[i + 1..].iter().any(|b| !a.iter().any(|x| b.iter().any(|y| alike(x, y))))
    })
}

fn dates(told: &[&Voiced]) -> Option<Disagreement> {
    let mut by_voice: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let mut claims = Vec::new();
    for t in told {
        let telling = &t.told.rest.telling;
        // Only days are sharp enough to contradict each other.
        if let (true, Some(from), Some(to)) = (t.told.rest.stated, &telling.from, &telling.to)
            && from == to
        {
            by_voice.entry(t.voice).or_default().push(from);
            claims.push(t.claim(from.clone()));
        }
    }
    let odds = at_odds(&by_voice, |a, b| a == b);
    odds.then(|| settle(Matter::Date, "day".to_owned(), claims)).flatten()
}

fn places(told: &[&Voiced]) -> Option<Disagreement> {
    let mut by_voice = BTreeMap::new();
    let mut claims = Vec::new();
    for t in told {
        if let (Some(spot), Some(name)) = (&t.told.mention.place, &t.told.rest.telling.place) {
            by_voice.entry(t.voice).or_insert_with(Vec::new).push(spot.clone());
            claims.push(t.claim(name.clone()));
        }
    }
    let odds = at_odds(&by_voice, |a, b| !places_differ(a, b));
    odds.then(|| settle(Matter::Place, "place".to_owned(), claims)).flatten()
}

fn side(
    told: &[&Voiced],
    subject: &str,
    keys: impl Fn(&Mention) -> &Vec<Key>,
    parties: impl Fn(&Rest) -> &Vec<Party>,
) -> Option<Disagreement> {
    let mut by_voice: BTreeMap<u32, Vec<&Vec<Key>>> = BTreeMap::new();
    let mut claims = Vec::new();
    // Mangled words do not contradict anybody.
    let tells = |t: &&&Voiced| !t.told.mention.mutual && !t.told.rest.damaged;
    for t in told.iter().filter(tells).filter(|t| !keys(&t.told.mention).is_empty()) {
        by_voice.entry(t.voice).or_default().push(keys(&t.told.mention));
        let names: BTreeSet<&str> = parties(&t.told.rest)
            .iter()
            .map(|p| p.country.as_ref().unwrap_or(&p.name).as_str())
            .collect();
        claims.push(t.claim(names.into_iter().collect::<Vec<_>>().join(", ")));
    }
    let odds = at_odds(&by_voice, |a, b| a.iter().any(|key| b.contains(key)));
    odds.then(|| settle(Matter::Side, subject.to_owned(), claims)).flatten()
}

/// Happened and going on agree; a denial or a doubt stands against them.
fn statuses(told: &[&Voiced]) -> Option<Disagreement> {
    let word = |s: Status| if s.is_deed() { "happened" } else { s.as_str() };
    let mut by_voice: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for t in told {
        by_voice.entry(t.voice).or_default().push(word(t.told.mention.status));
    }
    let claims = told.iter().map(|t| t.claim(word(t.told.mention.status).to_owned())).collect();
    let odds = at_odds(&by_voice, |a, b| a == b);
    odds.then(|| settle(Matter::Status, "whether it happened".to_owned(), claims)).flatten()
}

/// A figure of a telling.
struct Figure<'t> {
    teller: &'t Voiced,
    said: &'t Said,
}

/// So many figures of one noun are set side by side; a happening that hundreds tell has said all by
/// then.
const MOST: usize = 60;

fn figures(told: &[&Voiced]) -> Vec<Disagreement> {
    let mut nouns: BTreeMap<&str, Vec<Figure<'_>>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for &teller in told {
        for said in &teller.told.rest.figures {
            // One figure may be about several events of its report.
            if seen.insert((teller.told.mention.report.id.as_ref(), said.id.as_str())) {
                nouns.entry(&said.noun).or_default().push(Figure { teller, said });
            }
        }
    }
    let mut found = Vec::new();
    for said in nouns.values_mut() {
        said.truncate(MOST);
        for slot in slots(said) {
            found.extend(disagree(&slot.iter().map(|&i| &said[i]).collect::<Vec<_>>()));
        }
    }
    found
}

fn disagree(slot: &[&Figure<'_>]) -> Option<Disagreement> {
    let apart = slot
        .iter()
        .any(|a| slot.iter().any(|b| a.teller.voice != b.teller.voice && !agree(a.said, b.said)));
    let claims = slot.iter().map(|f| {
        let mut claim = f.teller.claim(amount(f.said));
        claim.speaker = f.said.speaker.clone().or(claim.speaker);
        claim.item.clone_from(&f.said.id);
        claim.text.clone_from(&f.said.sentence);
        claim
    });
    let subject = slot.iter().map(|f| &f.said.counted).max_by_key(|c| c.len());
    let subject = subject.cloned().unwrap_or_default();
    apart.then(|| settle(Matter::Figure, subject, claims.collect())).flatten()
}

/// Figures of several voices that answer one question. Between any two voices equal figures are
/// set side by side first; of the rest, those in like words.
fn slots(said: &[Figure<'_>]) -> Vec<Vec<usize>> {
    let mut slot: Vec<usize> = (0..said.len()).collect();
    let mut pairs = Vec::new();
    for (i, a) in said.iter().enumerate() {
        for (j, b) in said.iter().enumerate().skip(i + 1) {
            if a.teller.voice == b.teller.voice || a.said.change != b.said.change {
                continue;
            }
            let common = a.said.words.intersection(&b.said.words).count();
            let equal = agree(a.said, b.said);
            if equal || common > 0 {
                pairs.push((!equal, std::cmp::Reverse(common), i, j));
            }
        }
    }
    pairs.sort_unstable();
    for (_, _, i, j) in pairs {
        let (keep, gone) = (slot[i].min(slot[j]), slot[i].max(slot[j]));
        let members = |s: usize| -> Vec<&Figure<'_>> {
            slot.iter().zip(said).filter(|(of, _)| **of == s).map(|(_, said)| said).collect()
        };
        // One voice answers one question once, unless with the same amount again.
        let others = members(gone);
        let clash = members(keep).iter().any(|x| {
            let same_voice = others.iter().filter(|y| x.teller.voice == y.teller.voice);
            same_voice.into_iter().any(|y| !agree(x.said, y.said))
        });
        if keep != gone && !clash {
            slot.iter_mut().filter(|s| **s == gone).for_each(|s| *s = keep);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, s) in slot.into_iter().enumerate() {
        groups.entry(s).or_default().push(i);
    }
    groups.into_values().filter(|g| g.len() > 1).collect()
}

/// Both may be true at once: a range that holds the other, or numbers that rounding explains.
fn agree(a: &Said, b: &Said) -> bool {
    let range = |f: &Said| {
        let exact = f.value;
        let low = f.low.or(exact).unwrap_or(f64::NEG_INFINITY);
        let high = f.high.or(exact).unwrap_or(f64::INFINITY);
        let slack = if f.approximate { 0.1 } else { 0.0 };
        (low - low.abs() * slack, high + high.abs() * slack)
    };
    let whole = match (a.of, b.of) {
        (Some(x), Some(y)) => x == y,
        _ => true,
    };
    let ((a_low, a_high), (b_low, b_high)) = (range(a), range(b));
    whole && a_low <= b_high && b_low <= a_high
}

/// The amount as a person would write it.
fn amount(figure: &Said) -> String {
    let number = match (figure.value, figure.low, figure.high) {
        (Some(value), _, _) => format!("{value}"),
        (None, Some(low), Some(high)) => format!("{low} to {high}"),
        (None, Some(low), None) => format!("at least {low}"),
        (None, None, Some(high)) => format!("at most {high}"),
        (None, None, None) => String::new(),
    };
    let mut words = String::new();
    if figure.approximate {
        words.push_str("about ");
    }
    words.push_str(&number);
    if let Some(of) = figure.of {
        words.push_str(&format!(" of {of}"));
    }
    if figure.percent {
        words.push_str(" %");
    }
    words
}
