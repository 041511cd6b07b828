//! Numbers, what they count, and how sure and how they moved.

mod amount;

use super::pieces::{Kind, Piece, cut};
use super::{Figure, Time, TimeKind};
use crate::doc::{Deprel, Doc, Sentence, Upos, WordId, Xpos};
use crate::span::Span;
use amount::{Amount, Scanner};
use dyad_lexicon::Lexicons;
use dyad_lexicon::amounts::Around;
use dyad_lexicon::ties::TiePos;
use dyad_record::{Casualty, Change, Trend};
use std::ops::Range;

/// Every figure of the report, in text order. Dates are none; a length of time is ("eight years").
pub fn find(doc: &Doc<'_>, lexicons: &Lexicons, times: &[Time]) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut next = 0;
    for sentence in &doc.sentences {
        let pieces = cut(&doc.report.text, sentence.span);
        while next < times.len() && times[next].span.end <= sentence.span.start {
            next += 1;
        }
        let until = next + times[next..].partition_point(|t| t.span.start < sentence.span.end);
        let reader = Reader {
            doc,
            lexicons,
            sentence,
            pieces: &pieces,
            scanner: Scanner { pieces: &pieces, lexicons },
        };
        reader.read(&times[next..until], &mut figures);
    }
    figures
}

struct Reader<'a> {
    doc: &'a Doc<'a>,
    lexicons: &'a Lexicons,
    sentence: &'a Sentence,
    pieces: &'a [Piece],
    scanner: Scanner<'a>,
}

/// What a number counts.
#[derive(Default)]
struct Counted {
    unit: Option<String>,
    counted: Option<String>,
    /// The last word of the unit's noun.
    head: Option<WordId>,
}

