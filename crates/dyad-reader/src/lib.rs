//! Bytes to record: the reader.
//!
//! ```no_run
//! let reader = dyad_reader::Reader::builtin().unwrap(); // immutable, shared by all threads
//! let mut worker = reader.worker(); // scratch, one a thread, used again
//! let record = worker.read(b"Norway and Iceland signed a pact.", &Default::default()).unwrap();
//! # let _ = record;
//! ```
//!
//! Knows no files, no network, no clock and no threads.
#![forbid(unsafe_code)]

pub mod coding;
pub mod doc;
pub mod explain;
pub mod given;
pub mod mention;
pub mod record;
pub mod report;
pub mod sound;
pub mod span;
pub mod syntax;
pub mod text;

pub use coding::event::own;
pub use coding::event::pair::PairType;
pub use given::{Given, LIMIT, ReadError};
pub use report::{Piece, split};

use doc::{Doc, Sentence, Text};
use dyad_lexicon::user::{Finding, UserText};
use dyad_lexicon::{Lexicons, TableError};
use dyad_record::explain::Explanation;
use dyad_record::{ONTOLOGY, PassageKind, Record};
use own::Head;
use report::{Passage, Report};
use span::Span;

/// Everything that reading needs, loaded once and shared.
#[derive(Debug)]
pub struct Reader {
    lexicons: Lexicons,
    model: syntax::Model,
    models: coding::Models,
    versions: dyad_record::Reader,
}

impl Reader {
    pub fn new(lexicons: Lexicons, model: syntax::Model) -> Self {
        let models = coding::Models::builtin().for_ear(&model.version());
        let versions = dyad_record::Reader {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            model: named(&model, &models),
            lexicons: lexicons.versions(),
        };
        Reader { lexicons, model, models, versions }
    }

    /// The reader with the model and the lexicons that ship with it.
    pub fn builtin() -> Result<Self, TableError> {
        Ok(Reader::new(Lexicons::builtin()?, syntax::Model::builtin()))
    }

    /// The same with a user's dictionaries merged in (`dyad_lexicon::user`), and what is to be
    /// said of their rows.
    pub fn with_dictionaries(files: &[UserText]) -> Result<(Self, Vec<Finding>), TableError> {
        let (lexicons, findings) = Lexicons::with_user(files)?;
        Ok((Reader::new(lexicons, syntax::Model::builtin()), findings))
    }

    /// The same with event types of a user's own: heads as `dyad train-type` writes them, each with
    /// the name of its file.
    pub fn with_heads<'t>(
        mut self,
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, TableError> {
        for (name, text) in files {
            let head = Head::from_text(name, text, &self.lexicons.acts)?;
            let kind = head.spec.kind();
            if let Some(first) = self.models.own.iter().find(|h| h.spec.kind() == kind) {
                let what = format!(
                    "{kind} was already defined, from {}; name one head of each type",
                    first.source.0
                );
                return Err(TableError { table: name.to_owned(), line: 1, what });
            }
            // The file that it was trained on, and a hash of the head, in which that file's stands.
            let hash = blake3::hash(text.as_bytes()).to_hex();
            let version = format!("{} {}", head.source.0, &hash[..16]);
            self.versions.lexicons.insert(format!("{ONTOLOGY}{kind}"), version);
            self.models.own.push(head);
        }
        Ok(self)
    }

    /// The same with the deep tier: a larger encoder is asked too who acts on whom, and how.
    pub fn deep(mut self) -> Self {
        self.models = self.models.deep(coding::event::deep::Deep::builtin());
        self.versions.model = named(&self.model, &self.models);
        self
    }

    /// The same with other weights for pairs of sides, as those who train what follows them need.
    pub fn with_pair_model(mut self, pair: coding::event::pair::Model) -> Self {
        self.models.pair = pair.for_ear(&self.model.version());
        self
    }

    /// The same with every act told that the models think of, as fitting its confidence needs.
    pub fn telling_all(mut self) -> Self {
        self.models.confidence = self.models.confidence.telling_all();
        self
    }

