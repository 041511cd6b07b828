//! From the sentences of an ontology to what is learned from: the reader looks at each, and its
//! candidates become rows.

use crate::FOLDS;
use crate::background;
use crate::file::Ontology;
use crate::learn::{Instance, Names};
use crate::sentence::Sentence;
use dyad_lexicon::TableError;
use dyad_lexicon::acts::Role;
use dyad_reader::own::{self, Sighting, Spec};
use dyad_reader::{Given, Reader, Worker};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::Range;

/// How much a word beside the trigger counts.
const BESIDES: f64 = 0.5;

/// Where a row comes from, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Example(usize),
    Counter(usize),
    Background(usize),
}

impl From {
    /// Whether it is an example, and the number among those.
    pub fn sentence(self) -> (bool, usize) {
        match self {
            From::Example(number) => (true, number),
            From::Counter(number) | From::Background(number) => (false, number),
        }
    }
}

/// A candidate to learn from.
#[derive(Clone, Debug)]
pub struct Row {
    pub instance: Instance,
    pub from: From,
    /// Lemma and part of speech.
    pub word: (SmolStr, &'static str),
    /// A pattern finds it, whatever the examples are.
    pub pattern: bool,
    pub weight: f64,
    pub fold: usize,
}

/// A sentence of the background that holds a candidate.
#[derive(Clone, Debug)]
pub struct Passage {
    pub place: String,
    pub words: String,
}

/// All that a head is trained on.
#[derive(Debug)]
pub struct Rows {
    pub spec: Spec,
    pub all: Vec<Row>,
    pub names: Names,
    pub background: Vec<Passage>,
    pub background_reports: usize,
    /// Marked sides, and how many of them the reader finds.
    pub actors: (usize, usize),
    pub recipients: (usize, usize),
    pub notes: Vec<String>,
}

/// The place of the trigger in each example; none where the reader sees no such word.
type Triggers = Vec<Option<Range<usize>>>;

struct Looker<'r, 'o> {
    worker: Worker<'r>,
    reader: &'r Reader,
    ontology: &'o Ontology,
}

impl Rows {
    pub fn of(ontology: &Ontology, reader: &Reader) -> Result<Rows, Vec<TableError>> {
        let mut looker = Looker { worker: reader.worker(), reader, ontology };
        let mut notes = Vec::new();
        let (spec, triggers) = looker.with_triggers(&mut notes)?;
        let spec = looker.with_roles(spec, &triggers);
        let mut rows = Rows {
            spec,
            all: Vec::new(),
            names: Names::default(),
            background: Vec::new(),
            background_reports: 0,
            actors: (0, 0),
            recipients: (0, 0),
            notes,
        };
        let mut faults = Vec::new();
        rows.add_examples(&mut looker, &triggers, &mut faults);
        rows.add_counterexamples(&mut looker);
        rows.add_background(&mut looker);
        rows.contradictions(ontology, &mut faults);
        if faults.is_empty() { Ok(rows) } else { Err(faults) }
    }

    fn add(&mut self, seen: &Sighting, from: From, weight: f64, fold: usize) {
        let yes = matches!(from, From::Example(_));
        let instance = Instance { features: self.names.numbers(&seen.features), yes };
        let word = (seen.lemma.clone(), seen.pos);
        let pattern = seen.pattern.is_some();
        self.all.push(Row { instance, from, word, pattern, weight, fold: fold % FOLDS });
    }

    fn add_examples(
        &mut self,
        looker: &mut Looker<'_, '_>,
        triggers: &Triggers,
        faults: &mut Vec<TableError>,
    ) {
        let ontology = looker.ontology;
        for (i, (sentence, trigger)) in ontology.examples.iter().zip(triggers).enumerate() {
            let Some(trigger) = trigger else { continue };
            let all = looker.look(&sentence.text, &self.spec, false);
            let Some(seen) = all.iter().find(|s| is_at(s, trigger)) else { continue };
            if let Some(line) = seen.cleared {
                faults.push(TableError {
                    table: ontology.name.clone(),
                    line: sentence.line,
                    what: format!(
                        "contradicts line {line}, by which these words are none; narrow that pattern or take the example out"
                    ),
                });
                continue;
            }
            for (marks, found, count) in [
                (&sentence.actors, &seen.actors, &mut self.actors),
                (&sentence.recipients, &seen.recipients, &mut self.recipients),
            ] {
                count.0 += marks.len();
                let is_found = |mark: &&Range<usize>| found.iter().any(|s| meets(s, mark));
                count.1 += marks.iter().filter(is_found).count();
            }
            self.add(seen, From::Example(i), 1.0, i);
            // "held an election": the other words by which a pattern knows the clause tell it too.
            let besides = |s: &&Sighting| {
                s.clause == seen.clause && s.trigger != seen.trigger && s.pattern.is_some()
            };
            all.iter().filter(besides).for_each(|s| self.add(s, From::Example(i), BESIDES, i));
        }
    }

