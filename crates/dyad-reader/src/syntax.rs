//! Tokens to tagged, lemmatised, parsed words and entities.

mod grammar;

use crate::doc::{ATTR, Deprel, Doc, Ear, Entity, EntityKind, Text, Upos, Word, Xpos};
use crate::report::Report;
use crate::span::Span;
use dyad_neural::{LONGEST_SENTENCE, Network, Reading, Tags, Weights, WeightsError, shares};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, SmolStrBuilder};
use std::ops::Range;

/// Tokens that go through the network together: enough to fill the machine, few enough for its cache.
const BATCH: usize = 256;

/// The labels of a word's part in a statement, and how many share one whole.
const ATTR_LABELS: [&str; ATTR] =
    ["cue.O", "cue.B", "cue.I", "source.O", "source.B", "source.I", "content.O", "content.I"];
const ATTR_PARTS: [Range<usize>; 3] = [0..3, 3..6, 6..8];

/// The trained network with its labels and the lemmas that no rule makes. Immutable, shared by threads.
#[derive(Debug)]
pub struct Model {
    network: Network,
    version: String,
    upos: Vec<Upos>,
    xpos: Vec<Xpos>,
    rels: Vec<Deprel>,
    ents: Vec<Option<(EntityKind, bool)>>,
    scripts: Vec<Script>,
    /// For every tag of `xpos`, lower-cased form to lemma.
    exceptions: Vec<FxHashMap<SmolStr, SmolStr>>,
}

/// How a lemma is made of a form.
#[derive(Debug, PartialEq, Eq)]
struct Script {
    lower: bool,
    /// Characters to take off the end.
    cut: usize,
    add: String,
}

/// What a thread uses again from report to report.
#[derive(Debug, Default)]
pub struct Scratch {
    network: dyad_neural::Scratch,
}

/// What the model says of one token of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    pub lemma: SmolStr,
    pub upos: Upos,
    pub xpos: Xpos,
    /// The governor, as an index into the sentence; none for the root.
    pub head: Option<u32>,
    pub deprel: Deprel,
    /// What the token helps to name, and whether the name begins with it.
    pub entity: Option<(EntityKind, bool)>,
}

impl Model {
    /// The model that ships with this crate.
    pub fn builtin() -> Self {
        Self::from_bytes(include_bytes!("../../../models/ear.bin"))
            .expect("models/ear.bin was checked by this crate's tests")
    }

    /// Reads a weights file as `training/export.py` writes it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut weights = Weights::read(bytes)?;
        let network = Network::new(&mut weights)?;
        if weights.names("labels.attr").is_ok_and(|labels| labels != ATTR_LABELS) {
            let wanted = ATTR_LABELS.join(" ");
            return Err(WeightsError::Shape { name: "labels.attr".into(), wanted });
        }
        let xpos_names = weights.names("labels.xpos")?;
        let places: FxHashMap<&str, usize> =
            xpos_names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut exceptions = vec![FxHashMap::default(); xpos_names.len()];
        for row in weights.names("lemmas")? {
            let mut cells = row.split('\t');
            if let (Some(form), Some(tag), Some(lemma)) = (cells.next(), cells.next(), cells.next())
                && let Some(at) = places.get(tag)
            {
                exceptions[*at].insert(SmolStr::new(form), SmolStr::new(lemma));
            }
        }
        Ok(Model {
            network,
            version: format!("{:016x}", weights.digest()),
            upos: weights.names("labels.upos")?.iter().map(|t| Upos::from_tag(t)).collect(),
            xpos: xpos_names.iter().map(|t| Xpos::from_tag(t)).collect(),
            rels: weights.names("labels.rels")?.iter().map(|t| relation(t)).collect(),
            ents: weights.names("labels.ents")?.iter().map(|t| entity_tag(t)).collect(),
            scripts: weights.names("labels.scripts")?.iter().map(|t| Script::read(t)).collect(),
            exceptions,
        })
    }

    /// Names these weights: equal versions give equal parses.
    pub fn version(&self) -> String {
        self.version.clone()
    }

    fn lemma(&self, form: &str, tags: Tags) -> SmolStr {
        let exceptions = &self.exceptions[usize::from(tags.xpos)];
        if !exceptions.is_empty()
            && let Some(lemma) = exceptions.get(lower(form).as_str())
        {
            return lemma.clone();
        }
        self.scripts[usize::from(tags.script)].apply(form)
    }
}

