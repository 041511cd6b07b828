//! Entities and relations in conflict reports: exact spans with their type; relations by type and
//! overlapping sides.

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally, common, matching};
use crate::{EvalError, Set, data};
use dyad_reader::doc::{Deprel, EntityKind, Upos, WordId, Xpos};
use dyad_reader::mention::ActorMention;
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use dyad_record::{ActorKind, EventType, How, Status, TieKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    entities: Vec<GoldEntity>,
    relations: Vec<GoldRelation>,
}

#[derive(Deserialize)]
struct GoldEntity {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
    /// How likely it is that the annotation is right, by the set's own reckoning.
    #[serde(default = "sure")]
    confidence: f64,
}

fn sure() -> f64 {
    1.0
}

#[derive(Deserialize)]
struct GoldRelation {
    #[serde(rename = "type")]
    kind: String,
    source: (usize, usize, String),
    target: (usize, usize, String),
}

type Entity<'k> = (Span, &'k str);
type Relation<'k> = (&'k str, Span, Span);

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Re3d, file)?;
    let mut worker = reader.worker();
    let (mut entities, mut relations) = (Counts::default(), Counts::default());
    let (mut every, mut proposals) = (Counts::default(), Counts::default());
    let mut by_kind: BTreeMap<&str, Counts> = BTreeMap::new();
    for row in &rows {
        let bytes = Bytes::of(&row.text);
        let of = |least: f64| -> Vec<Entity<'_>> {
            let kept = |e: &&GoldEntity| e.confidence >= least && MAPPED.contains(&e.kind.as_str());
            let gold: BTreeSet<_> = row
                .entities
                .iter()
                .filter(kept)
                .map(|e| (bytes.span(e.start, e.end), kind_of(&e.kind)))
                .collect();
            gold.into_iter().collect()
        };
        let (gold, proposed) = (of(CONFIRMED), of(0.0));
        let side = |(start, end, _): &(usize, usize, String)| bytes.span(*start, *end);
        let gold_relations: BTreeSet<Relation<'_>> = row
            .relations
            .iter()
            .map(|r| once((r.kind.as_str(), side(&r.source), side(&r.target))))
            .collect();
        let (read, read_relations) =
            worker.analyse_text(&row.text, &given(None), |a| (entities_of(a), relations_of(a)));
        let of_kind = |named: bool| {
            let kept = |r: &&Relation<'_>| !named || NAMED.contains(&r.0);
            let gold: Vec<_> = gold_relations.iter().filter(kept).copied().collect();
            let read: Vec<_> = read_relations.iter().filter(kept).copied().collect();
            let pairs = matching(gold.len(), read.len(), |g, r| same(&gold[g], &read[r]));
            (pairs.into_iter().flatten().count(), read.len(), gold.len())
        };
        entities.add(common(&gold, &read), read.len(), gold.len());
        proposals.add(common(&proposed, &read), read.len(), proposed.len());
        for kind in MAPPED.into_iter().filter(|k| kind_of(k) == *k) {
            let only = |all: &[Entity<'_>]| {
                all.iter().filter(|e| e.1 == kind).map(|e| e.0).collect::<Vec<_>>()
            };
            let (gold, read) = (only(&gold), only(&read));
            by_kind.entry(kind).or_default().add(common(&gold, &read), read.len(), gold.len());
        }
        let (right, read, gold) = of_kind(true);
        relations.add(right, read, gold);
        let (right, read, gold) = of_kind(false);
        every.add(right, read, gold);
    }
    let details = entities.details("entities").into_iter();
    let kinds = by_kind.iter().flat_map(|(kind, counts)| {
        let [precision, recall] = counts.details(kind);
        [(format!("{kind} f1"), counts.f1()), precision, recall]
    });
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("entities_f1", entities.f1()), ("relations_f1", relations.f1())],
        details: details
            .chain(relations.details("relations"))
            .chain([("every relation f1".to_owned(), every.f1())])
            .chain([("entities f1, unconfirmed proposals as gold".to_owned(), proposals.f1())])
            .chain(kinds)
            .collect(),
    })
}

/// Types that have a counterpart in the record or among the ear's names. The others (references to
/// documents, vehicles, coordinates, radio names, frequencies) have none.
const MAPPED: [&str; 9] = [
    "Person",
    "Organisation",
    "Location",
    "Nationality",
    "Temporal",
    "Quantity",
    "Money",
    "Weapon",
    "MilitaryPlatform",
];

/// Weapons and platforms are one kind.
fn kind_of(kind: &str) -> &str {
    if kind == "MilitaryPlatform" { "Weapon" } else { kind }
}

/// Below it an annotation is a proposal that its readers judged wrong.
const CONFIRMED: f64 = 0.5;

/// The relations that the score counts: how sides stand to each other.
const NAMED: [&str; 4] = ["AlliesOf", "FightingAgainst", "CommWith", "InChargeOf"];

