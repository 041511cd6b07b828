//! Facts that go against the rest of their report: the one country of which the same taking of land
//! is told, the day that had not come, the other number of the same dead. What is told so keeps its
//! place in the record, with less confidence and the reason.

use super::event::tree;
use super::{Coding, Event, Finding};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, Figure, FigureId, Mentions, TimeKind};
use dyad_record::{Status, TimeBasis};

/// Acts that befall a country as a whole or a part of it for good. Others are done to many in turn,
/// so that another victim contradicts nothing.
const TAKING: [&str; 12] = [
    "invade",
    "invasion",
    "annex",
    "annexation",
    "occupy",
    "occupation",
    "conquer",
    "conquest",
    "partition",
    "reunification",
    "secession",
    "colonisation",
];
/// Words by which a sentence says that it tells of something else beside.
const BESIDE: [&str; 34] = [
    "also",
    "too",
    "another",
    "other",
    "second",
    "third",
    "separate",
    "separately",
    "earlier",
    "previous",
    "previously",
    "former",
    "formerly",
    "past",
    "last",
    "next",
    "new",
    "later",
    "then",
    "like",
    "unlike",
    "similar",
    "similarly",
    "both",
    "compare",
    "comparison",
    "recall",
    "echo",
    "parallel",
    "history",
    "historic",
    "decade",
    "century",
    "neither",
];
/// Words by which a number counts others than the one before.
const MORE: [&str; 22] = [
    "more",
    "additional",
    "further",
    "among",
    "include",
    "including",
    "rise",
    "climb",
    "revise",
    "toll",
    "initial",
    "initially",
    "total",
    "least",
    "early",
    "nearly",
    "almost",
    "child",
    "woman",
    "civilian",
    "soldier",
    "dead",
];
/// How often the rest of the report must tell it otherwise.
const OFTEN: usize = 2;
/// By how much the odds of a contradicted fact are lowered: a considered guess, as too few are met to
/// measure it.
const LESS: f32 = 0.15;

/// Looks for them among the events and figures and lowers the confidence of what they stand in.
pub fn weigh(doc: &Doc<'_>, mentions: &Mentions, coding: &mut Coding) {
    let look = Look { doc, mentions, events: &coding.events };
    let mut found: Vec<(usize, String)> = Vec::new();
    for i in 0..coding.events.len() {
        found.extend(look.other_side(i).map(|why| (i, why)));
        found.extend(look.to_come(i).map(|why| (i, why)));
    }
    let figures = look.other_numbers(coding);
    for (figure, why) in &figures {
        let about = coding.figure_about.iter().find(|(id, _)| id == figure);
        if let Some((_, Finding::Event(event))) = about {
            found.push((*event as usize, why.clone()));
        }
    }
    for (i, why) in found {
        let event = &mut coding.events[i];
        if event.against.is_empty() {
            let odds = event.confidence / (1.0 - event.confidence).max(1e-6) * LESS;
            event.confidence = odds / (1.0 + odds);
        }
        if !event.against.contains(&why) {
            event.against.push(why);
        }
    }
    let mended: Vec<(usize, String)> = (0..coding.events.len())
        .filter_map(|i| Some((i, look_again(doc, mentions, &coding.events[i])?)))
        .collect();
    for (i, why) in mended {
        coding.events[i].against.push(why);
    }
    coding.figure_against = figures;
}

/// What an event said of whom it befalls before a side from elsewhere took that one's place; its confidence was
/// lowered for it when it was settled.
fn look_again(doc: &Doc<'_>, mentions: &Mentions, event: &Event) -> Option<String> {
    let recipient = event.recipients.first().filter(|_| event.basis.is_some_and(|b| b.mended))?;
    let name = &mentions.actors[recipient.0 as usize].name;
    Some(match event.recipient_phrases.first() {
        Some(phrase) => format!(
            "its own words, which are damaged, name {}; the rest of the report names {name}",
            phrase.of(&doc.report.text)
        ),
        None => format!(
            "its own words are damaged; that it befalls {name} is from the rest of the report"
        ),
    })
}

/// The countries of who does an act and of whom it befalls.
type Pair<'a> = (Option<&'a str>, Option<&'a str>);

/// The one country that is told often enough, and alone.
fn agreed<'a>(mut told: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = told.next()?;
    let mut often = 1;
    for other in told {
        if other != first {
            return None;
        }
        often += 1;
    }
    (often >= OFTEN).then_some(first)
}

