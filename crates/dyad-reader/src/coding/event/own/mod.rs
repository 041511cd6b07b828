//! Event types that a researcher has defined: their patterns and the words of their examples say where
//! to look, a trained head ([`Head`]) says whether it is one. Status, sides, time, place and statement
//! are found as for every other act, and PLOVER's events stay as they are.

mod features;
mod head;

use super::pattern::{self, Match};
use super::sides::{Found, Sides};
use super::{Act, Topic, drop_shared, status, tree};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::Mentions;
use crate::span::Span;
use dyad_lexicon::acts::{ActPos, ActRule, Role};
use dyad_lexicon::{Acts, Lexicons};
use dyad_record::ONTOLOGY;
use features::Look;
pub use head::{About, COLUMNS, Head, Heads, MARK, Pattern, Spec};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A word that may tell of such an event.
struct Candidate<'a> {
    act: Act<'a>,
    pos: &'static str,
    /// The pattern that its clause meets.
    pattern: Option<&'a Pattern>,
    features: Vec<SmolStr>,
}

/// The same for those who train a head.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub trigger: Span,
    pub lemma: SmolStr,
    pub pos: &'static str,
    /// Line of the pattern that its clause meets.
    pub pattern: Option<u32>,
    /// Line of the pattern that says it is none.
    pub cleared: Option<u32>,
    pub features: Vec<SmolStr>,
    /// The clause, by a number: of one clause one event is told.
    pub clause: u32,
    pub actors: Vec<Span>,
    pub recipients: Vec<Span>,
    /// Where the words of the clause stand, each by its topmost word.
    pub positions: Vec<(Role, Span)>,
    pub sentence: Span,
}

/// Everything in a report that may be of the type. `any` tells also of words that neither pattern nor
/// trigger knows.
pub fn sightings(
    doc: &Doc<'_>,
    mentions: &Mentions,
    lexicons: &Lexicons,
    spec: &Spec,
    any: bool,
) -> Vec<Sighting> {
    let doc = &tree::mended(doc, &lexicons.acts);
    let sides = Sides::new(doc, mentions, &lexicons.acts);
    let look = Look { doc, mentions, sides: &sides, acts: &lexicons.acts };
    let seen = (0..doc.words.len() as WordId).filter_map(|w| candidate(&look, spec, w, any));
    let spans = |found: &Found| found.sides.iter().map(|s| s.span).collect();
    let sighting = |c: Candidate<'_>| {
        let cleared = c.pattern.filter(|p| p.clears).map(|p| p.line);
        Sighting {
            trigger: doc.word(c.act.trigger).span,
            lemma: tree::lemma(doc, c.act.trigger).into(),
            pos: c.pos,
            pattern: c.pattern.filter(|p| !p.clears).map(|p| p.line),
            cleared,
            clause: clause(doc, c.act.trigger),
            actors: spans(&c.act.agents),
            recipients: spans(&c.act.recipients),
            positions: features::positions(&c.act)
                .into_iter()
                .map(|(role, head)| (role, doc.word(head).span))
                .collect(),
            sentence: doc.sentences[doc.word(c.act.trigger).sentence as usize].span,
            features: c.features,
        }
    };
    seen.map(sighting).collect()
}

/// The acts of every head, each with its probability and the head.
pub(super) fn find<'a>(
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    sides: &'a Sides<'a>,
    acts: &'a Acts,
    heads: &'a Heads,
) -> Vec<(Act<'a>, f32, &'a Head)> {
    let mut found = Vec::new();
    if heads.is_empty() {
        return found;
    }
    let look = Look { doc, mentions, sides, acts };
    let topic = Topic::of(doc, mentions, acts);
    for head in heads {
        if topic == Topic::Other && !head.spec.about.any_topic {
            continue;
        }
        let seen = (0..doc.words.len() as WordId)
            .filter_map(|w| candidate(&look, &head.spec, w, false))
            .filter(|c| c.pattern.is_none_or(|p| !p.clears));
        let told = seen.filter_map(|c| {
            let p = head.probability(&c.features);
            (p >= head.spec.about.threshold).then_some((c.act, p))
        });
        let about = &head.spec.about;
        let told = one_a_clause(doc, told.collect()).into_iter().filter(|(act, _)| {
            (!about.needs_actor || !act.agents.sides.is_empty())
                && (!about.needs_recipient || !act.recipients.sides.is_empty())
        });
        found.extend(told.map(|(act, p)| (act, p, head)));
    }
    found
}

