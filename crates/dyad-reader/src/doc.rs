//! What sentences and their syntax look like to every later room.

use crate::report::{Passage, Report};
use crate::span::Span;
use smol_str::SmolStr;
use std::ops::Range;
use std::sync::Arc;

/// Index of a word in [`Doc::words`].
pub type WordId = u32;

macro_rules! tags {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $tag:literal),+ $(,)? } else $other:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The tag as the treebanks write it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $tag),+ }
            }

            /// The tag of that spelling; what is unknown becomes the class's own catch-all.
            pub fn from_tag(tag: &str) -> Self {
                match tag { $($tag => $name::$variant,)+ _ => $name::$other }
            }
        }
    };
}

tags! {
    /// Universal part of speech.
    Upos {
        Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET",
        Intj = "INTJ", Noun = "NOUN", Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN",
        Punct = "PUNCT", Sconj = "SCONJ", Sym = "SYM", Verb = "VERB", X = "X",
    } else X
}
tags! {
    /// Penn Treebank tag: tense, number and mood of an English word.
    Xpos {
        Add = "ADD", Afx = "AFX", Cc = "CC", Cd = "CD", Dt = "DT", Ex = "EX", Fw = "FW",
        Gw = "GW", Hyph = "HYPH", In = "IN", Jj = "JJ", Jjr = "JJR", Jjs = "JJS", Ls = "LS",
        Md = "MD", Nfp = "NFP", Nn = "NN", Nnp = "NNP", Nnps = "NNPS", Nns = "NNS", Pdt = "PDT",
        Pos = "POS", Prp = "PRP", PrpS = "PRP$", Rb = "RB", Rbr = "RBR", Rbs = "RBS", Rp = "RP",
        Sym = "SYM", To = "TO", Uh = "UH", Vb = "VB", Vbd = "VBD", Vbg = "VBG", Vbn = "VBN",
        Vbp = "VBP", Vbz = "VBZ", Wdt = "WDT", Wp = "WP", WpS = "WP$", Wrb = "WRB", Xx = "XX",
        Period = ".", Comma = ",", Colon = ":", Lrb = "-LRB-", Rrb = "-RRB-", OpenQuote = "``",
        CloseQuote = "''", Dollar = "$",
    } else Xx
}
tags! {
    /// Universal dependency relation, with the subtypes of the English treebanks.
    Deprel {
        Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", AdvclRelcl = "advcl:relcl",
        Advmod = "advmod", Amod = "amod", Appos = "appos", Aux = "aux", AuxPass = "aux:pass",
        Case = "case", Cc = "cc", CcPreconj = "cc:preconj", Ccomp = "ccomp",
        Compound = "compound", CompoundPrt = "compound:prt", Conj = "conj", Cop = "cop",
        Csubj = "csubj", CsubjOuter = "csubj:outer", CsubjPass = "csubj:pass", Dep = "dep",
        Det = "det", DetPredet = "det:predet", Discourse = "discourse",
        Dislocated = "dislocated", Expl = "expl", Fixed = "fixed", Flat = "flat",
        Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark", Nmod = "nmod",
        NmodDesc = "nmod:desc", NmodPoss = "nmod:poss", NmodUnmarked = "nmod:unmarked",
        Nsubj = "nsubj", NsubjOuter = "nsubj:outer", NsubjPass = "nsubj:pass",
        Nummod = "nummod", Obj = "obj", Obl = "obl", OblAgent = "obl:agent",
        OblUnmarked = "obl:unmarked", Orphan = "orphan", Parataxis = "parataxis",
        Punct = "punct", Reparandum = "reparandum", Root = "root", Vocative = "vocative",
        Xcomp = "xcomp",
    } else Dep
}
tags! {
    /// What a marked stretch of words names.
    EntityKind {
        Person = "PERSON", Organisation = "ORG", Place = "PLACE", Norp = "NORP", Date = "DATE",
        Quantity = "QUANTITY", Money = "MONEY", Weapon = "WEAPON", Other = "MISC",
    } else Other
}

