//! Base noun phrases, and the names of the lexicons that stand in the text.

use crate::doc::{Deprel, Doc, EntityKind, Upos, Word, WordId, Xpos};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::actors::{Case, Name, Period, Referent};
use dyad_lexicon::names::{UNKNOWN, pieces};
use dyad_lexicon::times::Class;
use jiff::civil::Date;
use std::ops::Range;

/// A name of a lexicon where it stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub words: Range<u32>,
    pub span: Span,
    pub referent: Referent,
    /// A user's dictionary gives the name.
    pub of_user: bool,
}

/// A noun with what stands before it and the parts of its name behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    pub words: Range<u32>,
    pub head: WordId,
}

/// A piece of a word of the text.
struct TextPiece {
    word: WordId,
    span: Span,
    id: u32,
    /// The number of the word's lemma, where the word is one piece.
    lemma: u32,
}

/// Names in the text, longest first from the left, without overlap.
pub fn spots(doc: &Doc<'_>, lexicons: &Lexicons) -> Vec<Spot> {
    let names = &lexicons.actors.names;
    let mut cut = Vec::with_capacity(doc.words.len() + doc.words.len() / 8);
    for (i, word) in doc.words.iter().enumerate() {
        let found = pieces(word.span.of(&doc.report.text));
        let lone = found.len() == 1;
        for piece in found {
            let start = word.span.start + piece.start as u32;
            cut.push(TextPiece {
                word: i as WordId,
                span: Span { start, end: word.span.start + piece.end as u32 },
                id: names.piece(&piece.text),
                lemma: if lone { singular(lexicons, word, &piece.text) } else { UNKNOWN },
            });
        }
    }
    let shouting: Vec<bool> = doc.sentences.iter().map(|s| is_shouting(doc, s.span)).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < cut.len() {
        match longest(doc, lexicons, &cut, at, &shouting) {
            Some((end, name)) => {
                let words = cut[at].word..cut[end - 1].word + 1;
                let span = cut[at].span.cover(cut[end - 1].span);
                let (referent, of_user) = (name.referent, name.of_user());
                found.push(Spot { words, span, referent, of_user });
                at = end;
            }
            None => at += 1,
        }
    }
    super::glued::add(doc, lexicons, &mut found);
    found
}

/// The number of the word's lemma; where no name has it, of the regular singular.
fn singular(lexicons: &Lexicons, word: &Word, surface: &str) -> u32 {
    let names = &lexicons.actors.names;
    let lemma = names.piece(&word.lemma.to_lowercase());
    if lemma != UNKNOWN {
        return lemma;
    }
    let stem = |suffix: &str, ending: &str| {
        let stem = surface.strip_suffix(suffix)?;
        Some(names.piece(&format!("{stem}{ending}"))).filter(|id| *id != UNKNOWN)
    };
    stem("ies", "y")
        .or_else(|| stem("s", ""))
        .or_else(|| stem("es", ""))
        .or_else(|| stem("men", "man"))
        .unwrap_or(UNKNOWN)
}

fn longest(
    doc: &Doc<'_>,
    lexicons: &Lexicons,
    cut: &[TextPiece],
    start: usize,
    shouting: &[bool],
) -> Option<(usize, Name)> {
    let names = &lexicons.actors.names;
    let sentence = doc.word(cut[start].word).sentence;
    let loud = shouting.get(sentence as usize).copied().unwrap_or(false);
    let mut best = None;
    let mut node = 0;
    for (at, piece) in cut.iter().enumerate().skip(start) {
        if doc.word(piece.word).sentence != sentence {
            break;
        }
        // The last word of a common noun may stand in the plural.
        if piece.lemma != piece.id
            && let Some(end) = names.step(node, piece.lemma)
        {
            let agents = names.ends(end).iter().filter(|n| n.case == Case::Any);
            if let Some(name) = choose(doc, lexicons, agents, &cut[start..=at], loud) {
                best = Some((at + 1, name));
            }
        }
        match names.step(node, piece.id) {
            Some(next) => node = next,
            None => break,
        }
        let found = choose(doc, lexicons, names.ends(node).iter(), &cut[start..=at], loud);
        if let Some(name) = found {
            best = Some((at + 1, name));
        }
    }
    best
}