/// "held elections": of a clause the likeliest word tells it all; what another knows of the sides it
/// takes over. "did not hold the elections that it had promised": what a relative clause says of the
/// same thing is told by the clause above.
fn one_a_clause<'a>(doc: &Doc<'_>, told: Vec<(Act<'a>, f32)>) -> Vec<(Act<'a>, f32)> {
    let mut best: Vec<(Act<'a>, f32)> = Vec::new();
    let mut by_clause: FxHashMap<u32, usize> = FxHashMap::default();
    let relative = |act: &Act<'_>| relative_to(doc, clause(doc, act.trigger)).is_some();
    for (mut act, p) in told {
        let own = clause(doc, act.trigger);
        let of = relative_to(doc, own).map_or(own, |noun| clause(doc, noun));
        let Some(&at) = by_clause.get(&of) else {
            by_clause.insert(of, best.len());
            best.push((act, p));
            continue;
        };
        let (known, sure) = &mut best[at];
        let wins = match (relative(known), relative(&act)) {
            (true, false) => true,
            (false, true) => false,
            _ => p > *sure,
        };
        if wins {
            std::mem::swap(known, &mut act);
            *sure = p;
        }
        if known.agents.sides.is_empty() {
            known.agents = act.agents;
        }
        if known.recipients.sides.is_empty() {
            known.recipients = act.recipients;
        }
        drop_shared(&mut known.agents, &mut known.recipients);
    }
    best
}

/// The noun that a relative clause, by its verb, says more of.
fn relative_to(doc: &Doc<'_>, verb: WordId) -> Option<WordId> {
    let word = doc.word(verb);
    word.head.filter(|_| matches!(word.deprel, Deprel::AclRelcl | Deprel::Acl))
}

/// The verb of the clause, by its number: "went to the polls to elect" is one clause.
fn clause(doc: &Doc<'_>, trigger: WordId) -> u32 {
    let goes_on = |w: WordId| {
        let word = doc.word(w);
        let to = || doc.dependents_by(w, &[Deprel::Mark]).any(|m| tree::lemma(doc, m) == "to");
        word.upos != Upos::Verb
            || matches!(word.deprel, Deprel::Xcomp | Deprel::Amod)
            || word.deprel == Deprel::Advcl && to()
    };
    let mut above = doc.ancestors(trigger).take(16);
    above.find(|w| !goes_on(*w) || doc.word(*w).head.is_none()).unwrap_or(trigger)
}

/// The word as a candidate, where a pattern or a trigger of the examples knows it.
fn candidate<'a>(
    look: &Look<'a>,
    spec: &'a Spec,
    word: WordId,
    any: bool,
) -> Option<Candidate<'a>> {
    let Look { doc, mentions, sides, acts } = *look;
    let of = pattern::act_pos(doc, word)?;
    let pos = head::pos_name(of);
    let lemma = SmolStr::from(tree::lemma(doc, word));
    let patterns = spec.patterns_of(&lemma, of);
    let learned = spec.triggers.get(&(lemma, pos));
    if patterns.is_empty() && learned.is_none() && !any {
        return None;
    }
    let frame = match of {
        ActPos::Noun => tree::noun_frame(doc, word, acts),
        ActPos::Verb | ActPos::Adj => tree::verb_frame(doc, word),
    };
    let patterns_look = pattern::Look { doc, mentions, sides, acts };
    let met = patterns_look.best_of(patterns.iter().map(|p| &p.rule), word, &frame);
    let pattern = met
        .as_ref()
        .and_then(|m| patterns.iter().copied().find(|p| std::ptr::eq::<ActRule>(&p.rule, m.rule)));
    if met.is_none() && learned.is_none() && !any {
        return None;
    }
    let Match { rule, named } = met.unwrap_or(Match { rule: &spec.bare, named: Vec::new() });
    let noun = of == ActPos::Noun;
    let mut recipients = match &spec.about.to {
        Some(_) => sides.recipients(&frame, &rule.to, &[]),
        None => Found::default(),
    };
    let mut agents = sides.agents(&frame, noun, !recipients.possessor);
    if agents.sides.is_empty() && !spec.about.from.is_empty() {
        let found = sides.recipients(&frame, &spec.about.from, &[]);
        if !found.sides.is_empty() {
            agents = found;
        }
    }
    drop_shared(&mut agents, &mut recipients);
    let mode = rule.mode.clone().or_else(|| learned.cloned().flatten());
    let line = pattern.filter(|p| !p.clears).map(|p| p.line);
    let ontology = format!("{ONTOLOGY}{}", spec.about.kind.as_str());
    let act = Act {
        trigger: word,
        rule,
        kind: spec.kind(),
        mode: mode.map(|m| m.to_string()),
        cameo: spec.about.cameo.clone(),
        named,
        standing: status::standing(doc, acts, word, frame.light),
        frame,
        agents,
        recipients,
        has_infinitive: false,
        reciprocal: false,
        settled: false,
        found_by: line.map_or(ontology.clone(), |line| format!("{ontology}:{line}")),
        belief: None,
    };
    let features = features::of(look, &act, pos, line);
    Some(Candidate { act, pos, pattern, features })
}

/// The features that count most for a word that was told, with what they weigh, and the pattern that it
/// met.
pub(super) fn why(
    doc: &Doc<'_>,
    mentions: &Mentions,
    lexicons: &Lexicons,
    head: &Head,
    word: WordId,
) -> (Vec<(SmolStr, f32)>, Option<String>) {
    let doc = &tree::mended(doc, &lexicons.acts);
    let sides = Sides::new(doc, mentions, &lexicons.acts);
    let look = Look { doc, mentions, sides: &sides, acts: &lexicons.acts };
    let Some(candidate) = candidate(&look, &head.spec, word, false) else {
        return (Vec::new(), None);
    };
    let norm = (candidate.features.len().max(1) as f32).sqrt();
    let weighed = candidate.features.iter().map(|f| (f.clone(), head.weight(f) / norm));
    let mut weighed: Vec<(SmolStr, f32)> = weighed.collect();
    weighed.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
    (weighed, candidate.pattern.map(|p| p.cells.join("\t").trim_end().to_owned()))
}