impl Reader<'_> {
    fn read(&self, times: &[Time], figures: &mut Vec<Figure>) {
        let first = figures.len();
        let mut at = 0;
        while at < self.pieces.len() {
            let time = times.iter().find(|t| t.span.touches(self.pieces[at].span));
            if let Some(time) = time {
                if time.kind == TimeKind::Duration {
                    figures.extend(self.duration(at, time));
                }
                at = self.after(time.span);
                continue;
            }
            let amount = match self.scanner.read(at) {
                Some(amount) if !self.scanner.is_name(first_number(&amount, self.pieces)) => amount,
                _ => {
                    at += 1;
                    continue;
                }
            };
            let end = amount.end;
            let told = figures[first..].last();
            let figure = self.figure(amount, told);
            figures.extend(figure);
            at = end;
        }
    }

    fn after(&self, span: Span) -> usize {
        self.pieces.partition_point(|p| p.span.start < span.end)
    }

    fn span(&self, pieces: Range<usize>) -> Span {
        self.pieces[pieces.start].span.cover(self.pieces[pieces.end - 1].span)
    }

    /// "eight long years": the number is the first in the expression of time.
    fn duration(&self, from: usize, time: &Time) -> Option<Figure> {
        let end = self.after(time.span);
        let amount = (from..end).find_map(|i| self.scanner.read(i).filter(|a| a.end < end))?;
        let span = Span { start: self.pieces[amount.start].span.start, end: time.span.end };
        Some(Figure {
            span,
            words: self.doc.words_in(span),
            value: amount.value,
            low: amount.low,
            high: amount.high,
            unit: Some(time.granularity.to_owned()),
            approximate: amount.approximate,
            found_by: "figure:duration",
            ..Figure::default()
        })
    }

    /// `told` is the figure before it in the sentence.
    fn figure(&self, amount: Amount, told: Option<&Figure>) -> Option<Figure> {
        let number = self.span(amount.start..amount.end);
        let words = self.doc.words_in(number);
        if amount.rule == "figure:count" && self.is_pronoun(words.clone()) {
            return None;
        }
        let counted = self.counted(&amount, words.clone());
        let change = self.change(&amount, words.clone(), counted.head);
        let partial = self.is_part_of(words.end, told);
        let casualty = self
            .casualty(words.clone(), counted.head)
            .or_else(|| told.filter(|_| partial).and_then(|t| t.casualty));
        let mut rule = amount.rule;
        let mut unit = amount.unit.clone().or(counted.unit);
        let mut what = counted.counted;
        if let Some(befell) = casualty.filter(|_| amount.unit.is_none()) {
            let who = counted
                .head
                .filter(|h| !self.is_casualty_word(*h) && self.doc.word(*h).upos != Upos::Adj);
            let whose = who.map_or("people".to_owned(), |h| self.noun(h, false));
            unit = Some(who.map_or("person".to_owned(), |h| self.noun(h, true)));
            what = Some(format!("{whose} {}", befell.as_str()));
            rule = "figure:casualties";
        } else if unit.is_none() {
            if let Some(age) = self.age(&amount) {
                (unit, rule) = (Some("year".to_owned()), age);
            } else if change.is_none() && !partial && !self.is_argument(&amount, words.clone()) {
                return None;
            }
        }
        let span = match counted.head {
            Some(h) if amount.unit.is_none() && h >= words.start => {
                number.cover(self.doc.word(h).span)
            }
            _ => number,
        };
        Some(Figure {
            span,
            words: self.doc.words_in(span),
            value: amount.value,
            low: amount.low,
            high: amount.high,
            of: amount.of,
            unit,
            counted: what,
            casualty: casualty.filter(|_| rule == "figure:casualties"),
            approximate: amount.approximate,
            change,
            found_by: rule,
        })
    }

    /// The noun that the number counts: its governor where the tree says so, or else the noun that
    /// comes next after words that may stand between.
    fn counted(&self, amount: &Amount, words: Range<u32>) -> Counted {
        let mut next = words.end;
        let of = self.word_is(next, "of");
        if of {
            next += 1;
        }
        let measured = amount.unit.is_some();
        let befell = self.befell(words.end);
        if measured && !of || befell {
            return Counted::default();
        }
        let governor = words.clone().find_map(|w| {
            let word = self.doc.word(w);
            let head = word.head.filter(|h| *h >= words.end && *h < words.end + 6)?;
            let noun = matches!(self.doc.word(head).upos, Upos::Noun | Upos::Propn | Upos::Adj);
            (noun && word.deprel == Deprel::Nummod).then_some(head)
        });
        let Some(head) = governor.or_else(|| self.next_noun(next)) else {
            return Counted::default();
        };
        let unit = (!measured).then(|| self.noun(head, true));
        Counted { unit, counted: Some(self.phrase(next, head)), head: Some(head) }
    }

    fn word_is(&self, word: WordId, lower: &str) -> bool {
        (word as usize) < self.doc.words.len() && self.doc.surface(word).eq_ignore_ascii_case(lower)
    }

    fn next_noun(&self, from: WordId) -> Option<WordId> {
        let end = self.sentence.words.end.min(from + 6);
        let mut modified = false;
        for word in from..end {
            match self.doc.word(word).upos {
                Upos::Noun | Upos::Propn => {
                    let mut last = word;
                    if last + 1 < end && self.glued_hyphen(last + 1) {
                        modified = true;
                        continue;
                    }
                    while last + 1 < end
                        && matches!(self.doc.word(last + 1).upos, Upos::Noun | Upos::Propn)
                    {
                        last += 1;
                    }
                    return Some(last);
                }
                Upos::Adj | Upos::Num => modified = true,
                Upos::Verb if matches!(self.doc.word(word).xpos, Xpos::Vbg | Xpos::Vbn) => {
                    modified = true;
                }
                Upos::Adv if modified && self.doc.word(word).xpos != Xpos::Wrb => {}
                Upos::Det if modified || self.word_is(word.saturating_sub(1), "of") => {}
                Upos::Punct if self.doc.surface(word) == "-" => modified = true,
                _ => return None,
            }
        }
        None
    }

    fn glued_hyphen(&self, word: WordId) -> bool {
        self.doc.surface(word).starts_with(['-', '‐', '‑'])
            && self.doc.word(word).span.start == self.doc.word(word - 1).span.end
    }

    /// The noun with the nouns that stand before it as part of its name; `singular` by its lemma.
    fn noun(&self, head: WordId, singular: bool) -> String {
        let mut words: Vec<WordId> = self
            .doc
            .dependents_by(head, &[Deprel::Compound])
            .filter(|d| *d < head && matches!(self.doc.word(*d).upos, Upos::Noun | Upos::Propn))
            .collect();
        words.push(head);
        let word = |w: WordId| {
            let word = self.doc.word(w);
            let surface = self.doc.surface(w);
            if singular && w == head && !word.lemma.is_empty() {
                let one = self.scanner.says(Around::Singular, &word.lemma);
                one.unwrap_or(&word.lemma).to_owned()
            } else if word.upos == Upos::Propn {
                surface.to_owned()
            } else {
                surface.to_lowercase()
            }
        };
        words.into_iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// From the word after the number to the end of what hangs on the noun, but no clause of its
    /// own beside participles ("missiles fired from the sea").
    fn phrase(&self, from: WordId, head: WordId) -> String {
        let mut last = head;
        for dependent in self.doc.dependents_by(head, &[Deprel::Nmod, Deprel::Acl]) {
            if dependent > last {
                let tree = self.doc.subtree(dependent);
                let run = tree.iter().enumerate().take_while(|(i, w)| {
                    **w == last + 1 + *i as u32 && self.doc.word(**w).upos != Upos::Punct
                });
                last += run.take(12).count() as u32;
            }
        }
        let from = from.min(head);
        self.doc.words_span(from..last + 1).of(&self.doc.report.text).to_owned()
    }

    /// The number's own governor, through other numbers.
    fn top(&self, words: Range<u32>, head: Option<WordId>) -> Option<WordId> {
        head.or_else(|| {
            words.clone().find(|w| self.doc.word(*w).head.is_none_or(|h| !words.contains(&h)))
        })
    }

    /// "12 of them", "including three children": a part of those who were counted just before.
    fn is_part_of(&self, after: WordId, told: Option<&Figure>) -> bool {
        let Some(told) = told else { return false };
        let pronoun = ["them", "whom", "those", "these"].iter().any(|p| self.word_is(after + 1, p));
        let gap = told.words.end..after;
        self.word_is(after, "of") && pronoun
            || gap.len() < 8
                && gap.into_iter().any(|w| {
                    self.word_is(w, "including")
                        || self.word_is(w, "among")
                        || self.word_is(w, "whom")
                })
    }

    fn casualty_of(&self, word: WordId) -> Option<Casualty> {
        let lemma = &self.doc.word(word).lemma;
        let surface = self.doc.surface(word).to_lowercase();
        let says = |w: &str| self.scanner.says(Around::Casualty, w);
        says(lemma).or_else(|| says(&surface))?.parse().ok()
    }

    fn is_casualty_word(&self, word: WordId) -> bool {
        self.casualty_of(word).is_some()
            || self.scanner.says(Around::Toll, &self.doc.word(word).lemma).is_some()
    }

    /// "12 wounded" with no noun after it: they are counted by what befell them.
    fn befell(&self, word: WordId) -> bool {
        let inside = |w: WordId| w < self.sentence.words.end;
        inside(word)
            && self.casualty_of(word).is_some()
            && self.doc.word(word).upos != Upos::Noun
            && !(inside(word + 1)
                && matches!(self.doc.word(word + 1).upos, Upos::Noun | Upos::Propn | Upos::Adj))
    }

    /// What befell those who are counted: by the noun itself ("12 deaths"), by what is said of them
    /// ("12 people killed", "12 wounded"), or by the verb whose object or sufferer they are.
    fn casualty(&self, words: Range<u32>, head: Option<WordId>) -> Option<Casualty> {
        let top = self.top(words.clone(), head)?;
        if let Some(befell) = self.casualty_of(top) {
            return Some(befell);
        }
        if head.is_none() && self.befell(words.end) {
            return self.casualty_of(words.end);
        }
        let of_it = [Deprel::Acl, Deprel::Amod, Deprel::AclRelcl];
        if let Some(befell) = self.doc.dependents_by(top, &of_it).find_map(|d| self.casualty_of(d))
        {
            return Some(befell);
        }
        // Coordinated numbers share what befell them.
        let mut word = top;
        for _ in 0..3 {
            let here = self.doc.word(word);
            let governor = here.head?;
            match here.deprel {
                Deprel::Conj => word = governor,
                Deprel::Obj | Deprel::NsubjPass | Deprel::Nsubj | Deprel::Obl => {
                    // "killed at least 12 soldiers" may be parsed as if "at" governed a noun.
                    let case = self.doc.dependents_by(word, &[Deprel::Case]).next();
                    if here.deprel == Deprel::Obl && case.is_some() {
                        return self.toll(governor);
                    }
                    let said = self.doc.dependents_by(governor, &[Deprel::Xcomp]);
                    if let Some(befell) = said.into_iter().find_map(|d| self.casualty_of(d)) {
                        return Some(befell);
                    }
                    let befell = self.casualty_of(governor)?;
                    let passive = here.deprel != Deprel::Nsubj
                        || matches!(
                            self.doc.word(governor).lemma.as_str(),
                            "die" | "perish" | "disappear" | "vanish"
                        )
                        || self.word_is(governor, "missing")
                        || self.doc.word(governor).upos == Upos::Adj;
                    return passive.then_some(befell);
                }
                _ => return None,
            }
        }
        None
    }

    /// "the death toll rose to 50".
    fn toll(&self, verb: WordId) -> Option<Casualty> {
        let subject = self.doc.dependents_by(verb, &[Deprel::Nsubj]).next()?;
        self.scanner.says(Around::Toll, &self.doc.word(subject).lemma)?;
        Some(Casualty::Killed)
    }

    /// A number between commas after a name, or after "aged".
    fn age(&self, amount: &Amount) -> Option<&'static str> {
        let value = amount.value.filter(|v| v.fract() == 0.0 && (1.0..=110.0).contains(v))?;
        let before = amount.start.checked_sub(1).map(|i| &self.pieces[i])?;
        if before.is("aged") || before.is("age") {
            return Some("figure:age");
        }
        let named = amount.start >= 2 && self.pieces[amount.start - 2].kind == Kind::Word;
        let closed = self.pieces.get(amount.end).is_some_and(|p| p.is(",") || p.is(")"));
        (before.is(",") && named && closed && value >= 16.0).then_some("figure:age")
    }

    /// "one" stands for a noun more often than it counts one.
    fn is_pronoun(&self, words: Range<u32>) -> bool {
        words.len() == 1
            && self.word_is(words.start, "one")
            && self.doc.word(words.start).deprel != Deprel::Nummod
    }

    fn is_argument(&self, amount: &Amount, words: Range<u32>) -> bool {
        words.clone().any(|w| {
            let word = self.doc.word(w);
            (word.upos == Upos::Num || amount.rule == "figure:vague")
                && words.end - words.start >= 1
                && matches!(word.deprel, Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass)
                && !matches!(self.doc.surface(w), "one" | "One")
        })
    }

    /// Which way the word says that something moved.
    fn moves(&self, word: WordId) -> Option<Change> {
        let pos = match self.doc.word(word).upos {
            Upos::Verb => TiePos::Verb,
            Upos::Noun => TiePos::Noun,
            _ => return None,
        };
        match self.lexicons.ties.trend(pos, &self.doc.word(word).lemma) {
            Some(Trend::Rising) => return Some(Change::Rise),
            Some(Trend::Falling) => return Some(Change::Fall),
            _ => {}
        }
        let surface = self.doc.surface(word).to_lowercase();
        if self.scanner.says(Around::Rose, &surface).is_some() {
            return Some(Change::Rise);
        }
        self.scanner.says(Around::Fell, &surface).map(|_| Change::Fall)
    }

    /// How what is counted moved: the number is by how much, or from or to where.
    fn change(&self, amount: &Amount, words: Range<u32>, head: Option<WordId>) -> Option<Change> {
        let near = |class| {
            let mut start = amount.start;
            for around in [Around::Low, Around::High, Around::Approx] {
                start = self.scanner.before(around, start).unwrap_or(start);
            }
            let prepositioned = start > 0
                && matches!(&*self.pieces[start - 1].lower, "from" | "by" | "to" | "some");
            start -= usize::from(prepositioned);
            (prepositioned || amount.unit.as_deref() == Some("percent"))
                && start > 0
                && self.scanner.before(class, start).is_some()
        };
        if near(Around::Up) && !near(Around::High) {
            return Some(Change::Rise);
        }
        if near(Around::Down) {
            return Some(Change::Fall);
        }
        let measured = matches!(amount.rule, "figure:percent" | "figure:money" | "figure:share");
        let mut word = self.top(words, head.filter(|_| amount.unit.is_none()))?;
        for _ in 0..3 {
            let here = self.doc.word(word);
            let governor = here.head?;
            let case = self.doc.dependents_by(word, &[Deprel::Case]).next();
            let moved = case.is_some_and(|c| {
                matches!(self.doc.word(c).lemma.as_str(), "by" | "to" | "from" | "of")
            });
            if moved || measured {
                let change = self.moves(governor);
                if change.is_some() {
                    return change;
                }
            }
            if matches!(here.deprel, Deprel::Nsubj | Deprel::AclRelcl | Deprel::Advcl) {
                return None;
            }
            word = governor;
        }
        None
    }
}

