//! Which of the proposed attributions are some: a linear model over what is seen of each, trained
//! by `training/gate.py` (card: `models/gate.md`).

use super::attribution::Attribution;
use super::evidence::{self, MARKS};
use super::quote::{Quotation, is_mark};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::Mentions;
use crate::mention::linear::Seen;

/// Buckets into which features are hashed.
const BUCKETS: usize = 1 << 17;
const MAGIC: &[u8; 8] = b"dyadgat2";
/// Magic, bias, scale; then one signed byte a bucket and two a mark.
const HEADER: usize = 16;
static WEIGHTS: &[u8] = include_bytes!("../../../../../models/gate.bin");

const _: () = {
    let size = HEADER + BUCKETS + 2 * MARKS;
    assert!(WEIGHTS.len() == size, "models/gate.bin has another size: train it again");
    let mut i = 0;
    while i < MAGIC.len() {
        assert!(WEIGHTS[i] == MAGIC[i], "models/gate.bin is no gate: train it again");
        i += 1;
    }
};

fn bias() -> i32 {
    let at = MAGIC.len();
    i32::from_le_bytes([WEIGHTS[at], WEIGHTS[at + 1], WEIGHTS[at + 2], WEIGHTS[at + 3]])
}

fn mark(mark: usize) -> i32 {
    let at = HEADER + BUCKETS + 2 * mark;
    i32::from(i16::from_le_bytes([WEIGHTS[at], WEIGHTS[at + 1]]))
}

/// How much speaks for a proposal: above 0 it is an attribution. Whole numbers: the same everywhere.
pub(super) fn weight(
    doc: &Doc<'_>,
    mentions: &Mentions,
    quotations: &[Quotation],
    a: &Attribution,
) -> i32 {
    let seen: i32 = features(doc, mentions, quotations, a)
        .into_iter()
        .map(|f| i32::from(WEIGHTS[HEADER + f as usize].cast_signed()))
        .sum();
    let numbers = evidence::numbers(doc, a);
    let marks = evidence::marks(numbers.as_ref(), evidence::group(a));
    seen + marks.into_iter().map(mark).sum::<i32>() + bias()
}

