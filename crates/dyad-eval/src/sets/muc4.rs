//! Roles in attacks over whole reports: CEAF-REE as in GRIT (Du, Rush and Cardie 2021).

use super::given;
use crate::measure::{Counts, Tally, matching};
use crate::{EvalError, Set, data};
use dyad_reader::coding::Event;
use dyad_reader::doc::{EntityKind, Upos, WordId};
use dyad_reader::mention::ActorId;
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use dyad_record::{ActorKind, EventType, How, Status};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    /// Role to entities, each a list of its names.
    roles: BTreeMap<String, Vec<Vec<String>>>,
}

const ROLES: [&str; 5] = [
    "perp_individual_id",
    "perp_organization_id",
    "phys_tgt_id",
    "hum_tgt_name",
    "incident_instrument_id",
];

/// Classes of words for what is attacked though it be a place or of a known owner.
const THINGS: [&str; 4] = ["buildings", "property", "road", "ships"];

/// Role to entities, each by its names in plain form.
type Roles = BTreeMap<&'static str, BTreeSet<BTreeSet<String>>>;

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Muc4, file)?;
    let mut worker = reader.worker();
    let mut by_role = ROLES.map(|role| (role, Counts::default()));
    for row in &rows {
        let predicted = worker.analyse_text(&row.text, &given(None), |a| roles(a, reader));
        for (role, counts) in &mut by_role {
            let gold: Vec<BTreeSet<String>> = row
                .roles
                .get(*role)
                .into_iter()
                .flatten()
                .map(|names| names.iter().map(|n| plain(n)).collect())
                .collect();
            let predicted: Vec<_> = predicted.get(role).into_iter().flatten().collect();
            counts.add(right(&gold, &predicted), predicted.len(), gold.len());
        }
    }
    let mut all = Counts::default();
    for (_, c) in &by_role {
        all.add(c.right, c.predicted, c.gold);
    }
    let details = all.details("all").into_iter();
    let details = details.chain(by_role.iter().map(|(r, c)| (format!("{r} f1"), c.f1())));
    Ok(Tally { rows: rows.len(), scores: vec![("f1", all.f1())], details: details.collect() })
}

/// Entities that are aligned one to one; an entity is right where every name that it was given is
/// a name of the gold one.
fn right(gold: &[BTreeSet<String>], predicted: &[&BTreeSet<String>]) -> usize {
    let pairs = matching(gold.len(), predicted.len(), |g, p| predicted[p].is_subset(&gold[g]));
    pairs.into_iter().flatten().count()
}

/// Lower case, without articles and punctuation.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let letters: String =
        lower.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
    let words = letters.split_whitespace().filter(|w| !matches!(*w, "a" | "an" | "the"));
    words.collect::<Vec<_>>().join(" ")
}

/// The sides and weapons of the attacks that are told as done.
fn roles(a: &Analysis<'_, '_>, reader: &Reader) -> Roles {
    let mut found =
        Answers { a, reader, roles: Roles::new(), seen: BTreeSet::new(), heads: BTreeSet::new() };
    for event in a.coding.events.iter().filter(|e| is_attack(e)) {
        for span in event.actor_phrases.iter().chain(&event.actor_spans) {
            found.perpetrator(*span);
        }
        for span in event.recipient_phrases.iter().chain(&event.recipient_spans) {
            found.target(*span);
        }
        let sentence = a.doc.word(event.trigger_word).sentence;
        let named = a.doc.entities.iter().filter(|e| e.kind == EntityKind::Weapon);
        let named = named.filter(|e| a.doc.word(e.words.start).sentence == sentence);
        for span in event.instruments.iter().copied().chain(named.map(|e| e.span)) {
            found.phrase("incident_instrument_id", span);
        }
    }
    found.roles
}

