//! Where an act took place.

use super::PlaceMention;
use crate::doc::{Deprel, Doc, Upos, WordId};

/// Relations that lead from an act to where it took place.
const LEADS: &[Deprel] = &[
    Deprel::Obl,
    Deprel::OblUnmarked,
    Deprel::Obj,
    Deprel::NsubjPass,
    Deprel::Nmod,
    Deprel::NmodUnmarked,
    Deprel::Nsubj,
    Deprel::Advmod,
];

/// The mention of the place of the act whose trigger this is, as an index into `mentions`: the
/// place that hangs on it as "in Oslo" does, then on what it was done to, then on the clause that
/// it belongs to. None where its own sentence names no place of its.
///
/// `mentions` are those of [`super::find`], in text order.
pub fn of_act(doc: &Doc<'_>, mentions: &[PlaceMention], trigger: WordId) -> Option<usize> {
    let sentence = &doc.sentences[doc.word(trigger).sentence as usize];
    let from = mentions.partition_point(|m| m.words.start < sentence.words.start);
    let until = mentions.partition_point(|m| m.words.start < sentence.words.end);
    let here = from..until;
    here.filter_map(|i| Some((cost(doc, &mentions[i], trigger)?, i))).min().map(|(_, i)| i)
}

/// How far the place is from the act in the tree, by how it is said; none where it is no place of
/// the act.
fn cost(doc: &Doc<'_>, mention: &PlaceMention, trigger: WordId) -> Option<u32> {
    let said = how_said(doc, mention)?;
    // Down from the trigger, or from a verb above it that shares its clause.
    let mut above = trigger;
    for climbed in 0..4 {
        if let Some(steps) = steps_below(doc, mention.head, above) {
            return Some(said + 2 * steps + 4 * climbed);
        }
        let word = doc.word(above);
        if !shares_place(word.deprel) {
            return None;
        }
        above = word.head?;
    }
    None
}

/// A place after a preposition of place is where; before a noun, or as a party to the act, less so.
fn how_said(doc: &Doc<'_>, mention: &PlaceMention) -> Option<u32> {
    let word = doc.word(mention.head);
    let case = doc.dependents_by(mention.head, &[Deprel::Case]).next();
    let case = case.map(|c| doc.surface(c).to_lowercase());
    Some(match (word.deprel, case.as_deref()) {
        (
            _,
            Some(
                "in" | "at" | "near" | "on" | "inside" | "outside" | "around" | "across"
                | "throughout" | "within" | "over" | "along",
            ),
        ) => 0,
        (Deprel::Nmod, Some("of")) => 1,
        (_, Some("into" | "to" | "through" | "towards" | "toward")) => 2,
        (Deprel::Appos, _) => 1,
        (Deprel::Obj | Deprel::NsubjPass, _) => 2,
        (Deprel::NmodUnmarked, None) => 3,
        (_, Some("from" | "off")) => 4,
        (Deprel::Nsubj | Deprel::NmodPoss | Deprel::OblAgent | Deprel::Compound, _) => return None,
        (_, Some("by" | "with" | "against" | "for" | "between")) => return None,
        _ => 4,
    })
}

/// Steps from the place up to the act, where all of them may lead there.
fn steps_below(doc: &Doc<'_>, place: WordId, act: WordId) -> Option<u32> {
    let mut word = place;
    for steps in 0..8 {
        if word == act {
            return Some(steps);
        }
        let here = doc.word(word);
        let leads = LEADS.contains(&here.deprel)
            || matches!(
                here.deprel,
                Deprel::Appos | Deprel::Compound | Deprel::Conj | Deprel::Flat | Deprel::NmodPoss
            );
        // Another verb's places are its own.
        if !leads || word != place && here.upos == Upos::Verb {
            return None;
        }
        word = here.head?;
    }
    None
}

/// Whether a word takes its place from the word above it.
fn shares_place(relation: Deprel) -> bool {
    matches!(
        relation,
        Deprel::Conj
            | Deprel::Advcl
            | Deprel::Xcomp
            | Deprel::Acl
            | Deprel::AclRelcl
            | Deprel::Obj
            | Deprel::Obl
            | Deprel::Nsubj
            | Deprel::Nmod
            | Deprel::Parataxis
            | Deprel::Compound
    )
}