/// What is seen of a proposal, as buckets.
pub(super) fn features(
    doc: &Doc<'_>,
    mentions: &Mentions,
    quotations: &[Quotation],
    attribution: &Attribution,
) -> Vec<u32> {
    let a = attribution;
    let head = doc.word(a.head);
    let lemma = head.lemma.to_lowercase();
    let (l, rule) = (lemma.as_str(), a.rule);
    let frame = match (a.line, a.frame) {
        (0, _) => "unlisted",
        (_, f) => match f {
            dyad_lexicon::cues::Frame::Speech => "speech",
            dyad_lexicon::cues::Frame::Clause => "clause",
            dyad_lexicon::cues::Frame::Any => "any",
        },
    };
    let stance = a.stance.map_or("none", |s| s.as_str());
    let mut seen = Seen::new(BUCKETS);
    seen.add(&["l", l]);
    seen.add(&["r", rule]);
    seen.add(&["lr", l, rule]);
    seen.add(&["f", frame, rule]);
    seen.add(&["s", stance, rule]);
    seen.add(&["x", head.xpos.as_str(), rule]);
    seen.add(&["lx", l, head.xpos.as_str()]);
    seen.add(&["d", head.deprel.as_str(), rule]);
    seen.add(&["df", head.deprel.as_str(), frame]);
    let governor = head.head.map_or("-", |h| doc.word(h).lemma.as_str());
    seen.add(&["g", governor, head.deprel.as_str()]);
    seen.add(&["gl", governor, l]);

    let source = source_kind(doc, mentions, a);
    seen.add(&["src", source, rule]);
    seen.add(&["srcl", source, l]);
    seen.add(&["srcf", source, frame, stance]);
    if let Some(s) = &a.source {
        let word = doc.word(s.head);
        seen.add(&["srcw", &word.lemma.to_lowercase()]);
        seen.add(&["srcwf", &word.lemma.to_lowercase(), frame]);
        seen.add(&["srcd", word.deprel.as_str(), rule]);
        let side = if s.head < a.head { "before" } else { "after" };
        seen.add(&["srcs", side, rule]);
    }

    let mut relations = Vec::new();
    for d in doc.dependents(a.head) {
        let word = doc.word(*d);
        match word.deprel {
            Deprel::Aux | Deprel::AuxPass | Deprel::Cop => {
                seen.add(&["aux", &word.lemma, rule]);
                seen.add(&["auxl", &word.lemma, l]);
            }
            Deprel::Advmod | Deprel::Mark => {
                seen.add(&["adv", &word.lemma.to_lowercase(), frame]);
            }
            Deprel::Obl | Deprel::Nmod => {
                if let Some(case) = doc.dependents_by(*d, &[Deprel::Case]).next() {
                    seen.add(&["prep", &doc.word(case).lemma, l]);
                    seen.add(&["prepr", &doc.word(case).lemma, rule]);
                }
            }
            Deprel::Obj => {
                seen.add(&["obj", &word.lemma.to_lowercase()]);
                seen.add(&["objl", &word.lemma.to_lowercase(), l]);
                seen.add(&["obju", word.upos.as_str(), l]);
                seen.add(&["objs", word.upos.as_str(), stance]);
                seen.add(&["objk", entity(doc, *d), frame]);
            }
            _ => {}
        }
        if !matches!(word.deprel, Deprel::Punct | Deprel::Advmod) {
            relations.push(word.deprel.as_str());
        }
    }
    relations.sort_unstable();
    relations.dedup();
    let frame_seen = relations.join("+");
    seen.add(&["rels", &frame_seen]);
    seen.add(&["relsl", &frame_seen, l]);
    for relation in &relations {
        seen.add(&["rel", relation, frame]);
        seen.add(&["rell", relation, l]);
    }

    if let Some(content) = a.content.first() {
        let words = doc.words_in(*content);
        let first = doc.word(words.start);
        seen.add(&["c1", &first.lemma.to_lowercase(), rule]);
        seen.add(&["c1l", &first.lemma.to_lowercase(), l]);
        let length = match words.len() {
            0..=1 => "1",
            2..=3 => "3",
            4..=7 => "7",
            8..=15 => "15",
            _ => "more",
        };
        seen.add(&["clen", length, rule]);
        seen.add(&["clenl", length, l]);
        seen.add(&["cn", if a.content.len() > 1 { "broken" } else { "whole" }, rule]);
        let marked = words.clone().any(|w| is_mark(doc.surface(w)));
        let opened = is_mark(doc.surface(words.start));
        let marks = match (opened, marked) {
            (true, _) => "opened",
            (false, true) => "holds",
            _ => "no",
        };
        seen.add(&["q", marks, rule]);
        seen.add(&["ql", marks, l]);
        seen.add(&["qf", marks, frame]);
        let gap = words.start.saturating_sub(a.cue.end).min(4).to_string();
        seen.add(&["gap", &gap, rule]);
    } else {
        seen.add(&["empty", frame]);
    }
    let inside = quotations.iter().any(|q| q.span.contains(head.span));
    seen.add(&["in", if inside { "quotation" } else { "report" }, rule]);
    seen.add(&["inl", if inside { "quotation" } else { "report" }, l]);
    seen.add(&["behind", if a.behind { "yes" } else { "no" }, frame]);
    around(doc, a, &mut seen);
    seen.done()
}

/// The words beside the cue, and where in the sentence it stands.
fn around(doc: &Doc<'_>, a: &Attribution, seen: &mut Seen) {
    let sentence = doc.sentences[a.sentence as usize].words.clone();
    let at = |w: Option<WordId>| match w {
        Some(w) if sentence.contains(&w) => doc.word(w).lemma.to_lowercase(),
        _ => "-".to_owned(),
    };
    let before = at(a.cue.start.checked_sub(1));
    let after = at(Some(a.cue.end));
    seen.add(&["w-1", &before]);
    seen.add(&["w+1", &after]);
    seen.add(&["w+1l", &after, &doc.word(a.head).lemma.to_lowercase()]);
    let end = sentence.end - a.head.min(sentence.end);
    let place = if end <= 3 {
        "last"
    } else if a.head - sentence.start.min(a.head) <= 3 {
        "first"
    } else {
        "mid"
    };
    seen.add(&["place", place, a.rule]);
}

fn entity(doc: &Doc<'_>, word: WordId) -> &'static str {
    let i = doc.entities.partition_point(|e| e.words.end <= word);
    doc.entities.get(i).filter(|e| e.words.contains(&word)).map_or("-", |e| e.kind.as_str())
}

/// What kind of word the source is.
fn source_kind(doc: &Doc<'_>, mentions: &Mentions, a: &Attribution) -> &'static str {
    let Some(source) = &a.source else { return "none" };
    let word = doc.word(source.head);
    match word.upos {
        Upos::Pron => match word.lemma.as_str() {
            "I" | "we" => "self",
            "you" => "you",
            "he" | "she" => "he",
            "they" => "they",
            "it" | "this" => "it",
            "who" | "which" => "who",
            _ => "pron",
        },
        _ => match entity(doc, source.head) {
            "-" if mentions.headed_by(source.head).is_some() => "actor",
            "-" if word.upos == Upos::Propn => "name",
            "-" => "noun",
            kind => kind,
        },
    }
}
