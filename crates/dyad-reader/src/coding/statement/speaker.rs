//! Who stands behind an attribution: the speaker, the one spoken to, and those who carried it.

use super::attribution::{Attribution, Source};
use crate::coding::EventTime;
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, ActorMention, Mentions, TimeId};
use crate::span::Span;
use dyad_record::{Sector, TimeBasis};

/// The actor that a noun phrase names: the mention that its head heads, that of its antecedent
/// for "who", else the first inside it that stands in apposition or as a name.
pub(super) fn of(doc: &Doc<'_>, mentions: &Mentions, source: &Source) -> Option<ActorId> {
    if let Some(mention) = mentions.headed_by(source.head) {
        return Some(mention.actor);
    }
    let word = doc.word(source.head);
    if matches!(word.lemma.as_str(), "who" | "which" | "that") {
        let clause = doc
            .ancestors(source.head)
            .find(|w| matches!(doc.word(*w).deprel, Deprel::AclRelcl | Deprel::Acl))?;
        let antecedent = doc.word(clause).head?;
        return mentions.headed_by(antecedent).map(|m| m.actor);
    }
    let names = [
        Deprel::Flat,
        Deprel::Appos,
        Deprel::NmodDesc,
        Deprel::Compound,
        Deprel::List,
        Deprel::Dep,
    ];
    let mut near =
        doc.dependents_by(source.head, &names).filter(|d| source.span.contains(doc.word(*d).span));
    if let Some(mention) = near.find_map(|d| mentions.headed_by(d)) {
        return Some(mention.actor);
    }
    // A mention that covers the head, though the tree heads it elsewhere.
    within(mentions, source.span)
        .filter(|m| m.words.contains(&source.head))
        .max_by_key(|m| m.span.len())
        .map(|m| m.actor)
}

/// The actor mentions inside a span.
fn within(mentions: &Mentions, span: Span) -> impl Iterator<Item = &ActorMention> {
    let first = mentions.actor_mentions.partition_point(|m| m.span.start < span.start);
    mentions.actor_mentions[first..]
        .iter()
        .take_while(move |m| m.span.start < span.end)
        .filter(move |m| span.contains(m.span))
}

/// The actor that a phrase under `word` names.
fn named(doc: &Doc<'_>, mentions: &Mentions, word: WordId) -> Option<ActorId> {
    of(doc, mentions, &Source { head: word, span: doc.subtree_span(word) })
}

/// "told reporters", "said to the council", "asked the envoy".
pub(super) fn addressee(
    doc: &Doc<'_>,
    mentions: &Mentions,
    attribution: &Attribution,
) -> Option<ActorId> {
    let verb = attribution.head;
    let held = |w: WordId| attribution.content.iter().any(|c| c.contains(doc.word(w).span));
    let addresses = matches!(
        doc.word(verb).lemma.as_str(),
        "tell"
            | "inform"
            | "remind"
            | "assure"
            | "notify"
            | "ask"
            | "warn"
            | "brief"
            | "advise"
            | "urge"
            | "promise"
            | "thank"
            | "write"
    );
    doc.dependents(verb)
        .iter()
        .copied()
        .filter(|d| !held(*d))
        .find(|d| match doc.word(*d).deprel {
            Deprel::Obj | Deprel::Iobj => addresses,
            Deprel::Obl => case_is(doc, *d, &["to"]),
            _ => false,
        })
        .and_then(|d| named(doc, mentions, d))
}

/// Those who carried the words: an agency that quotes, television that broadcasts, a spokesman
/// through whom they were said. Nearest to the reader first.
pub(super) fn carriers(
    doc: &Doc<'_>,
    mentions: &Mentions,
    attribution: &Attribution,
    speaker: Option<ActorId>,
) -> Vec<ActorId> {
    let mut found = Vec::new();
    for word in doc.subtree(attribution.head) {
        let span = doc.word(word).span;
        if attribution.content.iter().any(|c| c.contains(span)) {
            continue;
        }
        let relation = doc.word(word).deprel;
        let by_way = case_is(doc, word, &["through", "via"]);
        let carries = relation == Deprel::OblAgent
            || matches!(relation, Deprel::Obl | Deprel::Nmod)
                && case_is(doc, word, &["by", "on", "to", "in", "with", "from"]);
        if !by_way && !carries {
            continue;
        }
        let Some(actor) = named(doc, mentions, word) else { continue };
        let press = mentions.actor(actor).sector == Sector::Med;
        if (by_way || press) && Some(actor) != speaker && !found.contains(&actor) {
            found.push(actor);
        }
    }
    found
}

fn case_is(doc: &Doc<'_>, word: WordId, cases: &[&str]) -> bool {
    doc.dependents_by(word, &[Deprel::Case]).any(|c| cases.contains(&doc.word(c).lemma.as_str()))
}

/// When it was said: the time that hangs on the cue and stands outside the content.
pub(super) fn time(
    doc: &Doc<'_>,
    mentions: &Mentions,
    attribution: &Attribution,
) -> Option<EventTime> {
    let sentence = doc.sentences[attribution.sentence as usize].span;
    let first = mentions.times.partition_point(|t| t.span.start < sentence.start);
    mentions.times[first..]
        .iter()
        .enumerate()
        .take_while(|(_, t)| t.span.start < sentence.end)
        // A century dates no words.
        .filter(|(_, t)| t.from.zip(t.to).is_some_and(|(from, to)| (to - from).get_days() < 400))
        .filter(|(_, t)| !attribution.content.iter().any(|c| c.touches(t.span)))
        .find(|(_, t)| {
            let Some(last) = t.words.clone().last() else { return false };
            // Another verb's day is its own.
            let mut above = doc.ancestors(last).skip_while(|w| t.words.contains(w));
            above
                .find(|w| *w == attribution.head || doc.word(*w).upos == Upos::Verb)
                .is_some_and(|w| w == attribution.head)
        })
        .map(|(i, t)| EventTime {
            time: Some(TimeId((first + i) as u32)),
            from: t.from,
            to: t.to,
            basis: TimeBasis::Stated,
        })
}