/// One syntactic word ("don't" is two: "do", "n't"). Its surface is `span.of(text)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub span: Span,
    pub lemma: SmolStr,
    pub upos: Upos,
    pub xpos: Xpos,
    /// The governor, as an index into [`Doc::words`]; none for the root of the sentence.
    pub head: Option<WordId>,
    pub deprel: Deprel,
    /// Index of its sentence.
    pub sentence: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub span: Span,
    /// Its words, as indices into [`Doc::words`] (or [`Text::tokens`] before syntax).
    pub words: Range<u32>,
    /// Index of the paragraph it stands in.
    pub paragraph: u32,
    /// It touches a damaged passage.
    pub damaged: bool,
}

/// Words that name something, found by the entity head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub words: Range<u32>,
    pub span: Span,
    pub kind: EntityKind,
}

/// Sentences and tokens of the body, before syntax. Furniture yields none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub sentences: Vec<Sentence>,
    pub tokens: Vec<Span>,
}

/// How many numbers tell of a word's part in a statement, see [`Doc::attr`].
pub const ATTR: usize = 8;

/// What the network made of each word beside its choices; shared by the copies of a [`Doc`].
#[derive(Clone, Debug, Default)]
pub struct Ear {
    width: usize,
    rows: Arc<Vec<f32>>,
    attr: Arc<Vec<[f32; ATTR]>>,
    /// The place of the doc's first word in both.
    first: usize,
}

impl Ear {
    /// A row of `width` numbers a word, and a word's part in a statement where the network tells it.
    pub fn new(width: usize, rows: Vec<f32>, attr: Vec<[f32; ATTR]>) -> Self {
        Ear { width, rows: Arc::new(rows), attr: Arc::new(attr), first: 0 }
    }
}

/// The report with its syntax: what every room from `mention` on reads.
#[derive(Clone, Debug)]
pub struct Doc<'r> {
    pub report: &'r Report,
    pub sentences: Vec<Sentence>,
    pub words: Vec<Word>,
    pub entities: Vec<Entity>,
    /// For each word its dependents, in order, as a range of `dependents`.
    dependent_ranges: Vec<Range<u32>>,
    dependents: Vec<WordId>,
    ear: Ear,
    /// The report's passages with what was found damaged since.
    passages: Option<Arc<[Passage]>>,
}

impl<'r> Doc<'r> {
    pub fn new(
        report: &'r Report,
        sentences: Vec<Sentence>,
        words: Vec<Word>,
        entities: Vec<Entity>,
    ) -> Self {
        let mut counts = vec![0u32; words.len() + 1];
        for word in &words {
            if let Some(head) = word.head {
                counts[head as usize + 1] += 1;
            }
        }
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        let dependent_ranges: Vec<_> = counts.windows(2).map(|w| w[0]..w[1]).collect();
        let mut dependents = vec![0; counts.last().copied().unwrap_or(0) as usize];
        for (i, word) in words.iter().enumerate() {
            if let Some(head) = word.head {
                let slot = &mut counts[head as usize];
                dependents[*slot as usize] = i as WordId;
                *slot += 1;
            }
        }
        let ear = Ear::default();
        let passages = None;
        Doc { report, sentences, words, entities, dependent_ranges, dependents, ear, passages }
    }

    /// The same with what the network made of each word.
    pub fn with_ear(mut self, ear: Ear) -> Self {
        self.ear = ear;
        self
    }

    pub fn ear(&self) -> &Ear {
        &self.ear
    }

