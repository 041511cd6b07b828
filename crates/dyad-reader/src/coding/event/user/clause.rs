//! Finds a user's verbs in a sentence, the pattern that fits the words around each, and its sides.

use super::super::Side;
use super::super::sides::Sides;
use super::super::tree::{self, Frame};
use super::people::{People, Somebody};
use super::{Found, UserAct, is_statement};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::Mentions;
use dyad_lexicon::user::{Codes, Item, Slot, Verb, Verbs, Wanted};
use std::ops::Range;

/// What a pattern binds.
#[derive(Clone, Default)]
struct Bound {
    sources: Vec<Somebody>,
    targets: Vec<Somebody>,
    /// The targets are the sources too, where the clause names no other.
    joint: bool,
}

pub fn find(doc: &Doc<'_>, mentions: &Mentions, sides: &Sides<'_>, verbs: &Verbs) -> Found {
    let mut found = Found::default();
    if verbs.is_empty() {
        return found;
    }
    for sentence in &doc.sentences {
        let words = sentence.words.clone();
        let people = People::of(doc, mentions, words.clone());
        let mut clause = Clause { doc, mentions, sides, verbs, words, people, telling: Vec::new() };
        for word in sentence.words.clone() {
            clause.read(word, &mut found);
        }
    }
    found
}

struct Clause<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    sides: &'a Sides<'a>,
    verbs: &'a Verbs,
    words: Range<WordId>,
    people: People<'a>,
    /// The verbs that have told an act: what stands in their clauses is part of it.
    telling: Vec<WordId>,
}

