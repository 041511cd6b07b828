//! Who disagrees with whom within an episode. A disagreement needs two voices: what one text says
//! twice, or ten reprints of it say, is one claim. Careful rather than complete: two figures are
//! set against each other only where they count the same thing in like words.

use crate::episode::{actor, parties};
use crate::join::{Mention, places_differ};
use crate::quote::{Quotes, beginnings};
use dyad_record::archive::{Claim, Disagreement, Matter};
use dyad_record::{Event, Figure, PlaceBasis, Record, Status, TimeBasis};
use std::collections::{BTreeMap, BTreeSet};

/// One event of one report, with what the comparison of tellings needs.
pub(crate) struct Told<'r> {
    pub mention: Mention,
    pub record: &'r Record,
    pub event: &'r Event,
    pub voice: u32,
    pub figures: Vec<&'r Figure>,
    pub text: String,
}

impl Told<'_> {
    pub fn place_name(&self) -> Option<String> {
        // A place taken from the words before contradicts nobody.
        let stated = self.event.place_basis != Some(PlaceBasis::Inherited);
        let id = self.event.place.as_ref().filter(|_| stated)?;
        self.record.places.iter().find(|p| p.id == *id).map(|p| p.name.clone())
    }

    fn claim(&self, value: String) -> Claim {
        Claim {
            value,
            report: self.record.report.id.clone(),
            outlet: self.record.report.outlet.clone(),
            published: self.record.report.published.clone(),
            voice: self.voice,
            speaker: speaker(self.record, self.event.statement.as_ref()),
            item: self.event.id.clone(),
            text: self.text.clone(),
        }
    }
}

pub(crate) fn speaker(record: &Record, statement: Option<&String>) -> Option<String> {
    let statement = record.statements.iter().find(|s| Some(&s.id) == statement)?;
    Some(actor(record, statement.speaker.as_ref()?)?.name.clone())
}

