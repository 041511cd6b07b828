//! What no tree of Universal Dependencies may hold, put right where the network drew it all the same.

use super::Analysis;
use crate::doc::{Deprel, Upos, Xpos};

/// Mends the tree of a sentence.
pub fn mend(sentence: &mut [Analysis]) {
    for word in 0..sentence.len() {
        let Some(head) = sentence[word].head.map(|h| h as usize) else { continue };
        let (to, deprel) = match sentence[word].deprel {
            Deprel::Nsubj | Deprel::NsubjPass => match subject(sentence, word, head) {
                Some(mended) => mended,
                None => continue,
            },
            Deprel::Obj if has_preposition(sentence, word) => beside(sentence, word, head),
            Deprel::Compound if is_lost_subject(sentence, word, head) => (head, Deprel::Nsubj),
            _ => continue,
        };
        sentence[word].head = Some(to as u32);
        sentence[word].deprel = deprel;
    }
}

/// Where what the network took for the subject of a clause belongs, if not there.
fn subject(sentence: &mut [Analysis], word: usize, clause: usize) -> Option<(usize, Deprel)> {
    if let Some(verb) = before_its_preposition(sentence, word, clause) {
        sentence[clause].deprel = Deprel::Advcl;
        return Some((verb, Deprel::Obj));
    }
    if sentence[clause].upos == Upos::Verb && has_preposition(sentence, word) {
        return Some(beside(sentence, word, clause));
    }
    if sentence[clause].deprel == Deprel::Xcomp {
        // an open clause has no subject of its own
        sentence[clause].deprel = Deprel::Ccomp;
    }
    let copula = |w: &Analysis| w.head == Some(clause as u32) && w.deprel == Deprel::Cop;
    let is_passive = sentence[word].deprel == Deprel::NsubjPass;
    (is_passive && sentence.iter().any(copula)).then_some((clause, Deprel::Nsubj))
}

/// "accused Mali of hiding": nothing stands before the preposition of a clause that belongs to the
/// clause, so it is the object of the verb before it, where that has none.
fn before_its_preposition(sentence: &[Analysis], subject: usize, clause: usize) -> Option<usize> {
    let verb = sentence[clause].head? as usize;
    let marked = (subject + 1..clause).any(|w| {
        sentence[w].head == Some(clause as u32)
            && matches!(sentence[w].deprel, Deprel::Mark | Deprel::Case)
            && sentence[w].upos == Upos::Adp
    });
    let has_object = || {
        sentence.iter().any(|w| {
            w.head == Some(verb as u32) && matches!(w.deprel, Deprel::Obj | Deprel::NsubjPass)
        })
    };
    let fits = marked
        && verb < subject
        && sentence[clause].xpos == Xpos::Vbg
        && sentence[verb].upos == Upos::Verb
        && !has_object();
    fits.then_some(verb)
}

/// Subjects and objects have no preposition.
fn has_preposition(sentence: &[Analysis], word: usize) -> bool {
    sentence[..word]
        .iter()
        .any(|w| w.head == Some(word as u32) && w.deprel == Deprel::Case && w.upos == Upos::Adp)
}

/// A nominal with a preposition hangs on the subject that stands before it, where the verb comes after
/// both ("guards from Mali fled"), else it is an oblique of the verb.
fn beside(sentence: &[Analysis], word: usize, verb: usize) -> (usize, Deprel) {
    let subject = (0..word.min(verb)).rev().find(|w| {
        sentence[*w].head == Some(verb as u32)
            && matches!(sentence[*w].deprel, Deprel::Nsubj | Deprel::NsubjPass)
    });
    match subject {
        Some(subject) if word < verb => (subject, Deprel::Nmod),
        _ => (verb, Deprel::Obl),
    }
}