    pub fn worker(&self) -> Worker<'_> {
        Worker { reader: self, scratch: syntax::Scratch::default() }
    }

    pub fn lexicons(&self) -> &Lexicons {
        &self.lexicons
    }

    pub fn model(&self) -> &syntax::Model {
        &self.model
    }

    pub fn versions(&self) -> &dyad_record::Reader {
        &self.versions
    }
}

/// What names the models of a record.
fn named(ear: &syntax::Model, models: &coding::Models) -> String {
    let ear = ear.version();
    let parts = [ear.as_str(), &models.version(), sound::version(&ear).unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// One thread's reader: what it allocates it uses again.
#[derive(Debug)]
pub struct Worker<'r> {
    reader: &'r Reader,
    scratch: syntax::Scratch,
}

impl Worker<'_> {
    /// Reads one report. Fails only where there is no article to read.
    pub fn read(&mut self, bytes: &[u8], given: &Given) -> Result<Record, ReadError> {
        Ok(self.record_of(&report::open(bytes, given)?))
    }

    /// Reads again what a record was made from, by its text: the bytes are not at hand any more.
    pub fn read_again(&mut self, record: &Record) -> Record {
        self.record_of(&report::again(record))
    }

    fn record_of(&mut self, report: &Report) -> Record {
        let doc = self.doc(report);
        let mentions = mention::find(&doc, &self.reader.lexicons);
        let coding = coding::code(&doc, &mentions, &self.reader.lexicons, &self.reader.models);
        record::make(&doc, &mentions, &coding, &self.reader.versions)
    }

    /// The report with its syntax, and what of it is damaged.
    fn doc<'d>(&mut self, report: &'d Report) -> Doc<'d> {
        let text = text::split(report);
        let mut doc = syntax::parse(&self.reader.model, &mut self.scratch, report, text);
        sound::mark(&mut doc, &self.reader.model.version());
        doc
    }

    /// Why each item of a report is read: one explanation for each, in the order of the record.
    pub fn explain(&mut self, bytes: &[u8], given: &Given) -> Result<Vec<Explanation>, ReadError> {
        Ok(self.explained(&report::open(bytes, given)?).1)
    }

    /// As [`Worker::read_again`], and why each item of the new record is read.
    pub fn explain_again(&mut self, record: &Record) -> (Record, Vec<Explanation>) {
        self.explained(&report::again(record))
    }

    fn explained(&mut self, report: &Report) -> (Record, Vec<Explanation>) {
        let Reader { lexicons, models, versions, .. } = self.reader;
        let doc = self.doc(report);
        self.look_at(&doc, |a| {
            let Analysis { doc, mentions, coding } = *a;
            let record = record::make(doc, mentions, coding, versions);
            let look = explain::Look { doc, mentions, coding, lexicons, models };
            let explanations = explain::explain(&look, &record);
            (record, explanations)
        })
    }

    /// Reads one report and shows what every room found, in bytes, before it becomes a record.
    pub fn analyse<T>(
        &mut self,
        bytes: &[u8],
        given: &Given,
        look: impl FnOnce(&Analysis<'_, '_>) -> T,
    ) -> Result<T, ReadError> {
        let report = report::open(bytes, given)?;
        let doc = self.doc(&report);
        Ok(self.look_at(&doc, look))
    }

    /// As [`Worker::analyse`], for words that are known to be an article's own: nothing is
    /// sniffed, and positions are those of `text`.
    pub fn analyse_text<T>(
        &mut self,
        text: &str,
        given: &Given,
        look: impl FnOnce(&Analysis<'_, '_>) -> T,
    ) -> T {
        let report = body(text.to_owned(), given);
        let text = text::split(&report);
        let doc = syntax::parse(&self.reader.model, &mut self.scratch, &report, text);
        self.look_at(&doc, look)
    }

    /// As [`Worker::analyse`], for sentences that others have split into tokens. The text is the
    /// tokens with a space between, one sentence a line; each token is one word of the `Doc`.
    pub fn analyse_tokens<T>(
        &mut self,
        sentences: &[Vec<String>],
        given: &Given,
        look: impl FnOnce(&Analysis<'_, '_>) -> T,
    ) -> T {
        let (words, text) = join(sentences);
        let report = body(words, given);
        let doc = syntax::parse(&self.reader.model, &mut self.scratch, &report, text);
        self.look_at(&doc, look)
    }

    /// The type of the relation between two marked sides of a text.
    pub fn type_of_pair(&mut self, text: &str, source: Span, target: Span) -> PairType {
        let Reader { lexicons, models, .. } = self.reader;
        self.parse_text(text, |doc| {
            models.pair.view(doc, &lexicons.acts).pair(source, target).told()
        })
    }

    /// The places in the pair model's weights of what it looks at: for its training.
    pub fn pair_features(&mut self, text: &str, source: Span, target: Span) -> Vec<u32> {
        let acts = &self.reader.lexicons.acts;
        self.parse_text(text, |doc| coding::event::pair::features(doc, acts, source, target))
    }

    /// The relation between two sides by the rules alone.
    pub fn pair_by_rules(
        &mut self,
        text: &str,
        source: Span,
        target: Span,
    ) -> Option<coding::event::pair::Root> {
        let acts = &self.reader.lexicons.acts;
        self.parse_text(text, |doc| coding::event::pair::by_rules(doc, acts, source, target))
    }

    fn parse_text<T>(&mut self, text: &str, look: impl FnOnce(&doc::Doc<'_>) -> T) -> T {
        let report = body(text.to_owned(), &Given::default());
        let text = text::split(&report);
        look(&syntax::parse(&self.reader.model, &mut self.scratch, &report, text))
    }

    fn look_at<'d, T>(&self, doc: &Doc<'d>, look: impl FnOnce(&Analysis<'_, 'd>) -> T) -> T {
        let mentions = mention::find(doc, &self.reader.lexicons);
        let coding = coding::code(doc, &mentions, &self.reader.lexicons, &self.reader.models);
        look(&Analysis { doc, mentions: &mentions, coding: &coding })
    }
}