impl Clause<'_> {
    fn read(&mut self, word: WordId, found: &mut Found) {
        let doc = self.doc;
        if !matches!(doc.word(word).upos, Upos::Verb | Upos::Aux) || self.is_told(word) {
            return;
        }
        let surface = doc.surface(word).to_lowercase();
        let lemma = doc.word(word).lemma.to_lowercase();
        let verb = [surface.as_str(), lemma.as_str()]
            .iter()
            .find_map(|form| self.verbs.of(form).iter().find(|verb| self.stands(verb, word)));
        let Some(verb) = verb else { return };
        let matched = self.verbs.patterns(verb).iter().find_map(|pattern| {
            let mut bound = Bound::default();
            let fits = self.walk(&pattern.before, word, true, &mut bound)
                && self.walk(&pattern.after, word, false, &mut bound);
            fits.then_some((pattern, bound))
        });
        let (codes, line, bound) = match matched {
            Some((pattern, bound)) => (&pattern.codes, pattern.line, bound),
            None => (&verb.codes, verb.line, Bound::default()),
        };
        if *codes == Codes::default() {
            found.cleared.push(word);
            return;
        }
        let before = found.acts.len();
        self.tell(word, line, codes, bound, found);
        let told = &found.acts[before..];
        if told.iter().any(|act| !is_statement(&act.code)) {
            self.telling.push(word);
        }
    }

    /// Whether the word stands behind and below a verb that has told an act; a verb joined to that one
    /// tells its own.
    fn is_told(&self, word: WordId) -> bool {
        let doc = self.doc;
        let mut at = word;
        for _ in 0..16 {
            let Some(up) = doc.word(at).head else { return false };
            let own = matches!(doc.word(at).deprel, Deprel::Conj | Deprel::Parataxis);
            if self.telling.contains(&up) && up < word && !own {
                return true;
            }
            at = up;
        }
        false
    }

    fn tell(&self, word: WordId, line: u32, codes: &Codes, mut bound: Bound, found: &mut Found) {
        // A code only for the way back: what the clause's subject suffers.
        let suffered = codes.forward.is_none();
        if suffered {
            std::mem::swap(&mut bound.sources, &mut bound.targets);
        }
        let mutual = codes.back.is_some() && !suffered;
        let (sources, targets) = self.sides_of(word, bound, mutual);
        for source in &sources {
            for target in targets.iter().filter(|t| t.actor != source.actor) {
                let mut act = |code: &str, a: &Somebody, b: &Somebody| {
                    let known = found
                        .acts
                        .iter()
                        .any(|x| x.trigger == word && x.source == a.actor && x.target == b.actor);
                    if !known {
                        found.acts.push(UserAct {
                            trigger: word,
                            line,
                            code: code.to_owned(),
                            source: a.actor,
                            target: b.actor,
                            spans: (a.span, b.span),
                        });
                    }
                };
                if let Some(forward) = &codes.forward {
                    act(forward, source, target);
                }
                if let Some(back) = &codes.back {
                    act(back, target, source);
                }
            }
        }
    }

    /// Whether the other words of a verb stand beside the conjugated one.
    fn stands(&self, verb: &Verb, word: WordId) -> bool {
        let before = verb.before.iter().rev().enumerate().all(|(i, part)| {
            word.checked_sub(i as u32 + 1).is_some_and(|w| self.is(w, part, false))
        });
        let mut at = word + 1;
        before
            && verb.after.iter().all(|part| {
                let here = self.is(at, part, false);
                at += 1;
                here
            })
    }

    fn is(&self, word: WordId, wanted: &str, plural: bool) -> bool {
        if !self.words.contains(&word) {
            return false;
        }
        let surface = self.doc.surface(word);
        if surface.eq_ignore_ascii_case(wanted) {
            return true;
        }
        let small = surface.to_lowercase();
        self.verbs.by_lemma() && self.doc.word(word).lemma.eq_ignore_ascii_case(wanted)
            || plural
                && [("s", ""), ("es", ""), ("ies", "y")].iter().any(|(end, stem)| {
                    small.strip_suffix(end).is_some_and(|s| format!("{s}{stem}") == wanted)
                })
    }

    /// Follows the items away from the verb; gaps are allowed where the pattern has a blank.
    fn walk(&self, items: &[Item], verb: WordId, left: bool, bound: &mut Bound) -> bool {
        // The next word that has not been used, going away from the verb.
        let mut at = i64::from(verb) + if left { -1 } else { 1 };
        let step = if left { -1 } else { 1 };
        for item in items {
            let mut matched = None;
            let mut here = at;
            while self.words.contains(&(here.max(0) as u32)) && here >= 0 {
                if let Some(next) = self.meet(item, here as WordId, left, bound) {
                    matched = Some(next);
                    break;
                }
                if item.beside {
                    break;
                }
                here += step;
            }
            match matched {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    /// Whether the item stands at the word; if so, the next word beyond it.
    fn meet(&self, item: &Item, word: WordId, left: bool, bound: &mut Bound) -> Option<i64> {
        let beyond = |s: &Somebody| if left { i64::from(s.start) - 1 } else { i64::from(s.end) };
        let somebody = || self.people.at(word);
        match &item.slot {
            Slot::Words(rows) => rows.iter().find_map(|Wanted { words, plural }| {
                let n = words.len() as u32;
                let start = if left { (word + 1).checked_sub(n)? } else { word };
                let fits = words.iter().enumerate().all(|(i, part)| {
                    self.is(start + i as u32, part, *plural && i + 1 == words.len())
                });
                fits.then(|| if left { i64::from(start) - 1 } else { i64::from(start + n) })
            }),
            Slot::Source => {
                let somebody = somebody()?;
                bound.sources = self.people.joined(somebody);
                Some(beyond(&somebody))
            }
            Slot::Target => {
                let somebody = somebody()?;
                bound.targets = self.people.joined(somebody);
                Some(beyond(&somebody))
            }
            Slot::Both => {
                let somebody = somebody()?;
                let all = self.people.joined(somebody);
                let last = if left { all.first() } else { all.last() };
                let next = last.map(beyond)?;
                (all.len() > 1).then(|| {
                    if left {
                        bound.sources.clone_from(&all);
                    }
                    bound.joint = !left;
                    bound.targets = all;
                    next
                })
            }
            Slot::Skip => match somebody() {
                Some(somebody) => Some(beyond(&somebody)),
                None => matches!(self.doc.word(word).upos, Upos::Noun | Upos::Propn)
                    .then(|| i64::from(word) + if left { -1 } else { 1 }),
            },
        }
    }

    /// Source and target: those that the pattern binds, else those of the verb's clause, else the
    /// nearest coded ones before and behind it.
    fn sides_of(&self, word: WordId, bound: Bound, mutual: bool) -> (Vec<Somebody>, Vec<Somebody>) {
        let frame = tree::verb_frame(self.doc, word);
        let mut sources = bound.sources;
        if sources.is_empty() {
            sources = self.doers(word, &frame);
            if bound.joint {
                sources.retain(|s| bound.targets.iter().all(|t| t.actor != s.actor));
            }
        }
        if sources.is_empty() && bound.joint {
            sources.clone_from(&bound.targets);
        }
        let mut targets = bound.targets;
        let code = |s: &Somebody| &self.mentions.actor(s.actor).code;
        let other = |s: &Somebody, sources: &[Somebody]| sources.iter().all(|x| code(x) != code(s));
        if targets.is_empty() && !(mutual && sources.len() > 1) {
            targets = self.coded(&self.sides.recipients(&frame, &[], &[]).sides);
            targets.retain(|s| other(s, &sources));
        }
        if targets.is_empty() {
            let after = self.people.all.iter().find(|s| s.start > word && other(s, &sources));
            targets = after.map(|s| self.people.joined(*s)).unwrap_or_default();
        }
        if targets.is_empty() && mutual && sources.len() > 1 {
            targets.clone_from(&sources);
        }
        (sources, targets)
    }

    /// Who does what the verb tells: its subjects, else the nearest before it in its clause.
    fn doers(&self, word: WordId, frame: &Frame) -> Vec<Somebody> {
        let meant: Vec<Somebody> =
            frame.subjects.iter().flat_map(|head| self.people.meant(*head)).collect();
        if !meant.is_empty() {
            return meant;
        }
        let of_clause = self.coded(&self.sides.agents(frame, false, true).sides);
        if !of_clause.is_empty() {
            return of_clause;
        }
        // A subject without a code is not whoever was named before it.
        let from = frame.subjects.iter().copied().max().unwrap_or(0);
        let before = self
            .people
            .all
            .iter()
            .rev()
            .find(|s| s.end <= word && (s.start >= from || frame.passive));
        before.map(|s| self.people.joined(*s)).unwrap_or_default()
    }

    fn coded(&self, sides: &[Side]) -> Vec<Somebody> {
        let mut found: Vec<Somebody> = Vec::new();
        for side in sides {
            let all = &self.people.all;
            let exact = all.iter().filter(|s| s.span == side.span);
            let near = all.iter().find(|s| s.span.touches(side.span));
            let mut here: Vec<Somebody> = exact.copied().collect();
            if here.is_empty() {
                here.extend(near);
            }
            found.extend(here);
        }
        found
    }
}