/// A relation that holds from either side, told from one: the set lists many from both.
fn once((kind, a, b): Relation<'_>) -> Relation<'_> {
    if two_way(kind) { (kind, a.min(b), a.max(b)) } else { (kind, a, b) }
}

/// Relations that say the same from either side.
fn two_way(kind: &str) -> bool {
    matches!(
        kind,
        "FightingAgainst" | "AlliesOf" | "CommWith" | "CoLocated" | "IsSynonymOf" | "Apart"
    )
}

fn same(gold: &Relation<'_>, read: &Relation<'_>) -> bool {
    gold.0 == read.0
        && (gold.1.touches(read.1) && gold.2.touches(read.2)
            || two_way(gold.0) && gold.1.touches(read.2) && gold.2.touches(read.1))
}

fn entities_of(a: &Analysis<'_, '_>) -> Vec<Entity<'static>> {
    let mut found = BTreeSet::new();
    for mention in &a.mentions.actor_mentions {
        let kind = match a.mentions.actor(mention.actor).kind {
            ActorKind::Person => "Person",
            ActorKind::Organisation | ActorKind::Group => "Organisation",
            ActorKind::State | ActorKind::PlaceAsActor => "Location",
        };
        found.insert((mention.span, kind));
    }
    found.extend(a.mentions.place_mentions.iter().map(|m| (m.span, "Location")));
    found.extend(a.mentions.times.iter().map(|t| (t.span, "Temporal")));
    for figure in &a.mentions.figures {
        // The unit of a sum of money is an ISO 4217 code.
        let money = figure
            .unit
            .as_ref()
            .is_some_and(|u| u.len() == 3 && u.bytes().all(|b| b.is_ascii_uppercase()));
        found.insert((figure.span, if money { "Money" } else { "Quantity" }));
    }
    for entity in &a.doc.entities {
        match entity.kind {
            EntityKind::Norp => {
                // A people's name is not also a place.
                found.remove(&(entity.span, "Location"));
                found.insert((entity.span, "Nationality"));
            }
            EntityKind::Weapon => {
                found.insert((entity.span, "Weapon"));
            }
            _ => {}
        }
    }
    // The set marks whole names and phrases, and not the names inside them.
    let inside = |e: &Entity<'_>| found.iter().any(|o| o.0 != e.0 && o.0.contains(e.0));
    found.iter().filter(|e| !inside(e)).copied().collect()
}

fn relations_of(a: &Analysis<'_, '_>) -> Vec<Relation<'static>> {
    let mut found = BTreeSet::new();
    for event in &a.coding.events {
        if matches!(event.status, Status::Denied | Status::Refused) {
            continue;
        }
        let kind = match event.kind {
            EventType::Assault => "FightingAgainst",
            EventType::Support | EventType::Aid if event.status == Status::Ongoing => "AlliesOf",
            EventType::Consult | EventType::Request => "CommWith",
            EventType::Accuse | EventType::Reject => "Dislikes",
            _ => continue,
        };
        let visits = event.mode.as_deref() == Some("visit");
        if event.kind == EventType::Assault {
            // Who uses a weapon has it; who strikes together stands together.
            for (i, actor) in event.actor_phrases.iter().enumerate() {
                let weapons = event.instruments.iter().filter(|w| !w.touches(*actor));
                found.extend(weapons.map(|w| ("InChargeOf", *actor, *w)));
                let others = event.actor_phrases[i + 1..].iter().filter(|o| is_someone(a, **o));
                let allied = others.filter(|_| is_someone(a, *actor));
                found.extend(allied.map(|o| once(("AlliesOf", *actor, *o))));
            }
        }
        let (actors, recipients) = if event.mutual {
            (&event.actor_spans, &event.actor_spans)
        } else {
            (&event.actor_phrases, &event.recipient_phrases)
        };
        for (i, actor) in actors.iter().enumerate() {
            for (j, other) in recipients.iter().enumerate() {
                let there = visits || stands_in(a, *other);
                if (!event.mutual || i < j) && !(there && is_land(a, *other)) {
                    found.insert(once((kind, *actor, *other)));
                }
            }
        }
    }
    for statement in &a.coding.statements {
        let (Some(source), Some(addressee)) = (statement.source, statement.addressee) else {
            continue;
        };
        let near = a.mentions.actor_mentions.iter().filter(|m| m.actor == addressee);
        let spoken_to = near.min_by_key(|m| m.span.start.abs_diff(source.start));
        found.extend(spoken_to.map(|m| once(("CommWith", source, m.span))));
    }
    for tie in &a.coding.ties {
        let kind = match tie.kind {
            TieKind::Alliance | TieKind::MilitaryCooperation => "AlliesOf",
            TieKind::Control => "InChargeOf",
            TieKind::Rivalry => "FightingAgainst",
            _ => continue,
        };
        let [from, to] = tie.spans.map(|side| {
            let named = a.mentions.actor_mentions.iter().find(|m| m.span.contains(side));
            named.map_or(side, |m| m.span)
        });
        found.insert(once((kind, from, to)));
    }
    let found = found.into_iter().map(|(kind, x, y)| once((kind, owner(a, x), owner(a, y))));
    let mut found = apart(a, found.collect());
    nested(a, &mut found);
    found.into_iter().collect()
}