/// A relation by name; an unknown subtype is its own base type.
fn relation(tag: &str) -> Deprel {
    match Deprel::from_tag(tag) {
        Deprel::Dep => tag.split_once(':').map_or(Deprel::Dep, |(base, _)| Deprel::from_tag(base)),
        known => known,
    }
}

fn entity_tag(tag: &str) -> Option<(EntityKind, bool)> {
    let (mark, kind) = tag.split_once('-')?;
    Some((EntityKind::from_tag(kind), mark == "B"))
}

fn lower(form: &str) -> SmolStr {
    if form.chars().any(char::is_uppercase) {
        let mut out = SmolStrBuilder::new();
        form.chars().flat_map(char::to_lowercase).for_each(|c| out.push(c));
        out.finish()
    } else {
        SmolStr::new(form)
    }
}

impl Script {
    /// `l3y`: lower-case the form, take three characters off, put a `y` there; `k` keeps the case.
    fn read(text: &str) -> Self {
        let mut chars = text.chars();
        let lower = chars.next() == Some('l');
        let cut = chars.next().and_then(|c| c.to_digit(10)).unwrap_or(0) as usize;
        Script { lower, cut, add: chars.collect() }
    }

    /// The lemma; the form itself where it is too short for the cut.
    fn apply(&self, form: &str) -> SmolStr {
        let text = if self.lower { lower(form) } else { SmolStr::new(form) };
        let end = match self.cut {
            0 => text.len(),
            cut => match text.char_indices().rev().nth(cut - 1) {
                Some((at, _)) => at,
                None => return text,
            },
        };
        if end == text.len() && self.add.is_empty() || end == 0 && self.add.is_empty() {
            return text;
        }
        let mut out = SmolStrBuilder::new();
        out.push_str(&text[..end]);
        out.push_str(&self.add);
        out.finish()
    }
}

