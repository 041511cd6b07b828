//! What is seen of a name beside an act, as features.

use super::{ActPlaces, BUCKETS, Candidate};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::PlaceMention;
use crate::mention::linear::Seen;

/// An act with the names around it.
pub(super) struct Scene<'s, 'a> {
    pub of: &'s ActPlaces<'a>,
    pub trigger: WordId,
    /// The words above the act in the tree.
    pub above: Vec<WordId>,
    pub sure: &'a [PlaceMention],
    pub possible: &'a [PlaceMention],
}

impl<'a> Scene<'_, 'a> {
    pub fn seen(&self, mention: &'a PlaceMention, is_sure: bool) -> Candidate<'a> {
        let doc = self.of.doc;
        let mut seen = Seen::new(BUCKETS);
        let kind = if is_sure { self.kind(mention) } else { "-" };
        let marked = self.marked(mention);
        let (top, chain) = climb(doc, mention.head);
        let word = doc.word(top);
        let dep = word.deprel.as_str();
        let case = case_of(doc, mention.head).or_else(|| case_of(doc, top));
        let case = case.as_deref().unwrap_or("-");
        self.kinds(mention, kind, &marked, &mut seen);

        let own = doc.word(mention.head);
        let own_case = case_of(doc, mention.head);
        let over = word.head.map(|h| doc.word(h));
        let over_lemma = over.map_or("-".to_owned(), |w| w.lemma.to_lowercase());
        let over_tag = over.map_or("-", |w| w.upos.as_str());
        seen.add(&["case", own_case.as_deref().unwrap_or("-")]);
        seen.add(&["case2", case]);
        seen.add(&["dep", own.deprel.as_str()]);
        seen.add(&["chain", &chain, dep]);
        seen.add(&["case dep", case, dep]);
        seen.add(&["over", &over_lemma, case]);
        seen.add(&["over tag", over_tag, case, dep]);
        seen.add(&["kind case", kind, &marked, case, dep]);
        let length = self.path(top, case, &mut seen);
        seen.add(&["length kind", length, kind, &marked]);
        self.order(mention, case, &mut seen);
        self.around(mention, kind, &marked, case, dep, &mut seen);
        self.clause(mention, own_case.as_deref().unwrap_or("-"), &mut seen);
        self.near(mention, own_case.as_deref().unwrap_or("-"), &mut seen);
        self.others(mention, kind, case, top, &mut seen);

        let actor = self.of.mentions.headed_by(mention.head);
        let actor = actor.map_or("-", |m| self.of.mentions.actor(m.actor).kind.as_str());
        seen.add(&["actor", actor, dep, case]);
        seen.add(&["actor kind", actor, kind, &marked]);
        let trigger = doc.word(self.trigger);
        let lemma = trigger.lemma.to_lowercase();
        seen.add(&["act", &lemma, case]);
        seen.add(&["act tag", trigger.upos.as_str(), trigger.deprel.as_str()]);
        seen.add(&["act length", &lemma, length]);
        seen.add(&["act dep", &lemma, dep, case]);
        let side = if mention.head < self.trigger { "before" } else { "after" };
        seen.add(&["act below", trigger.deprel.as_str(), dep, case, side]);
        let titled = matches!(word.deprel, Deprel::Nmod | Deprel::Appos) || !chain.is_empty();
        seen.add(&["title", if titled { &over_lemma } else { "-" }]);
        if !chain.is_empty() {
            let beside = own.head.map_or("-", |h| doc.word(h).lemma.as_str()).to_lowercase();
            seen.add(&["beside", &beside, own.deprel.as_str()]);
        }
        let the = doc.dependents_by(mention.head, &[Deprel::Det]).next().is_some();
        seen.add(&["the", if the { "the" } else { "-" }, kind, case]);
        Candidate { mention, features: seen.done(), row: row(doc, mention.head) }
    }

    /// A state, another place that the gazetteer has, or one that it lacks.
    fn kind(&self, mention: &PlaceMention) -> &'static str {
        let place = &self.of.mentions.places[mention.place.0 as usize];
        match (&place.country, &place.admin1, place.lat) {
            (Some(_), None, _) => "state",
            (_, _, Some(_)) => "place",
            _ => "unknown",
        }
    }

    /// What the entity head says of the name: its kind, or what it lies in.
    fn marked(&self, mention: &PlaceMention) -> String {
        let Some(i) = self.of.entity_of[mention.head as usize] else { return "-".to_owned() };
        let entity = &self.of.doc.entities[i as usize];
        if entity.words == mention.words {
            entity.kind.as_str().to_owned()
        } else {
            format!("in {}", entity.kind.as_str())
        }
    }

    fn kinds(&self, mention: &PlaceMention, kind: &str, marked: &str, seen: &mut Seen) {
        let over = self.sure.iter().find(|m| {
            m.words != mention.words
                && m.words.start < mention.words.end
                && mention.words.start < m.words.end
        });
        let over = match over {
            Some(m) if mention.span.contains(m.span) => "holds",
            Some(_) => "held",
            None => "-",
        };
        let all = || self.sure.iter().chain(self.possible).filter(|m| m.words != mention.words);
        let held = all().any(|m| m.span.contains(mention.span));
        let holds = all().any(|m| mention.span.contains(m.span));
        let nest = match (held, holds) {
            (true, true) => "both",
            (true, false) => "held",
            (false, true) => "holds",
            (false, false) => "-",
        };
        let times = &self.of.mentions.times;
        let from = times.partition_point(|t| t.span.end <= mention.span.start);
        let timed = times.get(from).is_some_and(|t| t.span.touches(mention.span));
        let timed = if timed { "time" } else { "-" };
        seen.add(&["span", kind, marked, over, timed]);
        seen.add(&["kind", kind]);
        seen.add(&["marked", marked]);
        seen.add(&["over sure", over]);
        seen.add(&["time", timed]);
        seen.add(&["nest", nest, kind, marked, over]);
    }

    /// The way through the tree from the name to the act.
    fn path(&self, top: WordId, case: &str, seen: &mut Seen) -> &'static str {
        let doc = self.of.doc;
        let up = self.of.above(top);
        let meet = up.iter().enumerate().find_map(|(i, w)| {
            let down = self.above.iter().position(|a| a == w)?;
            Some((i, down))
        });
        let Some((ups, downs)) = meet else {
            seen.add(&["length", "none", case]);
            return "none";
        };
        let relations = |words: &[WordId]| {
            let names: Vec<&str> = words.iter().map(|w| doc.word(*w).deprel.as_str()).collect();
            names.join("^")
        };
        let (up_path, down_path) = (relations(&up[..ups]), relations(&self.above[..downs]));
        let verbs = |words: &[WordId]| {
            let n = words.iter().filter(|w| doc.word(**w).upos == Upos::Verb).count();
            bucket(n.min(3))
        };
        seen.add(&[
            "verbs",
            verbs(&up[1.min(ups)..ups]),
            verbs(&self.above[1.min(downs)..downs]),
            case,
        ]);
        seen.add(&["steps", bucket(ups), bucket(downs)]);
        seen.add(&["up", &up_path, case]);
        seen.add(&["down", &down_path]);
        let length = bucket(ups + downs);
        if ups + downs <= 5 {
            seen.add(&["path", &up_path, &down_path]);
            seen.add(&["path case", &up_path, &down_path, case]);
        }
        seen.add(&["length", length, case]);
        length
    }

    /// The part of the act's clause, or of a clause above it, that the name stands in: "in clashes near X".
    fn clause(&self, mention: &PlaceMention, case: &str, seen: &mut Seen) {
        let doc = self.of.doc;
        let lemma = |w: WordId| doc.word(w).lemma.to_lowercase();
        let case_of = |w: WordId| case_of(doc, w).unwrap_or_else(|| "-".to_owned());
        let up: Vec<WordId> =
            std::iter::once(mention.head).chain(self.of.above(mention.head)).collect();
        let over: Vec<WordId> =
            std::iter::once(self.trigger).chain(self.above.iter().copied()).collect();
        let meet = up.iter().enumerate().find_map(|(i, w)| {
            let high = over.iter().position(|a| a == w)?;
            Some((i, high, *w))
        });
        let (ups, high) = meet.map_or((up.len(), over.len()), |(i, high, _)| (i, high));
        let path = &up[..ups];
        if let Some((_, _, meet)) = meet {
            let part = path.last().copied().unwrap_or(mention.head);
            let dep = doc.word(part).deprel.as_str();
            let part_case = case_of(part);
            let act = lemma(self.trigger);
            seen.add(&["part", dep, &part_case, &lemma(part), bucket(high)]);
            seen.add(&["part deep", dep, &part_case, bucket(high), bucket(path.len())]);
            seen.add(&["part act", dep, &part_case, &act]);
            seen.add(&["meet", &lemma(meet), doc.word(meet).upos.as_str(), dep, case]);
        }
        let own = if high == 0 { "own" } else { "other" };
        for w in path.iter().skip(1) {
            seen.add(&["via", &lemma(*w), case, own]);
            seen.add(&["via case", &lemma(*w), &case_of(*w)]);
        }
        for w in over.iter().take(high + 1).skip(1) {
            seen.add(&["over act", &lemma(*w), case]);
        }
    }

    /// Whether it is the last name before the act or the first behind it.
    fn near(&self, mention: &PlaceMention, case: &str, seen: &mut Seen) {
        let doc = self.of.doc;
        let starts = || self.sure.iter().chain(self.possible).map(|m| m.words.start);
        let before = starts().filter(|w| *w < self.trigger).count();
        let after = starts().filter(|w| *w > self.trigger).count();
        let last = starts().filter(|w| *w < self.trigger).max();
        let first = starts().filter(|w| *w > self.trigger).min();
        let near = match Some(mention.words.start) {
            at if at == last => "last before",
            at if at == first => "first after",
            _ => "-",
        };
        let dep = doc.word(mention.head).deprel.as_str();
        let act = doc.word(self.trigger).lemma.to_lowercase();
        seen.add(&["near", near, case]);
        seen.add(&["near of", near, dep, bucket(before), bucket(after)]);
        seen.add(&["near act", near, &act]);
    }

    /// Where in the sentence it stands from the act, and what lies between.
    fn order(&self, mention: &PlaceMention, case: &str, seen: &mut Seen) {
        let doc = self.of.doc;
        let (side, between) = if mention.head < self.trigger {
            ("before", mention.words.end..self.trigger.max(mention.words.end))
        } else {
            ("after", self.trigger + 1..mention.words.start.max(self.trigger + 1))
        };
        let verbs = between.clone().filter(|w| doc.word(*w).upos == Upos::Verb).count();
        let verbs = bucket(verbs.min(3));
        let places = self.sure.iter().filter(|m| between.contains(&m.words.start)).count();
        let marks = between.clone().filter(|w| doc.word(*w).upos == Upos::Punct).count();
        seen.add(&["side", side, case]);
        seen.add(&["distance", side, bucket(between.len())]);
        seen.add(&["between", side, verbs, bucket(places.min(3))]);
        seen.add(&["verbs between", side, verbs, case]);
        seen.add(&["marks", side, bucket(marks.min(3))]);
    }

    /// The words of the name and those beside it.
    fn around(
        &self,
        mention: &PlaceMention,
        kind: &str,
        marked: &str,
        case: &str,
        dep: &str,
        seen: &mut Seen,
    ) {
        let doc = self.of.doc;
        let sentence = &doc.sentences[doc.word(self.trigger).sentence as usize].words;
        let lower = |at: i64| match u32::try_from(at) {
            Ok(w) if sentence.contains(&w) => doc.surface(w).to_lowercase(),
            _ => "|".to_owned(),
        };
        let (start, end) = (i64::from(mention.words.start), i64::from(mention.words.end));
        let before = [lower(start - 1), lower(start - 2), lower(start - 3)];
        let after = [lower(end), lower(end + 1), lower(end + 2)];
        for (i, at) in ["1", "2", "3"].into_iter().enumerate() {
            seen.add(&["before", at, &before[i]]);
            seen.add(&["after", at, &after[i]]);
        }
        seen.add(&["before both", &before[1], &before[0]]);
        seen.add(&["around", &before[0], &after[0]]);
        let act = doc.word(self.trigger).lemma.to_lowercase();
        seen.add(&["before three", &before[2], &before[1], &before[0]]);
        seen.add(&["before act", &before[0], &act]);
        seen.add(&["around three", &before[1], &before[0], &after[0]]);
        seen.add(&["after both", &after[0], &after[1]]);
        let letters = mention.span.of(&doc.report.text).chars().take(14);
        let shape: String = letters
            .map(|c| match c {
                c if c.is_uppercase() => 'X',
                c if c.is_lowercase() => 'x',
                c => c,
            })
            .collect();
        seen.add(&["shape", &shape]);
        seen.add(&["before kind", &before[0], kind, marked]);
        let last = doc.word(mention.words.end - 1);
        let last_lemma = last.lemma.to_lowercase();
        seen.add(&["first", &doc.surface(mention.words.start).to_lowercase()]);
        seen.add(&["last", &last_lemma]);
        seen.add(&["last kind", &last_lemma, kind]);
        seen.add(&["long", bucket(mention.words.len().min(4)), marked]);
        seen.add(&["tags", doc.word(mention.words.start).upos.as_str(), last.upos.as_str()]);
        let place = |at: i64| {
            let at = at as u32;
            self.sure.iter().any(|m| m.words.contains(&at))
        };
        if after[0] == "," && place(end + 1) {
            seen.add(&["inner", case]);
        }
        if before[0] == "," && start > 1 && place(start - 2) {
            seen.add(&["outer", case]);
        }
        if matches!(after[0].as_str(), "'s" | "’s") {
            seen.add(&["possessor", kind, dep]);
        }
    }

    /// The other places of the sentence.
    fn others(&self, mention: &PlaceMention, kind: &str, case: &str, top: WordId, seen: &mut Seen) {
        let doc = self.of.doc;
        let others = || self.sure.iter().filter(|m| m.words != mention.words);
        let below = others().any(|m| doc.ancestors(m.head).any(|w| w == mention.head));
        let above = others().any(|m| doc.ancestors(top).any(|w| w == m.head));
        seen.add(&["tree", if below { "below" } else { "-" }, if above { "above" } else { "-" }]);
        seen.add(&["count", bucket(self.sure.len().min(4)), kind, case]);
        seen.add(&["names", bucket(self.sure.len() + self.possible.len())]);
        let earlier = self.sure.iter().filter(|m| m.words.start < mention.words.start).count();
        seen.add(&["earlier", bucket(earlier.min(4)), kind]);
    }
}