/// What every room found in one report: for those who measure the reader.
#[derive(Clone, Copy, Debug)]
pub struct Analysis<'a, 'r> {
    pub doc: &'a Doc<'r>,
    pub mentions: &'a mention::Mentions,
    pub coding: &'a coding::Coding,
}

/// A report that is all body.
fn body(text: String, given: &Given) -> Report {
    Report {
        title: given.title.clone(),
        published: given.published,
        language: "en".to_owned(),
        passages: vec![Passage {
            span: Span::new(0, text.len()),
            kind: PassageKind::Body,
            why: String::new(),
        }],
        text,
        ..Report::default()
    }
}

fn join(sentences: &[Vec<String>]) -> (String, Text) {
    let mut words = String::new();
    let mut text = Text::default();
    for sentence in sentences.iter().filter(|s| s.iter().any(|t| !t.is_empty())) {
        let (start, first) = (words.len(), text.tokens.len() as u32);
        for token in sentence.iter().filter(|t| !t.is_empty()) {
            let at = words.len();
            words.push_str(token);
            text.tokens.push(Span::new(at, words.len()));
            words.push(' ');
        }
        words.pop();
        text.sentences.push(Sentence {
            span: Span::new(start, words.len()),
            words: first..text.tokens.len() as u32,
            paragraph: 0,
            damaged: false,
        });
        words.push('\n');
    }
    (words, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_tokens_keep_their_places() {
        let sentences = [vec!["Oslo".to_owned(), "agreed".to_owned()], vec![], vec!["Yes".into()]];
        let (words, text) = join(&sentences);
        assert_eq!(words, "Oslo agreed\nYes\n");
        let tokens: Vec<_> = text.tokens.iter().map(|t| t.of(&words)).collect();
        assert_eq!(tokens, ["Oslo", "agreed", "Yes"]);
        assert_eq!(text.sentences[1].words, 2..3);
        assert_eq!(text.sentences[0].span.of(&words), "Oslo agreed");
    }
}