    /// What each stretch of the text is.
    pub fn passages(&self) -> &'_ [Passage] {
        self.passages.as_deref().unwrap_or(&self.report.passages)
    }

    /// Takes passages that tell more than the report's.
    pub fn marked(&mut self, passages: Vec<Passage>) {
        self.passages = Some(passages.into());
    }

    /// The network's rows of these words, one after the other; none where it left none.
    pub fn rows(&self, words: Range<u32>) -> Option<&[f32]> {
        let at = |word: u32| (self.ear.first + word as usize) * self.ear.width;
        self.ear.rows.get(at(words.start)..at(words.end)).filter(|rows| !rows.is_empty())
    }

    /// What part the word has in a statement, as shares: outside a cue, beginning one, going on with
    /// one; the same three for its source; outside its content and inside. None where the network
    /// was not trained for it.
    pub fn attr(&self, word: WordId) -> Option<&[f32; ATTR]> {
        self.ear.attr.get(self.ear.first + word as usize)
    }

    pub fn word(&self, id: WordId) -> &Word {
        &self.words[id as usize]
    }

    /// One sentence as a report of its own; spans stay those of the whole text.
    pub fn sentence_alone(&self, sentence: u32) -> Doc<'r> {
        let sentence = &self.sentences[sentence as usize];
        let Range { start, end } = sentence.words.clone();
        let alone = |word: &Word| Word {
            head: word.head.filter(|h| (start..end).contains(h)).map(|h| h - start),
            sentence: 0,
            ..word.clone()
        };
        let words = self.words[start as usize..end as usize].iter().map(alone).collect();
        let inside = self.entities.iter().filter(|e| start <= e.words.start && e.words.end <= end);
        let entities = inside
            .map(|e| Entity { words: e.words.start - start..e.words.end - start, ..e.clone() })
            .collect();
        let whole = Sentence { words: 0..end - start, paragraph: 0, ..sentence.clone() };
        let ear = Ear { first: self.ear.first + start as usize, ..self.ear.clone() };
        let mut doc = Doc::new(self.report, vec![whole], words, entities).with_ear(ear);
        doc.passages.clone_from(&self.passages);
        doc
    }

    /// The word as the page writes it.
    pub fn surface(&self, id: WordId) -> &'r str {
        self.words[id as usize].span.of(&self.report.text)
    }

    /// The word's dependents, left to right.
    pub fn dependents(&self, id: WordId) -> &[WordId] {
        let range = &self.dependent_ranges[id as usize];
        &self.dependents[range.start as usize..range.end as usize]
    }

    /// The dependents in one of these relations, left to right.
    pub fn dependents_by<'d>(
        &'d self,
        id: WordId,
        relations: &'d [Deprel],
    ) -> impl Iterator<Item = WordId> + 'd {
        self.dependents(id).iter().copied().filter(|d| relations.contains(&self.word(*d).deprel))
    }

    /// Every word of the subtree under `id`, itself included, in text order.
    pub fn subtree(&self, id: WordId) -> Vec<WordId> {
        let mut found = vec![id];
        let mut next = 0;
        while next < found.len() {
            found.extend_from_slice(self.dependents(found[next]));
            next += 1;
        }
        found.sort_unstable();
        found
    }

    /// The span from the first to the last word of the subtree.
    pub fn subtree_span(&self, id: WordId) -> Span {
        self.subtree(id).into_iter().fold(self.word(id).span, |s, w| s.cover(self.word(w).span))
    }

    /// The word, its governor, that one's governor, up to the root.
    pub fn ancestors(&self, id: WordId) -> impl Iterator<Item = WordId> + '_ {
        std::iter::successors(Some(id), |w| self.word(*w).head)
    }

    /// The span of a range of words.
    pub fn words_span(&self, words: Range<u32>) -> Span {
        self.word(words.start).span.cover(self.word(words.end - 1).span)
    }

    /// The word whose span holds the byte, if any.
    pub fn word_at(&self, byte: u32) -> Option<WordId> {
        let i = self.words.partition_point(|w| w.span.end <= byte);
        (self.words.get(i)?.span.start <= byte).then_some(i as WordId)
    }

    /// The words that a span touches.
    pub fn words_in(&self, span: Span) -> Range<u32> {
        let start = self.words.partition_point(|w| w.span.end <= span.start) as u32;
        let end = self.words.partition_point(|w| w.span.start < span.end) as u32;
        start..end.max(start)
    }
}