/// What the words stand for among those whose spelling fits: who fits the report's date best.
fn choose<'n>(
    doc: &Doc<'_>,
    lexicons: &Lexicons,
    names: impl Iterator<Item = &'n Name>,
    cut: &[TextPiece],
    loud: bool,
) -> Option<Name> {
    let text = &doc.report.text;
    let first = &cut[0];
    let large = |p: &TextPiece| p.span.of(text).chars().next().is_some_and(|c| !c.is_lowercase());
    let begins_large = large(first);
    let all_large = cut.iter().all(|p| !p.span.of(text).chars().any(char::is_lowercase));
    // A user's name may begin with its article ("THE_MARCHES"), which the text writes small.
    let bare = cut.len() > 1 && first.span.of(text) == "the";
    let bare_large = bare && large(&cut[1]);
    let bare_all_large =
        bare && cut[1..].iter().all(|p| !p.span.of(text).chars().any(char::is_lowercase));
    let word = doc.word(first.word);
    let proper = word.upos == Upos::Propn;
    let nominal = matches!(word.upos, Upos::Propn | Upos::Noun | Upos::Adj | Upos::X);
    // Taggers doubt short foreign names; inside a sentence a capital says enough.
    let named = proper
        || (!loud && begins_large && matches!(word.upos, Upos::Noun | Upos::X) && {
            let sentence = doc.sentences.get(word.sentence as usize);
            sentence.is_some_and(|s| s.words.start < first.word)
        });
    let date = doc.report.published;
    names
        .filter(|name| match name.case {
            Case::Any | Case::Exact => true,
            Case::Capital => begins_large || name.of_user() && bare_large,
            // In a text of capitals only the tag tells "US" from "us".
            Case::Acronym => (all_large || name.of_user() && bare_all_large) && (!loud || nominal),
        })
        .filter(|name| match name.referent {
            // "May", "Rice": a lone surname must be tagged as a name.
            Referent::Surname(_) => named && !is_date(doc, lexicons, first.word),
            Referent::Agent(_) | Referent::Nobody => true,
            // "THE METROPOLITAN POLICE" is any city's where capitals say nothing.
            Referent::Metonym(..) if loud && cut.len() > 1 => false,
            _ => !loud || cut.len() > 1 || nominal,
        })
        .filter(|name| !name.of_user() || date.is_none_or(|date| name.period.holds(date)))
        .min_by_key(|name| match name.of_user() {
            // The user's rows stand in the order in which they win.
            true => (0, i32::from(date.is_none() && name.period != Period::default()), 0),
            false => (1, fit(lexicons, name, date), rank(name.referent)),
        })
        .copied()
        .filter(|name| match (name.referent, date) {
            // A lone surname is somebody of the table only around the time in office.
            (Referent::Surname(i), Some(date)) => {
                lexicons.actors.people[i as usize].distance(date) <= 4 * 365
            }
            _ => true,
        })
}

/// Whether a word that may be a surname is a day of the week, or a month as dates have it.
fn is_date(doc: &Doc<'_>, lexicons: &Lexicons, at: WordId) -> bool {
    let word = doc.word(at);
    let class = |class| {
        let senses = lexicons.times.of(&doc.surface(at).to_lowercase());
        senses.iter().any(|s| s.rest.is_empty() && s.class == class)
    };
    let number = |w: Option<WordId>| {
        w.and_then(|w| doc.words.get(w as usize)).is_some_and(|w| w.upos == Upos::Num)
    };
    let dated = || {
        matches!(word.deprel, Deprel::OblUnmarked | Deprel::NmodUnmarked)
            || doc.dependents_by(at, &[Deprel::Case, Deprel::Amod, Deprel::Det]).any(|c| {
                let with = ["with", "to", "for", "from", "against", "between"];
                !with.iter().any(|p| doc.surface(c).eq_ignore_ascii_case(p))
            })
            || number(at.checked_sub(1))
            || number(Some(at + 1))
    };
    class(Class::Weekday) || class(Class::Month) && dated()
}