pub(crate) fn find(told: &[&Told<'_>]) -> Vec<Disagreement> {
    if told.iter().all(|t| t.voice == told[0].voice) {
        return Vec::new();
    }
    let mut found = figures(told);
    found.extend(dates(told));
    found.extend(places(told));
    found.extend(side(told, "actor", |m| &m.actors, |e| &e.actors));
    found.extend(side(told, "recipient", |m| &m.recipients, |e| &e.recipients));
    found.extend(statuses(told));
    found
}

/// One claim a voice and value, where at least two voices differ.
fn settle(matter: Matter, subject: String, claims: Vec<Claim>) -> Option<Disagreement> {
    let mut kept: Vec<Claim> = Vec::new();
    for claim in claims {
        if !kept.iter().any(|k| k.voice == claim.voice && k.value == claim.value) {
            kept.push(claim);
        }
    }
    let values: BTreeSet<&str> = kept.iter().map(|c| c.value.as_str()).collect();
    (values.len() > 1).then(|| Disagreement { matter, subject, claims: kept.clone() })
}

/// Voices whose claims share no value with those of another voice, by voice.
fn at_odds<T: PartialEq>(by_voice: &BTreeMap<u32, Vec<T>>, alike: impl Fn(&T, &T) -> bool) -> bool {
    let voices: Vec<&Vec<T>> = by_voice.values().collect();
    voices.iter().enumerate().any(|(i, a)| {
        voices[i + 1..].iter().any(|b| !a.iter().any(|x| b.iter().any(|y| alike(x, y))))
    })
}

fn dates(told: &[&Told<'_>]) -> Option<Disagreement> {
    let mut by_voice: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let mut claims = Vec::new();
    for t in told {
        let Some(time) = t.event.time.as_ref().filter(|x| x.basis == TimeBasis::Stated) else {
            continue;
        };
        // Only days are sharp enough to contradict each other.
        if let (Some(from), Some(to)) = (&time.from, &time.to)
            && from == to
        {
            by_voice.entry(t.voice).or_default().push(from);
            claims.push(t.claim(from.clone()));
        }
    }
    let odds = at_odds(&by_voice, |a, b| a == b);
    odds.then(|| settle(Matter::Date, "day".to_owned(), claims)).flatten()
}

fn places(told: &[&Told<'_>]) -> Option<Disagreement> {
    let mut by_voice = BTreeMap::new();
    let mut claims = Vec::new();
    for t in told {
        if let (Some(spot), Some(name)) = (&t.mention.place, t.place_name()) {
            by_voice.entry(t.voice).or_insert_with(Vec::new).push(spot.clone());
            claims.push(t.claim(name));
        }
    }
    let odds = at_odds(&by_voice, |a, b| !places_differ(a, b));
    odds.then(|| settle(Matter::Place, "place".to_owned(), claims)).flatten()
}

fn side(
    told: &[&Told<'_>],
    subject: &str,
    keys: impl Fn(&Mention) -> &Vec<String>,
    ids: impl Fn(&Event) -> &Vec<String>,
) -> Option<Disagreement> {
    let mut by_voice: BTreeMap<u32, Vec<&Vec<String>>> = BTreeMap::new();
    let mut claims = Vec::new();
    for t in told.iter().filter(|t| !t.mention.mutual && !keys(&t.mention).is_empty()) {
        by_voice.entry(t.voice).or_default().push(keys(&t.mention));
        let names: BTreeSet<String> = parties(t.record, ids(t.event))
            .into_iter()
            .map(|p| p.country.unwrap_or(p.name))
            .collect();
        claims.push(t.claim(names.into_iter().collect::<Vec<_>>().join(", ")));
    }
    let odds = at_odds(&by_voice, |a, b| a.iter().any(|key| b.contains(key)));
    odds.then(|| settle(Matter::Side, subject.to_owned(), claims)).flatten()
}

/// Happened and going on agree; a denial or a doubt stands against them.
fn statuses(told: &[&Told<'_>]) -> Option<Disagreement> {
    let word = |s: Status| if s.is_deed() { "happened" } else { s.as_str() };
    let mut by_voice: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for t in told {
        by_voice.entry(t.voice).or_default().push(word(t.event.status));
    }
    let claims = told.iter().map(|t| t.claim(word(t.event.status).to_owned())).collect();
    let odds = at_odds(&by_voice, |a, b| a == b);
    odds.then(|| settle(Matter::Status, "whether it happened".to_owned(), claims)).flatten()
}

/// A figure with what tells whether another counts the same.
struct Said<'t, 'r> {
    told: &'t Told<'r>,
    figure: &'r Figure,
    noun: String,
    words: BTreeSet<String>,
    sentence: String,
}

fn figures(told: &[&Told<'_>]) -> Vec<Disagreement> {
    let mut said = Vec::new();
    for t in told {
        let quotes = Quotes::new(&t.record.report.text);
        for figure in &t.figures {
            if figure.value.is_none() && figure.low.is_none() && figure.high.is_none() {
                continue;
            }
            let Some(noun) = noun(figure) else { continue };
            let twice = said.iter().any(|s: &Said<'_, '_>| {
                std::ptr::eq(s.figure, *figure) && std::ptr::eq(s.told.record, t.record)
            });
            if !twice {
                let sides = quotes.sentence(figure.start, figure.end);
                let words = around(sides, &noun);
                let sentence = quotes.whole_sentence(figure.start, figure.end);
                said.push(Said { told: t, figure, noun, words, sentence });
            }
        }
    }
    let mut found = Vec::new();
    for slot in slots(&said) {
        let claims = slot.iter().map(|&i| {
            let s = &said[i];
            let speaker = speaker(s.told.record, s.figure.statement.as_ref());
            let mut claim = s.told.claim(amount(s.figure));
            claim.speaker = speaker.or(claim.speaker);
            claim.item.clone_from(&s.figure.id);
            claim.text.clone_from(&s.sentence);
            claim
        });
        let claims: Vec<Claim> = claims.collect();
        let apart = slot.iter().any(|&i| {
            slot.iter().any(|&j| {
                said[i].told.voice != said[j].told.voice && !agree(said[i].figure, said[j].figure)
            })
        });
        if apart {
            let counted =
                |&i: &usize| said[i].figure.counted.as_ref().or(said[i].figure.unit.as_ref());
            let subject = slot.iter().filter_map(counted).max_by_key(|c| c.len());
            let subject = subject.unwrap_or(&said[slot[0]].noun).clone();
            found.extend(settle(Matter::Figure, subject, claims));
        }
    }
    found
}

/// Figures of several voices that answer one question. Between any two voices equal figures are
/// set side by side first; of the rest, those in like words.
fn slots(said: &[Said<'_, '_>]) -> Vec<Vec<usize>> {
    let mut slot: Vec<usize> = (0..said.len()).collect();
    let mut pairs = Vec::new();
    for (i, a) in said.iter().enumerate() {
        for (j, b) in said.iter().enumerate().skip(i + 1) {
            if a.told.voice == b.told.voice
                || a.noun != b.noun
                || a.figure.change != b.figure.change
            {
                continue;
            }
            let common = a.words.intersection(&b.words).count();
            let equal = agree(a.figure, b.figure);
            if equal || common > 0 {
                pairs.push((!equal, std::cmp::Reverse(common), i, j));
            }
        }
    }
    pairs.sort_unstable();
    for (_, _, i, j) in pairs {
        let (keep, gone) = (slot[i].min(slot[j]), slot[i].max(slot[j]));
        let members = |s: usize| -> Vec<&Said<'_, '_>> {
            slot.iter().zip(said).filter(|(of, _)| **of == s).map(|(_, said)| said).collect()
        };
        // One voice answers one question once, unless with the same amount again.
        let others = members(gone);
        let clash = members(keep).iter().any(|x| {
            let same_voice = others.iter().filter(|y| x.told.voice == y.told.voice);
            same_voice.into_iter().any(|y| !agree(x.figure, y.figure))
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

/// The head of what is counted, roughly singular, in lower case.
fn noun(figure: &Figure) -> Option<String> {
    let counted = figure.counted.as_ref().or(figure.unit.as_ref())?.to_lowercase();
    let head = counted.split_whitespace().next_back()?;
    let singular = match head.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => head,
    };
    Some(singular.to_owned())
}

const WINDOW: usize = 6;

/// The beginnings of the words that stand near a figure in its sentence, without what it counts.
fn around((before, after): (&str, &str), noun: &str) -> BTreeSet<String> {
    let before: Vec<String> = beginnings(before).collect();
    let near = before.into_iter().rev().take(WINDOW).chain(beginnings(after).take(WINDOW));
    near.filter(|word| !noun.starts_with(word.as_str())).collect()
}

/// Both may be true at once: a range that holds the other, or numbers that rounding explains.
fn agree(a: &Figure, b: &Figure) -> bool {
    let range = |f: &Figure| {
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
fn amount(figure: &Figure) -> String {
    let number = match (figure.value, figure.low, figure.high) {
        (Some(value), _, _) => format!("{value}"),
        (None, Some(low), Some(high)) => format!("{low} to {high}"),
        (None, Some(low), None) => format!("at least {low}"),
        (None, None, Some(high)) => format!("at most {high}"),
        (None, None, None) => figure.text.clone(),
    };
    let mut words = String::new();
    if figure.approximate {
        words.push_str("about ");
    }
    words.push_str(&number);
    if let Some(of) = figure.of {
        words.push_str(&format!(" of {of}"));
    }
    if figure.unit.as_deref() == Some("percent") {
        words.push_str(" %");
    }
    words
}
