//! The items of a newer reading that corrections were made for. Pure.

use super::coding::{Live, alike, coded, items};
use dyad_record::correction::{Action, Coding, ItemKind, TieCoding, Who};
use dyad_record::{CharSpan, Record};

/// Two readings may cut the words of an item otherwise: of the words of both so much must be common.
pub const COMMON: f64 = 0.5;

/// The id of the item that each correction is about, in the reading of the machine; `None` where it
/// has none at these words. What a person added is its own item unless the machine now reads it too.
pub fn find(record: &Record, corrections: &[Live]) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = Vec::with_capacity(corrections.len());
    for c in corrections {
        let item = match (c.action, added(c)) {
            (Action::Add, _) => Some(learnt(record, c).unwrap_or_else(|| super::name(c.seq))),
            (_, Some(base)) => {
                let at = corrections.iter().position(|c| c.seq == base);
                at.and_then(|at| found.get(at)).cloned().flatten()
            }
            (_, None) => same(record, c),
        };
        found.push(item);
    }
    found
}

/// The correction that added what this one amends or rejects.
fn added(c: &Live) -> Option<i64> {
    let base = c.found_by.as_deref().filter(|_| c.machine.is_none())?;
    super::number(base.strip_prefix(super::FOUND_BY)?)
}

fn same(record: &Record, c: &Live) -> Option<String> {
    let machine = c.machine.as_ref()?;
    let mut best: Option<(f64, usize, String)> = None;
    for item in items(record, c.kind) {
        let common = common(&item.spans, &c.spans);
        if common < COMMON {
            continue;
        }
        let Some(now) = coded(record, c.kind, item.id) else { continue };
        if !may_be(machine, &now, c.action) {
            continue;
        }
        let alike = alike(machine, &now);
        if best.as_ref().is_none_or(|(most, like, _)| (common, alike) > (*most, *like)) {
            best = Some((common, alike, item.id.to_owned()));
        }
    }
    best.map(|(.., id)| id)
}

/// A rejection says that there is no such act: it says nothing of another act in the same words. Of a
/// sentence with several ties each is its own.
fn may_be(machine: &Coding, now: &Coding, action: Action) -> bool {
    match (machine, now) {
        (Coding::Event(was), Coding::Event(is)) => action != Action::Reject || was.kind == is.kind,
        (Coding::Tie(was), Coding::Tie(is)) => was.kind == is.kind && sides(was) == sides(is),
        _ => true,
    }
}

fn sides(tie: &TieCoding) -> [Option<&str>; 2] {
    [&tie.from, &tie.to].map(|side| match side {
        Some(Who::Known(party)) => Some(party.country.as_deref().unwrap_or(&party.code)),
        _ => None,
    })
}

/// The machine's own item that a person had to add before.
fn learnt(record: &Record, c: &Live) -> Option<String> {
    let added = c.change.as_ref()?;
    let within = |at: &CharSpan| c.spans.iter().any(|s| s.start <= at.start && at.end <= s.end);
    let found = items(record, c.kind).into_iter().find(|item| {
        let there = match c.kind {
            ItemKind::Event => item.spans.iter().all(within),
            _ => common(&item.spans, &c.spans) >= COMMON,
        };
        there && coded(record, c.kind, item.id).is_some_and(|now| as_added(added, &now))
    });
    found.map(|item| item.id.to_owned())
}

/// Of several items at the same words only one is what was added.
fn as_added(added: &Coding, now: &Coding) -> bool {
    match (added, now) {
        (Coding::Event(was), Coding::Event(is)) => was.kind == is.kind,
        (Coding::Tie(was), Coding::Tie(is)) => was.kind == is.kind && sides(was) == sides(is),
        (Coding::Figure(was), Coding::Figure(is)) => was.value == is.value,
        (Coding::Statement(was), Coding::Statement(is)) => was.speaker == is.speaker,
        _ => true,
    }
}

/// How much of the letters of either stands in both.
pub fn common(a: &[CharSpan], b: &[CharSpan]) -> f64 {
    let length = |spans: &[CharSpan]| -> u32 { spans.iter().map(|s| s.end - s.start).sum() };
    let met = |a: &CharSpan, b: &CharSpan| a.end.min(b.end).saturating_sub(a.start.max(b.start));
    let both: u32 = a.iter().flat_map(|a| b.iter().map(move |b| met(a, b))).sum();
    let either = (length(a) + length(b)).saturating_sub(both);
    if either == 0 { 0.0 } else { f64::from(both) / f64::from(either) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_common() {
        let span = |start, end| CharSpan { start, end };
        assert_eq!(common(&[span(0, 4)], &[span(0, 4)]), 1.0);
        assert_eq!(common(&[span(0, 4), span(6, 10)], &[span(2, 8)]), 0.4);
        assert_eq!(common(&[span(0, 4)], &[span(4, 8)]), 0.0);
        assert_eq!(common(&[], &[]), 0.0);
    }
}