/// Reads sentences that are already cut into tokens: one list of forms a sentence, one list of
/// analyses a sentence, in the same order. Sentences may be of any length, also empty.
pub fn parse_tokens<'t>(
    model: &Model,
    scratch: &mut Scratch,
    sentences: &[impl AsRef<[&'t str]>],
) -> Vec<Vec<Analysis>> {
    read_tokens(model, scratch, sentences, |_| {})
}

/// The same; `each` sees what the network says of the words, in their order.
fn read_tokens<'t>(
    model: &Model,
    scratch: &mut Scratch,
    sentences: &[impl AsRef<[&'t str]>],
    mut each: impl FnMut(Reading<'_>),
) -> Vec<Vec<Analysis>> {
    let mut out: Vec<Vec<Analysis>> =
        sentences.iter().map(|s| Vec::with_capacity(s.as_ref().len())).collect();
    let chunks = sentences.iter().enumerate().flat_map(|(i, sentence)| {
        let forms = sentence.as_ref();
        chunks(forms).into_iter().map(move |range| (i, &forms[range]))
    });
    let mut waiting: Vec<(usize, &[&str])> = Vec::new();
    let mut tokens = 0;
    for (i, forms) in chunks {
        waiting.push((i, forms));
        tokens += forms.len();
        if tokens >= BATCH {
            each(run(model, scratch, &waiting, &mut out));
            waiting.clear();
            tokens = 0;
        }
    }
    each(run(model, scratch, &waiting, &mut out));
    out
}

fn run<'s>(
    model: &Model,
    scratch: &'s mut Scratch,
    batch: &[(usize, &[&str])],
    out: &mut [Vec<Analysis>],
) -> Reading<'s> {
    let forms: Vec<&str> = batch.iter().flat_map(|(_, forms)| forms.iter().copied()).collect();
    let lengths: Vec<usize> = batch.iter().map(|(_, forms)| forms.len()).collect();
    let reading = model.network.run(&mut scratch.network, &forms, &lengths);
    let mut tags = reading.tags;
    for (i, forms) in batch {
        let (own, rest) = tags.split_at(forms.len());
        tags = rest;
        add_chunk(model, forms, own, &mut out[*i]);
    }
    reading
}

/// Appends a chunk to its sentence. The root of a later chunk hangs on the first root.
fn add_chunk(model: &Model, forms: &[&str], tags: &[Tags], sentence: &mut Vec<Analysis>) {
    let offset = sentence.len() as u32;
    let first_root = sentence.iter().position(|a| a.head.is_none()).map(|at| at as u32);
    for (form, tags) in forms.iter().zip(tags) {
        let (head, deprel) = match (tags.head, first_root) {
            (0, None) => (None, Deprel::Root),
            (0, root) => (root, Deprel::Parataxis),
            (h, _) => match model.rels[usize::from(tags.rel)] {
                // only the one root is a root
                Deprel::Root => (Some(offset + h - 1), Deprel::Parataxis),
                rel => (Some(offset + h - 1), rel),
            },
        };
        sentence.push(Analysis {
            lemma: model.lemma(form, *tags),
            upos: model.upos[usize::from(tags.upos)],
            xpos: model.xpos[usize::from(tags.xpos)],
            head,
            deprel,
            entity: model.ents[usize::from(tags.ent)],
        });
    }
}

/// Cuts what is too long for the network, after a mark of punctuation where there is one.
fn chunks(forms: &[&str]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    while forms.len() - start > LONGEST_SENTENCE {
        let window = start + LONGEST_SENTENCE / 2..start + LONGEST_SENTENCE;
        let mark = |i: &usize| matches!(forms[*i], "," | ";" | ":" | "." | "--" | "|");
        let end = window.clone().rev().find(mark).map_or(window.end, |i| i + 1);
        out.push(start..end);
        start = end;
    }
    if start < forms.len() {
        out.push(start..forms.len());
    }
    out
}

/// Reads the sentences of a report.
pub fn parse<'r>(
    model: &Model,
    scratch: &mut Scratch,
    report: &'r Report,
    mut text: Text,
) -> Doc<'r> {
    let forms: Vec<&str> = text.tokens.iter().map(|span| span.of(&report.text)).collect();
    let ranges: Vec<Range<usize>> =
        text.sentences.iter().map(|s| s.words.start as usize..s.words.end as usize).collect();
    let sentences: Vec<&[&str]> = ranges.iter().map(|range| &forms[range.clone()]).collect();
    let (mut rows, mut attr) =
        (Vec::with_capacity(forms.len() * model.network.width()), Vec::new());
    let analyses = read_tokens(model, scratch, &sentences, |reading| {
        rows.extend_from_slice(reading.rows);
        attr.extend(reading.attr.as_chunks().0.iter().map(|scores| parts(*scores)));
    });
    let mut words = Vec::with_capacity(forms.len());
    let mut entities = Vec::new();
    for (s, (mut analyses, range)) in analyses.into_iter().zip(ranges).enumerate() {
        grammar::mend(&mut analyses);
        let first = words.len() as u32;
        let tokens = &text.tokens[range.clone()];
        find_entities(&analyses, first, tokens, &report.text, &mut entities);
        for (analysis, span) in analyses.into_iter().zip(&text.tokens[range]) {
            words.push(Word {
                span: *span,
                lemma: analysis.lemma,
                upos: analysis.upos,
                xpos: analysis.xpos,
                head: analysis.head.map(|h| first + h),
                deprel: analysis.deprel,
                sentence: s as u32,
            });
        }
        text.sentences[s].words = first..words.len() as u32;
    }
    let ear = Ear::new(model.network.width(), rows, attr);
    Doc::new(report, text.sentences, words, entities).with_ear(ear)
}

/// Scores of a word's part in a statement as shares.
fn parts(mut scores: [f32; ATTR]) -> [f32; ATTR] {
    ATTR_PARTS.into_iter().for_each(|part| shares(&mut scores[part]));
    scores
}

fn find_entities(
    analyses: &[Analysis],
    first: u32,
    tokens: &[Span],
    text: &str,
    out: &mut Vec<Entity>,
) {
    let mut i = 0;
    while i < analyses.len() {
        let Some((kind, _)) = analyses[i].entity else {
            i += 1;
            continue;
        };
        let goes_on = |a: &&Analysis| a.entity == Some((kind, false));
        let end = i + 1 + analyses[i + 1..].iter().take_while(goes_on).count();
        let range = bare_name(analyses, i..end, kind, |at| tokens[at].of(text));
        out.push(Entity {
            words: first + range.start as u32..first + range.end as u32,
            span: tokens[range.start].cover(tokens[range.end - 1]),
            kind,
        });
        i = end;
    }
}