    fn add_counterexamples(&mut self, looker: &mut Looker<'_, '_>) {
        let ontology = looker.ontology;
        for (i, sentence) in ontology.counterexamples.iter().enumerate() {
            let seen = looker.look(&sentence.text, &self.spec, false);
            let asked = |s: &&Sighting| sentence.trigger.as_ref().is_none_or(|t| is_at(s, t));
            let mut seen = seen.iter().filter(asked).peekable();
            if seen.peek().is_none() {
                self.notes.push(format!(
                    "line {}: no word in it by which an example is told, so it teaches nothing",
                    sentence.line
                ));
            }
            for seen in seen.filter(|s| s.cleared.is_none()) {
                self.add(seen, From::Counter(i), 1.0, i);
            }
        }
    }

    fn add_background(&mut self, looker: &mut Looker<'_, '_>) {
        for (i, (place, text)) in background::reports().into_iter().enumerate() {
            self.background_reports += 1;
            for seen in looker.look(&text, &self.spec, false) {
                if seen.cleared.is_some() {
                    continue;
                }
                let words =
                    seen.sentence.of(&text).split_whitespace().collect::<Vec<_>>().join(" ");
                self.add(&seen, From::Background(self.background.len()), 1.0, i);
                self.background.push(Passage { place: place.clone(), words });
            }
        }
    }

    /// What looks the same to the reader cannot be and not be of the type.
    fn contradictions(&self, ontology: &Ontology, faults: &mut Vec<TableError>) {
        let mut examples: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        for row in &self.all {
            if let From::Example(i) = row.from {
                examples.entry(row.instance.features.clone()).or_insert(i);
            }
        }
        for row in &self.all {
            let From::Counter(i) = row.from else { continue };
            let Some(example) = examples.get(&row.instance.features) else { continue };
            faults.push(TableError {
                table: ontology.name.clone(),
                line: ontology.counterexamples[i].line,
                what: format!(
                    "contradicts line {}: to the reader both are the same, `{}` in the same kind of clause; take one out, or say more in one of them",
                    ontology.examples[*example].line, row.word.0
                ),
            });
        }
    }
}

impl Looker<'_, '_> {
    fn look(&mut self, text: &str, spec: &Spec, any: bool) -> Vec<Sighting> {
        let lexicons = self.reader.lexicons();
        self.worker.analyse_text(text, &Given::default(), |a| {
            own::sightings(a.doc, a.mentions, lexicons, spec, any)
        })
    }