/// No noun is part of the name of a finite verb: "Mali arms the rebels".
fn is_lost_subject(sentence: &[Analysis], word: usize, verb: usize) -> bool {
    word < verb
        && matches!(sentence[word].upos, Upos::Noun | Upos::Propn)
        && matches!(sentence[verb].xpos, Xpos::Vbz | Xpos::Vbp | Xpos::Vbd)
        && sentence[verb].upos == Upos::Verb
        && !sentence.iter().any(|w| {
            w.head == Some(verb as u32)
                && matches!(w.deprel, Deprel::Nsubj | Deprel::NsubjPass | Deprel::Csubj)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use smol_str::SmolStr;

    /// Rows of upos, xpos, head from 1 on (0: root) and relation.
    fn tree(rows: &[(Upos, Xpos, u32, Deprel)]) -> Vec<Analysis> {
        let word = |&(upos, xpos, head, deprel): &_| Analysis {
            lemma: SmolStr::default(),
            upos,
            xpos,
            head: u32::checked_sub(head, 1),
            deprel,
            entity: None,
        };
        rows.iter().map(word).collect()
    }

    #[test]
    fn who_stands_before_the_preposition_of_a_clause_is_the_object_of_the_verb() {
        // Togo suspected Benin of hiding them
        let mut sentence = tree(&[
            (Upos::Propn, Xpos::Nnp, 2, Deprel::Nsubj),
            (Upos::Verb, Xpos::Vbd, 0, Deprel::Root),
            (Upos::Propn, Xpos::Nnp, 5, Deprel::Nsubj),
            (Upos::Adp, Xpos::In, 5, Deprel::Mark),
            (Upos::Verb, Xpos::Vbg, 2, Deprel::Ccomp),
            (Upos::Pron, Xpos::Prp, 5, Deprel::Obj),
        ]);
        mend(&mut sentence);
        assert_eq!((sentence[2].head, sentence[2].deprel), (Some(1), Deprel::Obj));
        assert_eq!((sentence[4].head, sentence[4].deprel), (Some(1), Deprel::Advcl));
        assert_eq!((sentence[0].head, sentence[0].deprel), (Some(1), Deprel::Nsubj));
    }

    #[test]
    fn a_clause_with_its_own_subject_is_not_open() {
        // Togo asked that Benin leave
        let mut sentence = tree(&[
            (Upos::Propn, Xpos::Nnp, 2, Deprel::Nsubj),
            (Upos::Verb, Xpos::Vbd, 0, Deprel::Root),
            (Upos::Sconj, Xpos::In, 5, Deprel::Mark),
            (Upos::Propn, Xpos::Nnp, 5, Deprel::Nsubj),
            (Upos::Verb, Xpos::Vb, 2, Deprel::Xcomp),
        ]);
        mend(&mut sentence);
        assert_eq!(sentence[4].deprel, Deprel::Ccomp);
        assert_eq!((sentence[3].head, sentence[3].deprel), (Some(4), Deprel::Nsubj));
    }

    #[test]
    fn a_preposition_makes_no_subject_and_no_object() {
        // Guards from Togo fled to Benin
        let mut sentence = tree(&[
            (Upos::Noun, Xpos::Nns, 4, Deprel::Nsubj),
            (Upos::Adp, Xpos::In, 3, Deprel::Case),
            (Upos::Propn, Xpos::Nnp, 4, Deprel::Nsubj),
            (Upos::Verb, Xpos::Vbd, 0, Deprel::Root),
            (Upos::Adp, Xpos::In, 6, Deprel::Case),
            (Upos::Propn, Xpos::Nnp, 4, Deprel::Obj),
        ]);
        mend(&mut sentence);
        assert_eq!((sentence[0].head, sentence[0].deprel), (Some(3), Deprel::Nsubj));
        assert_eq!((sentence[2].head, sentence[2].deprel), (Some(0), Deprel::Nmod));
        assert_eq!((sentence[5].head, sentence[5].deprel), (Some(3), Deprel::Obl));
    }

    #[test]
    fn a_noun_before_a_finite_verb_without_subject_is_its_subject() {
        // Togo arms Benin
        let mut sentence = tree(&[
            (Upos::Propn, Xpos::Nnp, 2, Deprel::Compound),
            (Upos::Verb, Xpos::Vbz, 0, Deprel::Root),
            (Upos::Propn, Xpos::Nnp, 2, Deprel::Obj),
        ]);
        mend(&mut sentence);
        assert_eq!((sentence[0].head, sentence[0].deprel), (Some(1), Deprel::Nsubj));
    }

    #[test]
    fn what_is_something_is_not_passive() {
        // Togo is indebted
        let mut sentence = tree(&[
            (Upos::Propn, Xpos::Nnp, 3, Deprel::NsubjPass),
            (Upos::Aux, Xpos::Vbz, 3, Deprel::Cop),
            (Upos::Adj, Xpos::Jj, 0, Deprel::Root),
        ]);
        mend(&mut sentence);
        assert_eq!(sentence[0].deprel, Deprel::Nsubj);
    }
}
