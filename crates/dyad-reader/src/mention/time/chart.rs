//! Finds every derivation: from the right to the left of a sentence, each node that is made offers
//! itself as the first part of every rule, whose other parts stand to its right and are complete.

use super::rules::{RULES, Slot};
use super::{Val, When};
use crate::mention::pieces::{Kind, Piece, number_in_words};
use dyad_lexicon::Lexicons;
use dyad_lexicon::times::Class;

/// A stretch of pieces with what it means.
#[derive(Clone, Debug)]
pub struct Node {
    pub start: usize,
    pub end: usize,
    pub val: Val,
    /// The rule that made it, as an index into [`RULES`]; none for a leaf.
    pub rule: Option<usize>,
}

/// More nodes than this at one place come only from nonsense.
const MOST_AT_ONE_PLACE: usize = 60;

/// All nodes, by the piece at which they start.
pub fn parse(pieces: &[Piece], lexicons: &Lexicons) -> Vec<Vec<Node>> {
    let mut chart: Vec<Vec<Node>> = vec![Vec::new(); pieces.len() + 1];
    for start in (0..pieces.len()).rev() {
        let mut nodes = leaves(pieces, start, lexicons);
        let mut next = 0;
        while next < nodes.len() && nodes.len() < MOST_AT_ONE_PLACE {
            let first = nodes[next].clone();
            next += 1;
            for (i, rule) in RULES.iter().enumerate() {
                let mut made = Vec::new();
                for (skipped, slot) in rule.slots.iter().enumerate() {
                    if slot.takes(&first, pieces) {
                        let rest = &rule.slots[skipped + 1..];
                        fill(&chart, pieces, rest, &mut vec![&first], &mut |parts| {
                            if let Some(val) = (rule.make)(parts) {
                                let end = parts[parts.len() - 1].end;
                                made.push(Node { start, end, val, rule: Some(i) });
                            }
                        });
                    }
                    if !matches!(slot, Slot::Maybe(_)) {
                        break;
                    }
                }
                for node in made {
                    let known = nodes.iter().any(|n| n.end == node.end && n.val == node.val);
                    if !known {
                        nodes.push(node);
                    }
                }
            }
        }
        chart[start] = nodes;
    }
    chart
}

fn fill<'c>(
    chart: &'c [Vec<Node>],
    pieces: &[Piece],
    slots: &[Slot],
    parts: &mut Vec<&'c Node>,
    found: &mut dyn FnMut(&[&Node]),
) {
    let Some((slot, rest)) = slots.split_first() else { return found(parts) };
    let at = parts[parts.len() - 1].end;
    if let Slot::Maybe(inner) = slot {
        fill(chart, pieces, rest, parts, found);
        for node in chart.get(at).into_iter().flatten().filter(|n| inner.takes(n, pieces)) {
            parts.push(node);
            fill(chart, pieces, rest, parts, found);
            parts.pop();
        }
        return;
    }
    for node in chart.get(at).into_iter().flatten().filter(|n| slot.takes(n, pieces)) {
        parts.push(node);
        fill(chart, pieces, rest, parts, found);
        parts.pop();
    }
}

fn leaves(pieces: &[Piece], start: usize, lexicons: &Lexicons) -> Vec<Node> {
    let piece = &pieces[start];
    let mut nodes = Vec::new();
    let mut leaf = |end, val| nodes.push(Node { start, end, val, rule: None });
    leaf(start + 1, Val::Piece);
    match piece.kind {
        Kind::Number(value) => {
            leaf(start + 1, Val::Number(value));
            let suffix = pieces.get(start + 1).filter(|p| !p.spaced);
            if let Some(n) = piece.plain() {
                if suffix.is_some_and(|p| matches!(&*p.lower, "st" | "nd" | "rd" | "th")) {
                    leaf(start + 2, Val::Ordinal(n));
                }
                if piece.lower.len() == 4 && (1000..2200).contains(&n) {
                    leaf(start + 1, Val::Year(n as i16));
                }
            }
        }
        Kind::Word => {
            if let Some((value, end, ordinal)) = number_in_words(pieces, start, &lexicons.numbers) {
                let val = if ordinal { Val::Ordinal(value as u32) } else { Val::Number(value) };
                leaf(end, val);
            }
            for sense in lexicons.times.of(&piece.lower) {
                let follows =
                    |i: usize, word: &String| pieces.get(start + 1 + i).is_some_and(|p| p.is(word));
                if sense.rest.iter().enumerate().all(|(i, word)| follows(i, word))
                    && !misread(pieces, start, sense.class)
                {
                    let end = start + 1 + sense.rest.len();
                    let val = Val::Sense(sense.class, sense.value.as_str().into());
                    if matches!(sense.class, Class::Month | Class::Weekday)
                        && piece.lower.len() <= 4
                        && pieces.get(end).is_some_and(|p| p.is(".") && !p.spaced)
                        && pieces.get(end + 1).is_some()
                    {
                        leaf(end + 1, val.clone());
                    }
                    leaf(end, val);
                }
            }
        }
        Kind::Mark => {}
    }
    nodes
}

/// Words that name a time only in their proper spelling: months and weekdays have a capital
/// ("may", "march", "sun"), and their short forms a point or a number beside them.
fn misread(pieces: &[Piece], at: usize, class: Class) -> bool {
    let piece = &pieces[at];
    let after = pieces.get(at + 1);
    let before = at.checked_sub(1).map(|i| &pieces[i]);
    let number = |p: Option<&Piece>| p.is_some_and(|p| matches!(p.kind, Kind::Number(_)));
    match class {
        Class::Month | Class::Weekday => {
            let short = piece.lower.len() <= 4 && !matches!(&*piece.lower, "may" | "june" | "july");
            let pointed = after.is_some_and(|p| p.is(".") && !p.spaced);
            !piece.capital || short && !pointed && !number(after) && !number(before)
        }
        _ => false,
    }
}

/// The whole number that a part holds, where it is one.
pub fn whole(node: &Node) -> Option<u32> {
    match node.val {
        Val::Number(n) if n.fract() == 0.0 && (0.0..1e6).contains(&n) => Some(n as u32),
        Val::Ordinal(n) => Some(n),
        _ => None,
    }
}

/// The time that a part is.
pub fn when(node: &Node) -> Option<&When> {
    match &node.val {
        Val::When(when) => Some(when),
        _ => None,
    }
}