/// How far the report's date lies from the days of the name, in days.
fn fit(lexicons: &Lexicons, name: &Name, date: Option<Date>) -> i32 {
    let Some(date) = date else { return 0 };
    match name.referent {
        Referent::Person(i) | Referent::Surname(i) => {
            lexicons.actors.people[i as usize].distance(date)
        }
        _ => name.period.distance(date),
    }
}

fn rank(referent: Referent) -> u8 {
    match referent {
        Referent::Person(_) => 0,
        Referent::Country(_) => 1,
        Referent::Organisation(_) => 2,
        Referent::Metonym(..) => 3,
        Referent::Adjective(_) => 4,
        Referent::People(_) => 5,
        Referent::Capital(_) => 6,
        Referent::Agent(_) => 7,
        Referent::Surname(_) => 8,
        Referent::Nobody => 9,
    }
}

/// A sentence in capitals, as wire copy of the 1980s.
fn is_shouting(doc: &Doc<'_>, span: Span) -> bool {
    let letters = span.of(&doc.report.text).chars().filter(|c| c.is_alphabetic());
    let (mut large, mut small) = (0u32, 0u32);
    for c in letters {
        if c.is_uppercase() {
            large += 1;
        } else {
            small += 1;
        }
    }
    large > 8 && small * 8 < large
}

/// Relations by which a word belongs to the phrase of its governor on the right.
const BEFORE: &[Deprel] = &[
    Deprel::Det,
    Deprel::DetPredet,
    Deprel::Amod,
    Deprel::Compound,
    Deprel::Nummod,
    Deprel::NmodPoss,
    Deprel::NmodDesc,
    Deprel::NmodUnmarked,
    Deprel::Flat,
    Deprel::Goeswith,
];

/// Every base noun phrase, by the order of its head.
pub fn phrases(doc: &Doc<'_>) -> Vec<Phrase> {
    let named = entity_of_words(doc);
    let mut found = Vec::new();
    for (i, word) in doc.words.iter().enumerate() {
        let id = i as WordId;
        let nominal = match word.upos {
            Upos::Noun | Upos::Propn => true,
            // "the Chinese", "the wounded", and names that are tagged amiss.
            Upos::Adj | Upos::X | Upos::Num => {
                heads_argument(word.deprel) && (named[i].is_some() || has_determiner(doc, id))
            }
            _ => false,
        };
        // "Iranian and Saudi officials": joined to an adjective it is one.
        let joined = word.upos == Upos::Adj
            && word.deprel == Deprel::Conj
            && named[i].is_none_or(|e| doc.entities[e as usize].kind != EntityKind::Organisation)
            && word.head.is_some_and(|head| doc.word(head).deprel == Deprel::Amod);
        if nominal && !joined && !is_inside(doc, id) {
            found.push(Phrase { words: extent(doc, id), head: id });
        }
    }
    found
}

/// For each word the entity that it belongs to.
pub fn entity_of_words(doc: &Doc<'_>) -> Vec<Option<u32>> {
    let mut of = vec![None; doc.words.len()];
    for (i, entity) in doc.entities.iter().enumerate() {
        for word in entity.words.clone() {
            if let Some(slot) = of.get_mut(word as usize) {
                *slot = Some(i as u32);
            }
        }
    }
    of
}

