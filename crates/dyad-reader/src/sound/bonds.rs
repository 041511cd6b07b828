//! How a word goes with those that it hangs on in the sentence's tree: what subject and verb say of each other's number, an article
//! that is not there, a preposition between the words that it joins.

use super::model::{Key, Model};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use dyad_lexicon::Mangled;

/// Numbers of each word.
pub const BONDS: usize = 5;
const SUBJECTS: [Deprel; 3] = [Deprel::Nsubj, Deprel::NsubjPass, Deprel::NsubjOuter];
const HELPERS: [Deprel; 3] = [Deprel::Aux, Deprel::AuxPass, Deprel::Cop];
/// What stands where an article could.
const BEFORE_NOUNS: [Deprel; 5] =
    [Deprel::Det, Deprel::NmodPoss, Deprel::Nummod, Deprel::DetPredet, Deprel::Compound];

#[derive(Clone, Copy, PartialEq)]
enum Number {
    One,
    Many,
}

/// Numbers of about the size of the ear's.
pub fn of(doc: &Doc<'_>, word: WordId, model: &Model) -> [f32; BONDS] {
    let mut bonds = [0.0; BONDS];
    bonds[0] = disagrees(doc, word);
    let of = |number: i32| number as f32 / 64.0;
    match (doc.word(word).deprel, doc.word(word).xpos) {
        (Deprel::Case, _) => {
            let own = lower(doc, word);
            if let Some(noun) = doc.word(word).head {
                bonds[1] = of(likelier(model, &own, &lower(doc, noun)));
                if let Some(governor) = doc.word(noun).head.filter(|g| *g < word) {
                    bonds[2] = of(likelier(model, &lower(doc, governor), &own));
                }
            }
        }
        (relation, Xpos::Nn)
            if relation != Deprel::Compound
                && doc.dependents_by(word, &BEFORE_NOUNS).next().is_none() =>
        {
            let own = lower(doc, word);
            let count = |article: &str| model.get(Key::new(b'2').text(article).and(&own));
            let articles = Mangled::builtin().article.iter().copied();
            let most = articles.map(count).max().unwrap_or_default();
            let whole = model.get(Key::new(b'1').text(&own));
            // Near nought for a noun that has its article nearly always.
            bonds[3] = if most > 0 { 1.0 + of((most - whole).max(-64)) } else { 0.0 };
            bonds[4] = 1.0;
        }
        _ => {}
    }
    bonds
}

fn lower(doc: &Doc<'_>, word: WordId) -> String {
    doc.surface(word).to_lowercase()
}

/// How much commoner the two are side by side than they make likely.
fn likelier(model: &Model, a: &str, b: &str) -> i32 {
    let common = |word: &str| model.get(Key::new(b'1').text(word));
    let (a_common, b_common) = (common(a), common(b));
    let expected = a_common + b_common - 160;
    match model.get(Key::new(b'2').text(a).and(b)) {
        0 => -expected.clamp(0, 200),
        seen => (seen - expected).clamp(-200, 120),
    }
}

/// One where verb and subject are of different number, less than nought where they agree, nought where it can't be told.
fn disagrees(doc: &Doc<'_>, word: WordId) -> f32 {
    let own = doc.word(word);
    let helper = HELPERS.contains(&own.deprel);
    if !helper && own.upos != Upos::Verb {
        return 0.0;
    }
    let lexicon = Mangled::builtin();
    let said = match own.xpos {
        Xpos::Vbz => Number::One,
        Xpos::Vbp => Number::Many,
        _ => match doc.surface(word) {
            form if lexicon.verb_one.contains(form) => Number::One,
            form if lexicon.verb_many.contains(form) => Number::Many,
            _ => return 0.0,
        },
    };
    let clause = match (helper, own.head) {
        (true, Some(head)) => head,
        _ => word,
    };
    let unbound = |aux: WordId| aux < word && matches!(doc.word(aux).xpos, Xpos::Md | Xpos::To);
    let before = [Deprel::Aux, Deprel::AuxPass, Deprel::Mark];
    if doc.dependents_by(clause, &before).any(unbound) {
        return 0.0;
    }
    let Some(subject) = doc.dependents_by(clause, &SUBJECTS).next() else { return 0.0 };
    match number(doc, subject, clause) {
        Some(number) if number == said => -1.0,
        Some(_) => 1.0,
        None => 0.0,
    }
}

fn number(doc: &Doc<'_>, subject: WordId, clause: WordId) -> Option<Number> {
    let (word, lexicon) = (doc.word(subject), Mangled::builtin());
    if doc.dependents_by(subject, &[Deprel::Conj]).next().is_some() {
        // "He and she are", "he or she is".
        let joined = doc
            .dependents_by(subject, &[Deprel::Conj])
            .any(|conj| doc.dependents_by(conj, &[Deprel::Cc]).any(|cc| doc.surface(cc) == "and"));
        return joined.then_some(Number::Many);
    }
    if lexicon.either.contains(word.lemma.as_str()) {
        return None;
    }
    match word.xpos {
        Xpos::Nn | Xpos::Nnp => Some(Number::One),
        Xpos::Nns => Some(Number::Many),
        Xpos::Prp | Xpos::Dt => match lower(doc, subject).as_str() {
            form if lexicon.one.contains(form) => Some(Number::One),
            form if lexicon.many.contains(form) => Some(Number::Many),
            _ => None,
        },
        Xpos::Wdt | Xpos::Wp if doc.word(clause).deprel == Deprel::AclRelcl => {
            let of = doc.word(clause).head?;
            // No further than the noun: "one of those who are".
            (!matches!(doc.word(of).xpos, Xpos::Wdt | Xpos::Wp)).then(|| number(doc, of, of))?
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::tests::parsed;

    /// What its bonds say of each word.
    fn bonds(text: &str) -> Vec<(String, [f32; BONDS])> {
        parsed(text, |doc| {
            let model = Model::builtin().unwrap();
            let words = 0..doc.words.len() as WordId;
            words.map(|w| (doc.surface(w).to_owned(), of(doc, w, model))).collect()
        })
    }

    #[test]
    fn verbs_of_another_number_are_found() {
        for (text, expected) in [
            ("The ministers was in Oslo on Monday.", Some("was")),
            ("The minister were in Oslo on Monday.", Some("were")),
            ("The president and the minister was in Oslo.", Some("was")),
            ("The men who was in the harbour left.", Some("was")),
            ("The minister was in Oslo, and his guards were in Bergen.", None),
            ("The police were in Oslo, where the ministers have met.", None),
            ("The minister will have left, and the talks have failed.", None),
        ] {
            let bonds = bonds(text);
            let found = bonds.iter().find(|(_, bonds)| bonds[0] > 0.5);
            assert_eq!(found.map(|(word, _)| word.as_str()), expected, "{text}");
        }
    }

    #[test]
    fn prepositions_fit_better_or_worse() {
        let model = Model::builtin().unwrap();
        let fit = |a, b| likelier(model, a, b);
        assert!(fit("on", "tuesday") > fit("at", "tuesday") + 40);
        assert!(fit("depend", "on") > fit("depend", "against") + 20);
    }

    #[test]
    fn nouns_that_lack_their_article_are_seen() {
        let bare = |text: &str| {
            let bonds = bonds(text);
            bonds.iter().find(|(word, _)| word == "matter").unwrap().1[4]
        };
        assert_eq!(bare("They have discussed matter in Oslo."), 1.0);
        assert_eq!(bare("They have discussed the matter in Oslo."), 0.0);
    }
}