/// A name without the article before it and the possessive behind it. An article with a capital
/// inside a sentence is part of the name ("The Hague").
fn bare_name<'t>(
    analyses: &[Analysis],
    mut range: Range<usize>,
    kind: EntityKind,
    form: impl Fn(usize) -> &'t str,
) -> Range<usize> {
    use EntityKind::{Norp, Organisation, Other, Person, Place};
    if !matches!(kind, Person | Organisation | Place | Norp | Other) {
        return range;
    }
    let article = |at: usize| match form(at) {
        "the" | "a" | "an" | "THE" => true,
        "The" | "A" | "An" => at == 0,
        _ => false,
    };
    if range.len() > 1 && article(range.start) {
        range.start += 1;
    }
    if range.len() > 1 && analyses[range.end - 1].xpos == Xpos::Pos {
        range.end -= 1;
    }
    range
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static MODEL: LazyLock<Model> = LazyLock::new(Model::builtin);

    fn read(sentence: &str) -> Vec<Analysis> {
        let forms: Vec<&str> = sentence.split(' ').collect();
        parse_tokens(&MODEL, &mut Scratch::default(), &[forms]).remove(0)
    }

    fn assert_tree(sentence: &[Analysis]) {
        let roots = sentence.iter().filter(|a| a.head.is_none()).count();
        assert_eq!(roots, usize::from(!sentence.is_empty()));
        for (i, word) in sentence.iter().enumerate() {
            assert_eq!(word.head.is_none(), word.deprel == Deprel::Root);
            let mut at = i;
            let mut steps = 0;
            while let Some(head) = sentence[at].head {
                at = head as usize;
                steps += 1;
                assert!(steps <= sentence.len(), "a cycle at {i}");
            }
        }
    }

    #[test]
    fn a_plain_sentence_is_read() {
        let words = read("Norwegian ministers signed the treaty in Geneva on Monday .");
        let lemmas: Vec<&str> = words.iter().map(|w| w.lemma.as_str()).collect();
        assert_eq!(&lemmas[1..5], ["minister", "sign", "the", "treaty"]);
        assert_eq!(words[2].head, None);
        assert_eq!((words[1].head, words[1].deprel), (Some(2), Deprel::Nsubj));
        assert_eq!((words[4].head, words[4].deprel), (Some(2), Deprel::Obj));
        assert_eq!(words[6].deprel, Deprel::Obl);
        assert_eq!(words[1].xpos, Xpos::Nns);
        assert_eq!(words[2].xpos, Xpos::Vbd);
        assert_eq!(words[0].entity, Some((EntityKind::Norp, true)));
        assert_eq!(words[6].entity, Some((EntityKind::Place, true)));
        assert_eq!(words[8].entity, Some((EntityKind::Date, true)));
    }

    #[test]
    fn a_passive_is_told_from_an_active() {
        let words = read("The bridge was destroyed by rebels .");
        assert_eq!(words[1].deprel, Deprel::NsubjPass);
        assert_eq!(words[2].deprel, Deprel::AuxPass);
        assert_eq!(words[5].deprel, Deprel::OblAgent);
        assert_eq!(words[3].lemma, "destroy");
    }

    #[test]
    fn names_are_bare() {
        let analyses = read("The Navy left the Congo 's port for The Hague .");
        let forms: Vec<&str> =
            "The Navy left the Congo 's port for The Hague .".split(' ').collect();
        let bare = |range, kind| bare_name(&analyses, range, kind, |at| forms[at]);
        assert_eq!(bare(0..2, EntityKind::Organisation), 1..2);
        assert_eq!(bare(3..6, EntityKind::Place), 4..5);
        assert_eq!(bare(8..10, EntityKind::Place), 8..10);
        assert_eq!(bare(0..2, EntityKind::Date), 0..2);
        assert_eq!(bare(3..4, EntityKind::Place), 3..4);
    }

    #[test]
    fn neighbours_do_not_matter() {
        let one = "Fishermen protested in the harbour .".split(' ').collect::<Vec<_>>();
        let two = "He denied it .".split(' ').collect::<Vec<_>>();
        let mut scratch = Scratch::default();
        let alone = parse_tokens(&MODEL, &mut scratch, &[&one]);
        let many: Vec<&[&str]> =
            (0..90).map(|i| if i % 3 == 1 { &one[..] } else { &two }).collect();
        let together = parse_tokens(&MODEL, &mut scratch, &many);
        assert_eq!(together[88], alone[0]);
    }

    #[test]
    fn long_sentences_are_cut_and_stay_trees() {
        let forms: Vec<&str> =
            "the council of the port met ,".split(' ').cycle().take(2000).collect();
        let found = chunks(&forms);
        assert!(found.iter().all(|r| r.len() <= LONGEST_SENTENCE && !r.is_empty()));
        assert_eq!(found.last().map(|r| r.end), Some(2000));
        let parsed = parse_tokens(&MODEL, &mut Scratch::default(), &[&forms]);
        assert_eq!(parsed[0].len(), 2000);
        assert_tree(&parsed[0]);
    }

    #[test]
    fn parts_in_a_statement_are_shares() {
        let found = parts([2.0, 1.0, 0.0, -90.0, 90.0, -90.0, 3.0, 3.0]);
        for part in ATTR_PARTS {
            assert!((found[part].iter().sum::<f32>() - 1.0).abs() < 1e-6, "{found:?}");
        }
        assert!(found[0] > found[1] && found[1] > found[2]);
        assert_eq!((found[4], found[7]), (1.0, 0.5));
    }

    #[test]
    fn a_words_row_is_that_of_its_sentence() {
        let text = "Togo agreed. Chad and Mali met in Lomé.".to_owned();
        let report = Report { text, ..Report::default() };
        let tokens: Vec<Span> =
            [(0, 4), (5, 11), (11, 12), (13, 17), (18, 21), (22, 26), (27, 30), (31, 33), (34, 39)]
                .map(|(start, end)| Span::new(start, end))
                .to_vec();
        let sentence = |words: Range<u32>| crate::doc::Sentence {
            span: tokens[words.start as usize].cover(tokens[words.end as usize - 1]),
            words,
            paragraph: 0,
            damaged: false,
        };
        let sentences = vec![sentence(0..3), sentence(3..9)];
        let text = Text { sentences, tokens: tokens.clone() };
        let doc = parse(&MODEL, &mut Scratch::default(), &report, text);
        let width = MODEL.network.width();
        assert_eq!(doc.rows(0..9).map(<[f32]>::len), Some(9 * width));
        assert_eq!(doc.rows(8..10), None);
        let alone = doc.sentence_alone(1);
        assert_eq!(alone.rows(0..6), doc.rows(3..9));
        assert_eq!(alone.attr(2), doc.attr(5));
        assert_ne!(doc.rows(3..4), doc.rows(5..6));
        assert_eq!(doc.attr(0).is_some(), MODEL.network.attr() > 0);
    }

    #[test]
    fn scripts_make_lemmas() {
        for (script, form, lemma) in [
            ("k0", "Oslo", "Oslo"),
            ("l1", "Ports", "port"),
            ("k3y", "treaties", "treaty"),
            ("k1ve", "has", "have"),
            ("k4", "ed", "ed"),
            ("l2", "ÉS", "és"),
        ] {
            assert_eq!(Script::read(script).apply(form), lemma, "{script} {form}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
        #[test]
        fn any_tokens_make_a_tree(sentences in prop::collection::vec(prop::collection::vec("\\PC{0,9}|[a-zA-Z]{1,9}|.", 0..30), 0..4)) {
            let forms: Vec<Vec<&str>> =
                sentences.iter().map(|s| s.iter().map(String::as_str).collect()).collect();
            let parsed = parse_tokens(&MODEL, &mut Scratch::default(), &forms);
            for (analyses, forms) in parsed.iter().zip(&forms) {
                prop_assert_eq!(analyses.len(), forms.len());
                assert_tree(analyses);
            }
        }
    }
}