struct Look<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    events: &'a [Event],
}

impl Look<'_> {
    fn country(&self, sides: &[ActorId]) -> Option<&str> {
        let mut countries =
            sides.iter().map(|id| self.mentions.actors[id.0 as usize].country.as_deref());
        let first = countries.next()??;
        countries.all(|c| c == Some(first)).then_some(first)
    }

    /// Who does it to whom, by countries. What is done "of" a country is done to it, whoever the rules
    /// take for its doer.
    fn sides(&self, event: &Event) -> Pair<'_> {
        let of = || {
            let mut under = self.doc.dependents_by(event.trigger_word, &[Deprel::Nmod]);
            let word = under.find(|w| tree::is_under(self.doc, *w, &["of"]))?;
            self.country(&[self.mentions.headed_by(word)?.actor])
        };
        let on = self.country(&event.recipients).or_else(of);
        (self.country(&event.actors).filter(|by| Some(*by) != on), on)
    }

    fn real(event: &Event) -> bool {
        matches!(event.status, Status::Happened | Status::Ongoing) && !event.mutual
    }

    fn sentence(&self, event: &Event) -> u32 {
        self.doc.word(event.trigger_word).sentence
    }

    fn lemmas(&self, sentence: u32) -> impl Iterator<Item = &str> {
        let words = self.doc.sentences[sentence as usize].words.clone();
        words.map(|w| tree::lemma(self.doc, w))
    }

    /// The words that tell the act suppose that it is known: "the invasion", "its invasion".
    fn supposed(&self, word: WordId) -> bool {
        let doc = self.doc;
        doc.word(word).upos == Upos::Noun
            && doc.dependents_by(word, &[Deprel::Amod, Deprel::Nummod]).next().is_none()
            && doc.dependents_by(word, &[Deprel::Det, Deprel::NmodPoss]).any(|d| {
                doc.word(d).deprel == Deprel::NmodPoss
                    || matches!(doc.surface(d), "the" | "The" | "this")
            })
    }

    /// Whether its sentence names a year or a day that is none of the other acts'.
    fn dated(&self, event: &Event) -> bool {
        let span = self.doc.sentences[self.sentence(event) as usize].span;
        let named = |t: &crate::mention::Time| {
            span.contains(t.span) && matches!(t.kind, TimeKind::Date) && t.from.is_some()
        };
        self.mentions.times.iter().any(named)
    }

    /// The act is told of one country here and of another everywhere else.
    fn other_side(&self, i: usize) -> Option<String> {
        let event = &self.events[i];
        let own = tree::lemma(self.doc, event.trigger_word);
        let word = event.trigger_word;
        if !Self::real(event) || !TAKING.contains(&own) || !self.supposed(word) || self.dated(event)
        {
            return None;
        }
        let sentence = self.sentence(event);
        if self.lemmas(sentence).any(|l| BESIDE.contains(&l)) {
            return None;
        }
        let (by, on) = self.sides(event);
        let on = on?;
        let same = |e: &&Event| {
            let lemma = tree::lemma(self.doc, e.trigger_word);
            TAKING.contains(&lemma) && lemma[..3] == own[..3]
        };
        let others = || self.events.iter().filter(|e| self.sentence(e) != sentence).filter(same);
        let sides = |e: &Event| self.sides(e);
        // Told with these sides anywhere else, in whatever light, it is a fact of the report.
        if others()
            .any(|e| sides(e).1 == Some(on) && sides(e).0.is_none_or(|a| by.is_none_or(|b| a == b)))
        {
            return None;
        }
        let known: Vec<Pair> = others().filter(|e| Self::real(e)).map(sides).collect();
        let name = |code: &str| self.name(code);
        let same_doer = |by: Option<&str>, pair: &&Pair| {
            by.is_none_or(|by| pair.0.is_none_or(|other| other == by))
        };
        let usual = agreed(known.iter().filter(|p| same_doer(by, p)).filter_map(|p| p.1));
        if let Some(usual) = usual.filter(|u| *u != on && !self.struck_elsewhere(i, on)) {
            let (here, there) = (name(on), name(usual));
            return Some(format!("{own} of {here} here, of {there} in the rest of the report"));
        }
        let by = by?;
        let usual = agreed(known.iter().filter(|p| p.1 == Some(on)).filter_map(|p| p.0));
        let usual = usual.filter(|u| *u != by)?;
        let (here, there) = (name(by), name(usual));
        Some(format!("{own} by {here} here, by {there} in the rest of the report"))
    }

    /// Whether another act of force is told of that country: it may have been invaded too.
    fn struck_elsewhere(&self, i: usize, country: &str) -> bool {
        use dyad_record::Quad::MaterialConflict;
        self.events.iter().enumerate().any(|(j, e)| {
            j != i && e.quad == MaterialConflict && self.country(&e.recipients) == Some(country)
        })
    }

    fn name(&self, code: &str) -> String {
        let state = self.mentions.actors.iter().find(|a| a.code == code);
        state.map_or_else(|| code.to_owned(), |a| a.name.clone())
    }

    /// What the words tell as done on a day after the report's.
    fn to_come(&self, i: usize) -> Option<String> {
        let event = &self.events[i];
        let published = self.doc.report.published?;
        let time = event.time.as_ref().filter(|t| t.basis == TimeBasis::Stated)?;
        let told = &self.mentions.times[time.time?.0 as usize];
        // A day by its number says itself which it is; others are reckoned from the report's date.
        let plain = told.granularity == "day"
            && told.span.of(&self.doc.report.text).chars().any(|c| c.is_ascii_digit());
        let past = self.doc.word(event.trigger_word).xpos == crate::doc::Xpos::Vbd;
        let from = time.from?;
        // The date line of a morning's paper may be the evening's before.
        let after = published.tomorrow().is_ok_and(|next| from > next);
        (plain && past && after && event.status == Status::Happened)
            .then(|| format!("told as done on {from}, after the report's date ({published})"))
    }

    /// Numbers of the same dead or wounded that differ, with nobody to say which is whose.
    fn other_numbers(&self, coding: &Coding) -> Vec<(FigureId, String)> {
        let numbers: Vec<(FigureId, &Figure, &Event)> = (coding.figure_about.iter())
            .filter_map(|(id, about)| {
                let Finding::Event(event) = about else { return None };
                let (figure, event) =
                    (&self.mentions.figures[id.0 as usize], &coding.events[*event as usize]);
                let said = coding.figure_statement.iter().any(|(f, _)| f == id);
                (!said && self.plain(figure) && Self::real(event)).then_some((*id, figure, event))
            })
            .collect();
        let mut found: Vec<(FigureId, String)> = Vec::new();
        for (n, (id, figure, event)) in numbers.iter().enumerate() {
            let same = |(_, other, act): &&(FigureId, &Figure, &Event)| {
                other.casualty == figure.casualty
                    && other.counted == figure.counted
                    && self.sentence(act) != self.sentence(event)
                    && self.one_happening(act, event)
            };
            let differing =
                |(_, other, _): &&(FigureId, &Figure, &Event)| other.value != figure.value;
            let agreeing = numbers.iter().filter(same).filter(|f| !differing(f)).count();
            let mut others = numbers.iter().enumerate().filter(|(_, f)| same(f) && differing(f));
            let all: Vec<_> = others.by_ref().collect();
            // The odd one out is the one that nothing bears out; of two, the later.
            let Some((first, (_, other, _))) = all.first() else { continue };
            let borne = all.len() > agreeing + 1 || all.len() == agreeing + 1 && *first < n;
            if borne {
                let text = |f: &Figure| f.span.of(&self.doc.report.text).to_owned();
                found.push((
                    *id,
                    format!(
                        "{} here, {} elsewhere in the report, and nobody is named for either",
                        text(figure),
                        text(other)
                    ),
                ));
            }
        }
        found
    }

    /// A plain count of the dead or wounded in a sentence that tells of no others.
    fn plain(&self, figure: &Figure) -> bool {
        let Some(word) = self.doc.words.get(figure.words.start as usize) else { return false };
        figure.casualty.is_some()
            && figure.value.is_some()
            && figure.counted.is_some()
            && !figure.approximate
            && figure.low.is_none()
            && figure.high.is_none()
            && figure.of.is_none()
            && figure.change.is_none()
            && !self.lemmas(word.sentence).any(|l| BESIDE.contains(&l) || MORE.contains(&l))
    }

    /// Two tellings of one happening: the same act on the same stated day in the same town.
    fn one_happening(&self, a: &Event, b: &Event) -> bool {
        let day = |e: &Event| {
            let time = e.time.as_ref().filter(|t| t.basis == TimeBasis::Stated)?;
            (time.from.is_some() && time.from == time.to).then_some(time.from)
        };
        let towns = |e: &Event| {
            let span = self.doc.sentences[self.sentence(e) as usize].span;
            let named = self.mentions.place_mentions.iter().filter(|m| span.contains(m.span));
            let mut places: Vec<u32> = named.map(|m| m.place.0).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        a.kind == b.kind
            && day(a).is_some()
            && day(a) == day(b)
            && !towns(a).is_empty()
            && towns(a) == towns(b)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Given, Reader};
    use dyad_record::Record;
    use std::sync::LazyLock;

    static READER: LazyLock<Reader> = LazyLock::new(|| Reader::builtin().unwrap());

    fn given() -> Given {
        Given { published: Some(jiff::civil::date(2022, 12, 30)), ..Given::default() }
    }

    fn read(text: &str) -> Record {
        READER.worker().read(text.as_bytes(), &given()).unwrap()
    }

    const BEFORE: &str = "Russia's invasion of Ukraine has driven millions of people from their \
        homes.\n\nGrain has been dear since the invasion of Ukraine began.\n\n";

    fn last(text: &str) -> (f32, Vec<String>) {
        let record = read(text);
        let event = record.events.last().expect("an event is told");
        (event.confidence, event.against.clone())
    }

    #[test]
    fn what_the_rest_contradicts_is_believed_less_and_says_why() {
        let told =
            |whose: &str| format!("{BEFORE}Traders left after Russia's invasion of {whose}.");
        let (sure, none) = last(&told("Ukraine"));
        let (unsure, why) = last(&told("China"));
        assert_eq!(none, Vec::<String>::new());
        assert_eq!(why, ["invasion of China here, of Ukraine in the rest of the report"]);
        assert!(unsure < sure / 2.0, "{unsure} {sure}");
        let explained = READER.worker().explain(told("China").as_bytes(), &given()).unwrap();
        let because =
            explained.iter().flat_map(|e| &e.because).filter(|b| b.contains("of China here"));
        assert_eq!(because.count(), 1);
    }

    #[test]
    fn what_is_told_beside_it_is_no_contradiction() {
        for rest in [
            "Traders left after Russia's invasion of Georgia in 2008.",
            "Like Russia's invasion of Georgia, it split the council.",
            "They fear Russia's new invasion of Moldova.",
            "Traders spoke of Russia's invasion of Georgia. Georgia never forgot the invasion of Georgia.",
            "Russia bombed Georgia. Traders left after Russia's invasion of Georgia.",
        ] {
            let record = read(&format!("{BEFORE}{rest}"));
            assert!(record.events.iter().all(|e| e.against.is_empty()), "{rest}");
        }
    }

    #[test]
    fn a_side_that_damage_put_there_is_named() {
        let text =
            format!("{BEFORE}Traders left after Russia's invasion of China. ‘Ukraine. They wept.");
        let why = read(&text).events.into_iter().flat_map(|e| e.against).collect::<Vec<_>>();
        let named = |w: &String| w.contains("damaged, name China") && w.ends_with("names Ukraine");
        assert!(why.iter().any(named), "{why:?}");
    }

    #[test]
    fn a_lone_telling_is_not_outvoted_by_one() {
        let text = "Russia's invasion of Ukraine cost much. Traders left after Russia's invasion of China.";
        assert!(read(text).events.iter().all(|e| e.against.is_empty()));
    }

    #[test]
    fn numbers_of_the_same_dead_are_held_against_each_other() {
        let told = |second: &str| {
            let text = format!("A bomb killed 12 people in Kisumu on Thursday.\n\n{second}");
            let against = read(&text).figures.into_iter().map(|f| f.against.len());
            against.collect::<Vec<_>>()
        };
        assert_eq!(told("The bomb killed 21 people in Kisumu on Thursday."), [0, 1]);
        assert_eq!(told("The bomb killed 12 people in Kisumu on Thursday."), [0, 0]);
        assert_eq!(told("The bomb killed 21 people in Nakuru on Thursday."), [0, 0]);
        assert_eq!(told("The bomb killed 21 people in Kisumu on Friday."), [0, 0]);
        assert_eq!(told("Another bomb killed 21 people in Kisumu on Thursday."), [0, 0]);
    }
}
