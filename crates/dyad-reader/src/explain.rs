//! Why each item was read: its words, their parse, the rule or the model behind it, and what else it
//! might have been.

use crate::coding::{Coding, Event, Models, event};
use crate::doc::{Doc, WordId};
use crate::mention::Mentions;
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_record::explain::{ExplainedWord, Explanation};
use dyad_record::{CharSpan, Record};

/// What is looked at.
pub struct Look<'a, 'r> {
    pub doc: &'a Doc<'r>,
    pub mentions: &'a Mentions,
    pub coding: &'a Coding,
    pub lexicons: &'a Lexicons,
    pub models: &'a Models,
}

/// One explanation for each event, statement, tie and figure, in the order of the record.
pub fn explain(look: &Look<'_, '_>, record: &Record) -> Vec<Explanation> {
    let Look { doc, mentions, coding, .. } = look;
    let mut found = Vec::new();
    for (event, printed) in coding.events.iter().zip(&record.events) {
        let mode = printed.mode.as_deref().map(|m| format!(" {m}")).unwrap_or_default();
        let cameo = match printed.cameo.as_str() {
            "" => "no CAMEO code".to_owned(),
            code => format!("CAMEO {code}"),
        };
        let coded = format!(
            "{}{mode}, {}, {cameo}: {}",
            printed.kind,
            printed.status,
            sides(record, printed),
        );
        let Look { lexicons, models, .. } = *look;
        let item = look.item(&printed.id, coded, &printed.found_by, &printed.from, &roles(event));
        found.push(Explanation {
            confidence: Some(printed.confidence),
            because: event::signs(doc, mentions, lexicons, models, event),
            runners_up: event::runners_up(doc, mentions, lexicons, &models.pair, event),
            rule: item.rule.or_else(|| event::own_pattern(doc, mentions, lexicons, models, event)),
            ..item
        });
    }
    for (statement, printed) in coding.statements.iter().zip(&record.statements) {
        let speaker = printed.speaker.as_ref().map_or("unknown", |id| name(record, id));
        let stance = printed.stance.map(|s| format!(", {s}")).unwrap_or_default();
        let coded = format!("statement, {}{stance}: {}", printed.form, speaker);
        let spans: Vec<(Span, &str)> = (statement.cue.iter().map(|s| (*s, "cue")))
            .chain(statement.source.iter().map(|s| (*s, "speaker")))
            .chain(statement.content.iter().map(|s| (*s, "content")))
            .collect();
        found.push(look.item(&printed.id, coded, &printed.found_by, &printed.from, &spans));
    }
    for (tie, printed) in coding.ties.iter().zip(&record.ties) {
        let (from, to) = (name(record, &printed.from), name(record, &printed.to));
        let coded = format!("tie, {}: {from} – {to}", printed.kind);
        let evidence = tie.provenance.evidence.iter().map(|s| (*s, "evidence"));
        let spans: Vec<(Span, &str)> = evidence.collect();
        let found_by = &printed.found_by;
        found.push(Explanation {
            confidence: Some(printed.confidence),
            ..look.item(&printed.id, coded, found_by, &printed.stands_on, &spans)
        });
    }
    for (figure, printed) in mentions.figures.iter().zip(&record.figures) {
        let of = printed.counted.as_deref().or(printed.unit.as_deref()).unwrap_or("");
        let value = printed.value.map_or("a number".to_owned(), |v| v.to_string());
        let coded = format!("figure: {value} {of}");
        let spans = [(figure.span, "figure")];
        found.push(Explanation {
            because: printed.against.iter().map(|why| format!("against: {why}")).collect(),
            ..look.item(&printed.id, coded, &printed.found_by, &printed.from, &spans)
        });
    }
    found
}

fn name<'a>(record: &'a Record, id: &'a str) -> &'a str {
    record.actors.iter().find(|a| a.id == id).map_or(id, |a| &a.name)
}

fn sides(record: &Record, event: &dyad_record::Event) -> String {
    let names = |ids: &[String]| {
        let names: Vec<&str> = ids.iter().map(|id| name(record, id)).collect();
        if names.is_empty() { "nobody named".to_owned() } else { names.join(", ") }
    };
    if event.mutual {
        return names(&event.actors);
    }
    format!("{} → {}", names(&event.actors), names(&event.recipients))
}

/// The words of an event by what they are to it; the first that holds a word names its role.
fn roles(event: &Event) -> Vec<(Span, &'static str)> {
    (std::iter::once((event.trigger, "trigger")))
        .chain(event.actor_spans.iter().map(|s| (*s, "actor")))
        .chain(event.recipient_spans.iter().map(|s| (*s, "recipient")))
        .chain(event.actor_phrases.iter().map(|s| (*s, "actor")))
        .chain(event.recipient_phrases.iter().map(|s| (*s, "recipient")))
        .chain(event.provenance.evidence.iter().map(|s| (*s, "evidence")))
        .collect()
}

impl Look<'_, '_> {
    /// The item without what only its kind has. The first span says which sentence tells it.
    fn item(
        &self,
        id: &str,
        coded: String,
        found_by: &str,
        from: &[String],
        roles: &[(Span, &str)],
    ) -> Explanation {
        let doc = self.doc;
        let place = roles.first().map(|(span, _)| doc.words_in(*span).start);
        let place = place.and_then(|word| doc.words.get(word as usize));
        let sentence = place.map(|word| &doc.sentences[word.sentence as usize]);
        Explanation {
            item: id.to_owned(),
            coded,
            sentence: sentence.map_or(CharSpan { start: 0, end: 0 }, |s| self.chars(s.span)),
            words: sentence.map_or(Vec::new(), |s| self.words(s.words.clone(), roles)),
            found_by: found_by.to_owned(),
            rule: self.lexicons.shipped_line(found_by).map(str::to_owned),
            because: Vec::new(),
            from: from.to_vec(),
            confidence: None,
            runners_up: Vec::new(),
        }
    }

    fn chars(&self, span: Span) -> CharSpan {
        let count = |end: u32| self.doc.report.text[..end as usize].chars().count() as u32;
        CharSpan { start: count(span.start), end: count(span.end) }
    }

    fn words(&self, range: std::ops::Range<WordId>, roles: &[(Span, &str)]) -> Vec<ExplainedWord> {
        let word = |id: WordId| {
            let word = self.doc.word(id);
            let role = roles.iter().find(|(span, _)| span.touches(word.span));
            ExplainedWord {
                id: id - range.start + 1,
                form: self.doc.surface(id).to_owned(),
                lemma: word.lemma.to_string(),
                upos: word.upos.as_str().to_owned(),
                xpos: word.xpos.as_str().to_owned(),
                head: word.head.map_or(0, |h| (h + 1).saturating_sub(range.start)),
                deprel: word.deprel.as_str().to_owned(),
                role: role.map_or(String::new(), |(_, role)| (*role).to_owned()),
            }
        };
        range.clone().map(word).collect()
    }
}