/// The preposition before a word, as it is written.
fn case_of(doc: &Doc<'_>, word: WordId) -> Option<String> {
    let case = doc.dependents_by(word, &[Deprel::Case]).next()?;
    Some(doc.surface(case).to_lowercase())
}

/// Up to the word that stands for a name in the clause, and by which relations.
fn climb(doc: &Doc<'_>, word: WordId) -> (WordId, String) {
    let mut top = word;
    let mut chain = Vec::new();
    while chain.len() < 4
        && matches!(
            doc.word(top).deprel,
            Deprel::Conj | Deprel::Appos | Deprel::Flat | Deprel::Compound | Deprel::NmodDesc
        )
        && let Some(head) = doc.word(top).head
    {
        chain.push(doc.word(top).deprel.as_str());
        top = head;
    }
    (top, chain.join("+"))
}

/// The first of the names that a name is coordinated with.
fn row(doc: &Doc<'_>, word: WordId) -> WordId {
    let mut first = word;
    while matches!(doc.word(first).deprel, Deprel::Conj | Deprel::Flat | Deprel::Compound)
        && let Some(head) = doc.word(first).head
    {
        first = head;
    }
    first
}

fn bucket(n: usize) -> &'static str {
    match n {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4 => "4",
        5..=6 => "6",
        7..=9 => "9",
        10..=14 => "14",
        15..=20 => "20",
        _ => "far",
    }
}