/// The answers for one report, each entity once in a role.
struct Answers<'a, 'r> {
    a: &'a Analysis<'a, 'r>,
    reader: &'a Reader,
    roles: Roles,
    seen: BTreeSet<(&'static str, ActorId)>,
    heads: BTreeSet<(&'static str, String)>,
}

impl Answers<'_, '_> {
    /// Who is named, or is a man or a band, is an individual; a body with a name is an
    /// organisation, and so is one that is no crowd of people ("the army").
    fn perpetrator(&mut self, span: Span) {
        let Some(head) = self.head(span) else { return };
        match self.actor(head) {
            Some((id, ActorKind::Person)) => self.known("perp_individual_id", id, span),
            Some((id, ActorKind::Group)) if !self.has_name(id) => {
                self.known("perp_individual_id", id, span);
            }
            Some((id, _)) if self.is_in(head, "humans") => {
                self.known("perp_individual_id", id, span);
            }
            Some((id, _)) => self.known("perp_organization_id", id, span),
            None if self.is_in(head, "humans") => self.phrase("perp_individual_id", span),
            None => {}
        }
    }

    /// People count by their names alone, things by what they are.
    fn target(&mut self, span: Span) {
        let Some(head) = self.head(span) else { return };
        match self.actor(head) {
            Some((id, ActorKind::Person)) if self.has_name(id) => {
                self.known("hum_tgt_name", id, span);
            }
            Some((_, ActorKind::Person | ActorKind::Group)) => {}
            _ if self.is_in(head, "humans") => {}
            None if !self.is_place(head) => self.phrase("phys_tgt_id", span),
            _ if THINGS.iter().any(|class| self.is_in(head, class)) => {
                self.phrase("phys_tgt_id", span);
            }
            _ => {}
        }
    }

    fn actor(&self, head: WordId) -> Option<(ActorId, ActorKind)> {
        let mention = self.a.mentions.headed_by(head)?;
        Some((mention.actor, self.a.mentions.actor(mention.actor).kind))
    }

    fn has_name(&self, id: ActorId) -> bool {
        let mut mentions = self.a.mentions.actor_mentions.iter();
        mentions.any(|m| m.actor == id && m.how == How::Name)
    }

    fn is_place(&self, head: WordId) -> bool {
        self.a.mentions.place_mentions.iter().any(|m| m.head == head)
    }

    fn is_in(&self, head: WordId, class: &str) -> bool {
        self.reader.lexicons().acts.in_class(&self.a.doc.word(head).lemma, class)
    }

    /// The word of a phrase that governs the others.
    fn head(&self, span: Span) -> Option<WordId> {
        let words = self.a.doc.words_in(span);
        let inside = |head: Option<WordId>| head.is_some_and(|h| words.contains(&h));
        words.clone().find(|w| !inside(self.a.doc.word(*w).head))
    }

    /// An actor by its name, and where it has none by the words of the phrase.
    fn known(&mut self, role: &'static str, id: ActorId, span: Span) {
        if !self.seen.insert((role, id)) {
            return;
        }
        if self.has_name(id) {
            let name = plain(&self.a.mentions.actor(id).name);
            self.insert(role, name);
        } else {
            self.phrase(role, span);
        }
    }

    fn phrase(&mut self, role: &'static str, span: Span) {
        let doc = self.a.doc;
        let Some(head) = self.head(span) else { return };
        let word = doc.word(head);
        // "the bombs" after "two powerful bombs" are the same ones.
        if word.upos == Upos::Pron || !self.heads.insert((role, word.lemma.to_string())) {
            return;
        }
        let base = Span { end: word.span.end, ..span };
        self.insert(role, plain(base.of(&doc.report.text)));
    }

    fn insert(&mut self, role: &'static str, name: String) {
        if !name.is_empty() {
            self.roles.entry(role).or_default().insert(BTreeSet::from([name]));
        }
    }
}

fn is_attack(event: &Event) -> bool {
    event.kind == EventType::Assault && matches!(event.status, Status::Happened | Status::Ongoing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| plain(n)).collect()
    }

    #[test]
    fn names_are_compared_in_plain_form() {
        assert_eq!(plain("THE \"Blue-Eyed\"  Band"), "blueeyed band");
    }

    #[test]
    fn an_entity_needs_all_its_names_right() {
        let gold = [names(&["the rebels", "band"]), names(&["Gomez"])];
        assert_eq!(right(&gold, &[&names(&["rebels"]), &names(&["band"])]), 1);
        assert_eq!(right(&gold, &[&names(&["rebels", "soldiers"]), &names(&["gomez"])]), 1);
        assert_eq!(right(&gold, &[]), 0);
    }
}