fn heads_argument(deprel: Deprel) -> bool {
    use Deprel::*;
    matches!(
        deprel,
        Nsubj | NsubjPass | Obj | Iobj | Obl | OblAgent | Nmod | NmodPoss | Conj | Root | Appos
    )
}

fn has_determiner(doc: &Doc<'_>, id: WordId) -> bool {
    doc.dependents_by(id, &[Deprel::Det]).next().is_some()
}

/// The word is a part of the phrase of its governor and heads none of its own.
fn is_inside(doc: &Doc<'_>, id: WordId) -> bool {
    let word = doc.word(id);
    let part = matches!(
        word.deprel,
        Deprel::Compound | Deprel::Flat | Deprel::NmodDesc | Deprel::Goeswith | Deprel::Fixed
    );
    part && word.head.is_some_and(|head| {
        matches!(doc.word(head).upos, Upos::Noun | Upos::Propn | Upos::X | Upos::Num | Upos::Adj)
    })
}

/// The words from the first that stands before the head to the last part of its name.
fn extent(doc: &Doc<'_>, head: WordId) -> Range<u32> {
    let mut start = head;
    for d in doc.dependents_by(head, BEFORE).filter(|d| *d < head) {
        start = start.min(leftmost(doc, d));
    }
    let mut end = head + 1;
    for &d in doc.dependents(head) {
        if d < head {
            continue;
        }
        let part = matches!(doc.word(d).deprel, Deprel::Flat | Deprel::Compound | Deprel::Goeswith);
        if !part || d > end {
            break;
        }
        end = rightmost_flat(doc, d) + 1;
    }
    let sentence = doc.sentences.get(doc.word(head).sentence as usize);
    let bounds = sentence.map_or(start..end, |s| s.words.clone());
    trimmed(doc, start.max(bounds.start), head)..end.min(bounds.end.max(end))
}

/// The start without what is no part of a name or description: "least" of "at least 39 people",
/// the rest of a word cut at its hyphen.
fn trimmed(doc: &Doc<'_>, mut start: WordId, head: WordId) -> WordId {
    use Xpos::{Jjr, Jjs, Rbr, Rbs};
    while start < head {
        let word = doc.word(start);
        let cut = doc.surface(start).starts_with('-');
        let next = doc.word(start + 1);
        let compares = matches!(word.xpos, Jjr | Jjs | Rbr | Rbs)
            && (next.upos == Upos::Num || doc.surface(start + 1).eq_ignore_ascii_case("than"));
        // A title that is tagged as a name is none, whatever else the tagger says.
        let title = word.deprel == Deprel::NmodDesc && matches!(word.xpos, Xpos::Nn | Xpos::Nnp);
        let foreign =
            !title && matches!(word.upos, Upos::Punct | Upos::Adp | Upos::Sconj | Upos::Cconj);
        if cut && word.upos == Upos::Punct && start + 1 < head {
            start += 2;
        } else if cut || compares || foreign {
            start += 1;
        } else {
            break;
        }
    }
    start
}

/// The first word of what belongs to a word that stands before a noun.
fn leftmost(doc: &Doc<'_>, id: WordId) -> WordId {
    let mut first = id;
    let mut at = id;
    // Downward along first dependents: each step moves left, so it ends. What joins the phrase to
    // others is no part of it, wherever the tree hangs it.
    let joins = |d: WordId| matches!(doc.word(d).deprel, Deprel::Punct | Deprel::Case | Deprel::Cc);
    while let Some(&d) = doc.dependents(at).iter().find(|d| !joins(**d)) {
        if d >= at {
            break;
        }
        first = d;
        at = d;
    }
    first
}

fn rightmost_flat(doc: &Doc<'_>, id: WordId) -> WordId {
    let mut last = id;
    while let Some(&d) = doc.dependents(last).last() {
        if d <= last || !matches!(doc.word(d).deprel, Deprel::Flat | Deprel::Compound) {
            break;
        }
        last = d;
    }
    last
}