/// The first piece that is the number itself, past the sign of a currency.
fn first_number(amount: &Amount, pieces: &[Piece]) -> usize {
    (amount.start..amount.end)
        .find(|i| matches!(pieces[*i].kind, Kind::Number(_)))
        .unwrap_or(amount.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{cases, time};

    fn shown(figure: &Figure) -> String {
        let number = |n: f64| {
            let short = format!("{n:.4}");
            short.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        let mut shown = figure.value.map_or(String::new(), number);
        match (figure.low, figure.high) {
            (Some(low), Some(high)) => shown += &format!("{}..{}", number(low), number(high)),
            (Some(low), None) => shown += &format!(" at least {}", number(low)),
            (None, Some(high)) => shown += &format!(" at most {}", number(high)),
            (None, None) => {}
        }
        if let Some(of) = figure.of {
            shown += &format!(" of {}", number(of));
        }
        for (name, what) in [("unit", &figure.unit), ("counted", &figure.counted)] {
            if let Some(what) = what {
                shown += &format!(", {name} {what}");
            }
        }
        if figure.approximate {
            shown += ", about";
        }
        match figure.change {
            Some(Change::Rise) => shown += ", rise",
            Some(Change::Fall) => shown += ", fall",
            None => {}
        }
        shown.trim().to_owned()
    }

    #[test]
    fn cases_are_read_as_written() {
        let lexicons = Lexicons::builtin().unwrap();
        let model = crate::syntax::Model::builtin();
        let cases = cases::parse(include_str!("../../../../../lexicons/figures.cases.txt"));
        assert!(cases.len() > 15);
        let mut wrong = Vec::new();
        for case in &cases {
            let report = case.report();
            let doc = cases::tagged(&model, &report);
            let times = time::find(&doc, &lexicons);
            let figures = find(&doc, &lexicons, &times);
            let words: Vec<_> = figures.iter().map(|f| f.span.of(&report.text)).collect();
            let read: Vec<_> = figures.iter().map(shown).collect();
            if words != case.marked || read != case.lines {
                wrong.push(format!(
                    "line {}: {}\n  wanted {:?} {:?}\n  read   {words:?} {read:?}",
                    case.line, report.text, case.marked, case.lines
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn any_text_is_read_without_tags() {
        let lexicons = Lexicons::builtin().unwrap();
        for text in ["5", "$", "54 of", "half a", "1-", "a dozen", "10 to", "№ 5 – 6%"] {
            let report = crate::report::Report { text: text.to_owned(), ..Default::default() };
            let doc = cases::untagged(&report);
            find(&doc, &lexicons, &[]);
        }
    }
}
