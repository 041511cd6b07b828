//! The goods that pass from one side to the other.

use super::Finder;
use crate::doc::{Deprel, Upos, WordId};
use dyad_lexicon::ties::Commodity;

impl Finder<'_> {
    /// The goods that a word speaks of, each once: objects of a verb, what a noun is of.
    pub(super) fn goods(&self, word: WordId) -> Vec<(&Commodity, WordId)> {
        let doc = self.doc;
        let near = match doc.word(word).upos {
            // "gas flows", "its rice comes": what moves by itself.
            Upos::Verb if self.object(word).is_none() => {
                vec![Deprel::Nsubj, Deprel::Xcomp, Deprel::Obl]
            }
            Upos::Verb => vec![Deprel::Obj, Deprel::NsubjPass, Deprel::Xcomp, Deprel::Obl],
            Upos::Adj => vec![Deprel::Obl, Deprel::Nmod],
            _ => vec![Deprel::Compound, Deprel::Amod, Deprel::Nmod, Deprel::NmodPoss],
        };
        let mut heads: Vec<WordId> = doc.dependents_by(word, &near).collect();
        heads.extend(self.gap(word).filter(|_| doc.word(word).upos == Upos::Verb));
        let mut at = 0;
        // "oil, gas and grain"; "supplies of weapons"
        while at < heads.len() && heads.len() < 32 {
            heads.extend(doc.dependents_by(heads[at], &[Deprel::Conj]));
            let measured = doc
                .dependents_by(heads[at], &[Deprel::Nmod])
                .filter(|d| self.case(*d).is_some_and(|c| c == "of"));
            heads.extend(measured);
            at += 1;
        }
        self.named_goods(heads)
    }

    fn named_goods(&self, heads: Vec<WordId>) -> Vec<(&Commodity, WordId)> {
        let mut found: Vec<(&Commodity, WordId)> = Vec::new();
        for head in heads {
            if let Some(commodity) = self.commodity(head)
                && !found.iter().any(|(c, _)| c.name == commodity.name)
            {
                found.push((commodity, head));
            }
        }
        found
    }

    /// "in exchange for grain": what goes the other way.
    pub(super) fn in_exchange(&self, word: WordId) -> Vec<(&Commodity, WordId)> {
        let doc = self.doc;
        let swap = doc.subtree(word).into_iter().find(|w| {
            matches!(doc.word(*w).lemma.as_str(), "exchange" | "return")
                && self.case(*w).is_some_and(|c| c == "in")
        });
        let Some(swap) = swap else { return Vec::new() };
        let heads: Vec<WordId> = [Some(swap), doc.word(swap).head]
            .into_iter()
            .flatten()
            .flat_map(|w| doc.dependents_by(w, &[Deprel::Nmod, Deprel::Obl]))
            .filter(|d| self.case(*d).is_some_and(|c| c == "for"))
            .collect();
        self.named_goods(heads)
    }

    /// The words in which goods and qualities of a tie are looked for: the phrase of a noun, the
    /// objects of a verb.
    pub(super) fn scope(&self, word: WordId) -> Vec<WordId> {
        let doc = self.doc;
        if doc.word(word).upos != Upos::Verb {
            let mut scope = doc.subtree(word);
            // "main oil exporters": what is said of one is said of the whole compound.
            if let Some(head) = doc.word(word).head
                && doc.word(word).deprel == Deprel::Compound
            {
                scope.push(head);
            }
            return scope;
        }
        let objects = [Deprel::Obj, Deprel::NsubjPass, Deprel::Obl, Deprel::Xcomp];
        let mut scope: Vec<WordId> =
            doc.dependents_by(word, &objects).flat_map(|d| doc.subtree(d)).collect();
        if let Some(bearer) = self.gap(word) {
            scope.push(bearer);
        }
        scope
    }

    fn commodity(&self, word: WordId) -> Option<&Commodity> {
        let doc = self.doc;
        if !matches!(doc.word(word).upos, Upos::Noun | Upos::Adj | Upos::Propn) {
            return None;
        }
        let ties = &self.lexicons.ties;
        let lemma = doc.word(word).lemma.to_lowercase();
        if word > 0 {
            let two = format!("{} {lemma}", doc.word(word - 1).lemma.to_lowercase());
            if let Some(commodity) = ties.commodity(&two) {
                return Some(commodity);
            }
        }
        ties.commodity(&lemma).or_else(|| ties.commodity(&doc.surface(word).to_lowercase()))
    }
}