    /// Where each example is told, and the words that do it; none where the reader sees no such word.
    fn with_triggers(
        &mut self,
        notes: &mut Vec<String>,
    ) -> Result<(Spec, Triggers), Vec<TableError>> {
        let ontology = self.ontology;
        let mut spec = ontology.spec.clone();
        let mut faults = Vec::new();
        let mut triggers = Vec::new();
        let mut modes: BTreeMap<(SmolStr, &'static str), BTreeMap<Option<SmolStr>, usize>> =
            BTreeMap::new();
        for sentence in &ontology.examples {
            let seen = self.look(&sentence.text, &ontology.spec, sentence.trigger.is_some());
            let at = match &sentence.trigger {
                Some(mark) => seen.iter().find(|s| is_at(s, mark)),
                None => match the_one(&seen) {
                    Ok(one) => Some(one),
                    Err(what) => {
                        let (table, line) = (ontology.name.clone(), sentence.line);
                        faults.push(TableError { table, line, what });
                        None
                    }
                },
            };
            if let (None, Some(mark)) = (at, &sentence.trigger) {
                notes.push(format!(
                    "line {}: the reader sees neither verb, noun nor adjective in `{}`; the example is left out",
                    sentence.line,
                    &sentence.text[mark.clone()]
                ));
            }
            if let Some(at) = at {
                let mode = sentence.mode.as_deref().map(SmolStr::from);
                let of = modes.entry((at.lemma.clone(), at.pos)).or_default();
                *of.entry(mode).or_default() += 1;
            }
            triggers.push(at.map(|s| s.trigger.start as usize..s.trigger.end as usize));
        }
        let most = |of: BTreeMap<Option<SmolStr>, usize>| {
            of.into_iter().min_by_key(|(_, n)| std::cmp::Reverse(*n)).and_then(|(mode, _)| mode)
        };
        spec.triggers = modes.into_iter().map(|(word, of)| (word, most(of))).collect();
        if faults.is_empty() { Ok((spec, triggers)) } else { Err(faults) }
    }

    /// Where the sides stand, as the marks of the examples show it. What the file says stands.
    fn with_roles(&mut self, spec: Spec, triggers: &Triggers) -> Spec {
        let ontology = self.ontology;
        let (mut to, mut from): (BTreeMap<String, usize>, BTreeMap<String, usize>) =
            Default::default();
        for (sentence, trigger) in ontology.examples.iter().zip(triggers) {
            let Some(trigger) = trigger else { continue };
            let seen = self.look(&sentence.text, &spec, false);
            let Some(seen) = seen.iter().find(|s| is_at(s, trigger)) else { continue };
            let place = |mark: &Range<usize>| {
                let at = seen.positions.iter().find(|(_, head)| meets(head, mark));
                at.map(|(role, _)| role.to_string())
            };
            for mark in &sentence.recipients {
                place(mark).into_iter().for_each(|role| *to.entry(role).or_default() += 1);
            }
            for mark in &sentence.actors {
                let found = seen.actors.iter().any(|s| meets(s, mark));
                let role = place(mark).filter(|role| !found && role != "subj");
                role.into_iter().for_each(|role| *from.entry(role).or_default() += 1);
            }
        }
        let ordered = |of: BTreeMap<String, usize>, least: usize| -> Vec<Role> {
            let mut of: Vec<(String, usize)> =
                of.into_iter().filter(|(_, n)| *n >= least).collect();
            of.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            of.iter().map(|(role, _)| Role::from(role.as_str())).collect()
        };
        let to =
            match (ontology.says_to, ontology.examples.iter().any(|s| !s.recipients.is_empty())) {
                (true, _) => spec.about.to.clone(),
                // Nobody is marked as one.
                (false, false) => None,
                (false, true) => Some(ordered(to, 1)),
            };
        let from = match spec.about.from.is_empty() {
            true => ordered(from, 2),
            false => spec.about.from.clone(),
        };
        spec.with_roles(to, from)
    }
}

/// The only word of a sentence that a pattern meets.
fn the_one(seen: &[Sighting]) -> Result<&Sighting, String> {
    let mut met: Vec<&Sighting> = seen.iter().filter(|s| s.pattern.is_some()).collect();
    met.sort_by_key(|s| s.trigger.start);
    match met[..] {
        [one] => Ok(one),
        [] => Err(
            "no pattern meets it, so it must be told which word it is; put it in braces: {word}"
                .to_owned(),
        ),
        [one, other, ..] => Err(format!(
            "patterns meet `{}` and `{}` in it; put the word that tells it in braces: {{{}}}",
            one.lemma, other.lemma, one.lemma
        )),
    }
}

fn is_at(seen: &Sighting, mark: &Range<usize>) -> bool {
    meets(&seen.trigger, mark)
}

fn meets(span: &dyad_reader::span::Span, mark: &Range<usize>) -> bool {
    (span.start as usize) < mark.end && mark.start < span.end as usize
}

/// Words of a sentence, shortened for a line.
pub fn shortened(sentence: &Sentence) -> String {
    short(&sentence.text)
}

pub fn short(words: &str) -> String {
    const LONGEST: usize = 90;
    match words.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", words[..at].trim_end()),
        None => words.to_owned(),
    }
}
