//! Speech that stands in a sentence as it was spoken, without the marks that say so.

use super::quotes::Quotes;
use crate::doc::{Deprel, Doc, Sentence, Upos, WordId, Xpos};
use crate::span::Span;
use dyad_lexicon::Mangled;

/// How plainly the sentence is speech that lost its marks: nought not at all, one where somebody says it behind, two
/// where it is also told as the speaker sees the time, three where the speaker tells of himself, four where he does
/// and nobody is said to speak.
pub fn unmarked(doc: &Doc<'_>, sentence: &Sentence, quotes: &Quotes) -> i32 {
    if quotes.count(sentence.span) > 0 || quotes.holds(sentence.span.start) {
        return 0;
    }
    let lexicon = Mangled::builtin();
    let person = |word: WordId| {
        doc.word(word).upos == Upos::Pron
            && lexicon.person.contains(doc.surface(word).to_ascii_lowercase().as_str())
    };
    let Some((verb, clause)) = told_behind(doc, sentence).next() else {
        return i32::from(sentence.words.clone().any(person)) * 4;
    };
    if sentence.words.clone().take_while(|word| *word < verb).any(person) {
        return 3;
    }
    let finite = std::iter::once(clause)
        .chain(doc.dependents_by(clause, &[Deprel::Aux, Deprel::Cop, Deprel::AuxPass]))
        .map(|word| doc.word(word).xpos);
    let mut finite =
        finite.filter(|tag| matches!(tag, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md));
    let present = matches!(finite.next(), Some(Xpos::Vbz | Xpos::Vbp));
    1 + i32::from(present && doc.word(verb).xpos == Xpos::Vbd)
}

/// Whether a quotation goes on where somebody is said to speak, so that its end was lost before.
pub fn inside(doc: &Doc<'_>, sentence: &Sentence, quotes: &Quotes) -> bool {
    told_behind(doc, sentence).any(|(verb, clause)| {
        let (start, end) = (doc.word(clause).span.start, doc.word(verb).span.start);
        quotes.holds(start) && quotes.holds(end) && quotes.count(Span { start, end }) == 0
    })
}

/// The verbs of saying behind what they tell, with its verb.
fn told_behind<'d>(
    doc: &'d Doc<'_>,
    sentence: &Sentence,
) -> impl Iterator<Item = (WordId, WordId)> + 'd {
    let lexicon = Mangled::builtin();
    let spoken = |verb: &WordId| {
        let word = doc.word(*verb);
        word.upos == Upos::Verb && lexicon.say.contains(word.lemma.as_str())
    };
    sentence.words.clone().filter(spoken).filter_map(|verb| {
        let mut near = doc.dependents_by(verb, &[Deprel::Ccomp, Deprel::Parataxis]);
        let before = near.find(|clause| *clause < verb);
        let under = doc
            .word(verb)
            .head
            .filter(|head| *head < verb && doc.word(verb).deprel == Deprel::Parataxis);
        before.or(under).map(|clause| (verb, clause))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::tests::parsed;

    #[test]
    fn speech_without_marks_is_weighed() {
        for (text, expected) in [
            ("The harbour was closed on Monday.", 0),
            ("The harbour had been closed on Monday, the minister said.", 1),
            ("The harbour is closed, the minister said.", 2),
            ("We have closed our harbour, the minister said.", 3),
            ("We have closed our harbour.", 4),
            ("\"We have closed our harbour,\" the minister said.", 0),
            ("The minister said that the harbour was closed.", 0),
        ] {
            let found = parsed(text, |doc| unmarked(doc, &doc.sentences[0], &Quotes::of(doc)));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn who_is_said_to_speak_inside_a_quotation_lost_its_end() {
        for (text, expected) in [
            ("\"The harbour is closed, the minister said.", true),
            ("\"The harbour is closed,\" the minister said.", false),
            ("The harbour is closed, the minister said.", false),
        ] {
            let found = parsed(text, |doc| inside(doc, &doc.sentences[0], &Quotes::of(doc)));
            assert_eq!(found, expected, "{text}");
        }
    }
}