/// One relation for what is read twice of the same sides.
fn apart(a: &Analysis<'_, '_>, found: BTreeSet<Relation<'static>>) -> BTreeSet<Relation<'static>> {
    let mut kept: Vec<Relation<'static>> = Vec::new();
    for relation in found {
        let sides = [relation.1, relation.2];
        if relation.1.touches(relation.2) || !sides.iter().all(|side| may_be_marked(a, *side)) {
            continue;
        }
        if !kept.iter().any(|k| same(k, &relation)) {
            kept.push(relation);
        }
    }
    kept.into_iter().collect()
}

/// The set marks persons' pronouns among its entities, and neither possessives nor "it".
fn may_be_marked(a: &Analysis<'_, '_>, side: Span) -> bool {
    let words = a.doc.words_in(side);
    let pronoun = |w: WordId| {
        let word = a.doc.word(w);
        word.upos == Upos::Pron && (word.xpos != Xpos::Prp || word.lemma == "it")
    };
    let timed = a.mentions.times.iter().any(|t| t.span.contains(side));
    !(timed || words.len() == 1 && pronoun(words.start))
}

/// For a possessive, whom it means, where the sentence names him before.
fn owner(a: &Analysis<'_, '_>, side: Span) -> Span {
    let words = a.doc.words_in(side);
    let possessive = words.len() == 1 && a.doc.word(words.start).xpos == Xpos::PrpS;
    let mentions = &a.mentions.actor_mentions;
    let Some(own) = mentions.iter().position(|m| m.span == side).filter(|_| possessive) else {
        return side;
    };
    let sentence = a.doc.word(words.start).sentence;
    let before = mentions[..own].iter().rev();
    let mut near = before.take_while(|m| a.doc.word(m.head).sentence == sentence);
    near.find(|m| m.actor == mentions[own].actor).map_or(side, |m| m.span)
}

fn is_someone(a: &Analysis<'_, '_>, span: Span) -> bool {
    a.mentions.actor_mentions.iter().any(|m| m.span.touches(span))
}

/// "in Niger", "in Mali and Niger"
fn stands_in(a: &Analysis<'_, '_>, span: Span) -> bool {
    let words = a.doc.words_in(span);
    let cased =
        |w: WordId| a.doc.dependents_by(w, &[Deprel::Case]).any(|c| a.doc.word(c).lemma == "in");
    words.into_iter().any(|w| {
        let above = a.doc.word(w).head.filter(|_| a.doc.word(w).deprel == Deprel::Conj);
        cased(w) || above.is_some_and(cased)
    })
}

/// Whether all that a stretch names is states and places.
fn is_land(a: &Analysis<'_, '_>, span: Span) -> bool {
    let mut named = a.mentions.actor_mentions.iter().filter(|m| m.span.touches(span));
    named.all(|m| {
        matches!(a.mentions.actor(m.actor).kind, ActorKind::State | ActorKind::PlaceAsActor)
    })
}

/// Whoever is named by way of another belongs to it; two names of one actor in a sentence are
/// synonyms.
fn nested(a: &Analysis<'_, '_>, found: &mut BTreeSet<Relation<'static>>) {
    let mentions = &a.mentions.actor_mentions;
    let named = |m: &ActorMention| m.how != How::Pronoun;
    for (i, outer) in mentions.iter().enumerate().filter(|(_, m)| named(m)) {
        let sentence = a.doc.word(outer.head).sentence;
        for inner in mentions[i + 1..].iter().filter(|m| named(m)) {
            if a.doc.word(inner.head).sentence != sentence {
                break;
            }
            if inner.actor == outer.actor {
                found.insert(("IsSynonymOf", outer.span, inner.span));
            } else if outer.span.contains(inner.span) {
                found.insert(("BelongsTo", outer.span, inner.span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_overlap_and_some_relations_are_two_way() {
        let (a, b) = (Span::new(0, 10), Span::new(20, 30));
        let (part_a, part_b) = (Span::new(4, 10), Span::new(20, 24));
        assert!(same(&("AlliesOf", a, b), &("AlliesOf", part_b, part_a)));
        assert!(same(&("InChargeOf", a, b), &("InChargeOf", part_a, part_b)));
        assert!(!same(&("InChargeOf", a, b), &("InChargeOf", part_b, part_a)));
        assert!(!same(&("AlliesOf", a, b), &("Likes", a, b)));
    }
}
