//! How two sides stand to each other as a lasting state: trade, energy, arms, alliance,
//! dependence, sanctions in force, control of land, mediation, rivalry.
//!
//! A word of `lexicons/ties.tsv` says where in the tree each of the two sides stands; a good that
//! flows gives the kind, a word of `trends.tsv` nearby the trend.

use super::base::bases;
use super::{Coding, Event, Finding, Provenance, Statement, Tie};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::cues::CuePos;
use dyad_lexicon::ties::{Commodity, TieNeeds, TiePos, TieRole, TieRule, TieSide, TieSort};
use dyad_record::{ActorKind, EventType, Sector, Stance, Status, TieKind, Trend};
use std::collections::BTreeMap;

/// No prose has longer sentences; see `statement`.
const LONGEST: usize = 400;
/// How far up a predicate is looked for.
const DEPTH: usize = 6;

/// Every tie of the report, in the order of their words.
pub fn find(
    doc: &Doc<'_>,
    mentions: &Mentions,
    statements: &[Statement],
    events: &[Event],
    lexicons: &Lexicons,
) -> Vec<Tie> {
    let states = mentions
        .actors
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, a)| a.kind == ActorKind::State)
        .filter_map(|(i, a)| Some((a.country.as_deref()?, ActorId(i as u32))))
        .collect();
    let finder = Finder { doc, mentions, statements, lexicons, states };
    let mut found = Vec::new();
    for sentence in doc.sentences.iter().filter(|s| s.words.len() <= LONGEST) {
        for word in sentence.words.clone() {
            finder.at(word, &mut found);
        }
    }
    let mut ties: Vec<Tie> = found
        .into_iter()
        .map(|f| {
            let statement = Coding::statement_of(statements, f.trigger);
            let mut from = vec![Finding::Actor(f.from.0), Finding::Actor(f.to.0)];
            from.extend(statement.map(|s| Finding::Statement(s.0)));
            Tie {
                kind: f.kind,
                from: f.from,
                to: f.to,
                trend: f.trend,
                asymmetry: f.asymmetry,
                commodity: f.commodity,
                statement,
                confidence: f.confidence,
                provenance: Provenance {
                    evidence: f.evidence,
                    found_by: format!("ties:{}", f.line),
                    from,
                },
            }
        })
        .collect();
    ties.extend(from_events(events, mentions));
    lean(&mut ties);
    once(ties)
}

struct Found {
    kind: TieKind,
    from: ActorId,
    to: ActorId,
    trend: Option<Trend>,
    asymmetry: Option<ActorId>,
    commodity: Option<String>,
    confidence: f32,
    trigger: Span,
    evidence: Vec<Span>,
    line: u32,
}

/// An actor and the word that names it.
type Side = (ActorId, WordId);

struct Finder<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    statements: &'a [Statement],
    lexicons: &'a Lexicons,
    /// The actor of each state that the report names, by its country.
    states: BTreeMap<&'a str, ActorId>,
}

impl Finder<'_> {
    fn at(&self, word: WordId, found: &mut Vec<Found>) {
        let doc = self.doc;
        if matches!(doc.word(word).upos, Upos::Punct | Upos::Det | Upos::Adp | Upos::Pron) {
            return;
        }
        let ties = &self.lexicons.ties;
        let mut rules = ties.rules(&doc.word(word).lemma.to_lowercase());
        if rules.is_empty() {
            let bases = bases(doc.surface(word));
            rules = bases.iter().map(|b| ties.rules(b)).find(|r| !r.is_empty()).unwrap_or(&[]);
        }
        for rule in rules.iter().filter(|r| self.fits(word, r)) {
            let made = self.apply(word, rule);
            if !made.is_empty() {
                found.extend(made);
                return;
            }
        }
    }

    fn fits(&self, word: WordId, rule: &TieRule) -> bool {
        let upos = self.doc.word(word).upos;
        match rule.pos {
            TiePos::Verb => upos == Upos::Verb,
            TiePos::Noun => upos == Upos::Noun,
            TiePos::Adj => {
                upos == Upos::Adj || upos == Upos::Verb && self.doc.word(word).xpos == Xpos::Vbn
            }
            TiePos::Comparative => self.compared(word),
        }
    }

    /// "weaker", "more dependent", "needs it more".
    fn compared(&self, word: WordId) -> bool {
        let doc = self.doc;
        let more = |w: WordId| matches!(doc.word(w).xpos, Xpos::Jjr | Xpos::Rbr);
        more(word) || doc.dependents_by(word, &[Deprel::Advmod]).any(more)
    }

    fn apply(&self, word: WordId, rule: &TieRule) -> Vec<Found> {
        let doc = self.doc;
        if !self.needs(word, rule) {
            return Vec::new();
        }
        let goods = self.goods(word);
        let predicate = self.predicate(word);
        if self.undone(word, predicate) {
            return Vec::new();
        }
        let trend = self.trend(word, predicate);
        let kind = match rule.sort {
            TieSort::Kind(kind) => Some(kind),
            TieSort::Flow => None,
            TieSort::Relations => match trend {
                Some(Trend::Falling) => Some(TieKind::Rivalry),
                Some(_) => Some(TieKind::Alliance),
                None if self.close(word) => Some(TieKind::Alliance),
                None => return Vec::new(),
            },
        };
        // Worse relations are more rivalry.
        let trend = match (rule.sort, kind) {
            (TieSort::Relations, Some(TieKind::Rivalry)) => Some(Trend::Rising),
            // "more needy than" compares two sides, not two times.
            _ if rule.pos == TiePos::Comparative => None,
            _ => trend,
        };
        let unsure = self.unsure(predicate);
        let confidence = if unsure { rule.confidence * 0.7 } else { rule.confidence };
        let mut found = Vec::new();
        for (from, to) in self.sides(word, rule) {
            if from.0 == to.0 || self.same_country(from.0, to.0) {
                continue;
            }
            let mut evidence = self.evidence(word, predicate);
            evidence.extend([doc.word(from.1).span, doc.word(to.1).span]);
            let tie = |kind: TieKind, good: Option<(&Commodity, WordId)>| {
                let mut evidence = evidence.clone();
                evidence.extend(good.map(|(_, w)| doc.word(w).span));
                evidence.sort_unstable();
                evidence.dedup();
                Found {
                    kind,
                    from: from.0,
                    to: to.0,
                    trend,
                    asymmetry: match rule.asymmetry {
                        Some(TieSide::From) => Some(from.0),
                        Some(TieSide::To) => Some(to.0),
                        None => None,
                    },
                    commodity: good.map(|(g, _)| g.name.to_string()),
                    confidence,
                    trigger: doc.word(word).span,
                    evidence,
                    line: rule.line,
                }
            };
            match kind {
                Some(kind) => {
                    let traded = matches!(
                        kind,
                        TieKind::Trade | TieKind::Energy | TieKind::Arms | TieKind::Dependence
                    );
                    found.push(tie(kind, goods.first().copied().filter(|_| traded)));
                }
                None => found.extend(goods.iter().map(|g| tie(g.0.kind, Some(*g)))),
            }
            if kind.is_none() {
                found.extend(self.in_exchange(word).iter().map(|g| Found {
                    from: to.0,
                    to: from.0,
                    ..tie(g.0.kind, Some(*g))
                }));
            }
        }
        found
    }

    /// Whether what the rule needs stands in the phrase.
    fn needs(&self, word: WordId, rule: &TieRule) -> bool {
        let doc = self.doc;
        match &rule.needs {
            TieNeeds::Nothing => true,
            TieNeeds::Goods => !self.goods(word).is_empty(),
            TieNeeds::Arms => self.goods(word).iter().any(|(g, _)| g.kind == TieKind::Arms),
            TieNeeds::Land => {
                let places = &self.mentions.place_mentions;
                self.scope(word).iter().any(|w| {
                    let span = doc.word(*w).span;
                    let i = places.partition_point(|p| p.span.end <= span.start);
                    places.get(i).is_some_and(|p| p.span.contains(span))
                })
            }
            TieNeeds::Words(words) => self.scope(word).iter().any(|w| {
                *w != word && words.iter().any(|n| doc.word(*w).lemma.eq_ignore_ascii_case(n))
            }),
        }
    }

    /// The goods that a word speaks of, each once: objects of a verb, what a noun is of.
    fn goods(&self, word: WordId) -> Vec<(&Commodity, WordId)> {
        let doc = self.doc;
        let near = if doc.word(word).upos == Upos::Verb {
            vec![Deprel::Obj, Deprel::NsubjPass, Deprel::Xcomp, Deprel::Obl]
        } else {
            vec![Deprel::Compound, Deprel::Amod, Deprel::Nmod, Deprel::NmodPoss]
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
    fn in_exchange(&self, word: WordId) -> Vec<(&Commodity, WordId)> {
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
    fn scope(&self, word: WordId) -> Vec<WordId> {
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

    // ---- the two sides -----------------------------------------------------------------------

    fn sides(&self, word: WordId, rule: &TieRule) -> Vec<(Side, Side)> {
        if rule.from.contains(&TieRole::Pair) {
            return self.pair(word).into_iter().collect();
        }
        if rule.from == rule.to
            && let [TieRole::Prep(prep)] = rule.from.as_slice()
        {
            let both = self.prep(word, prep);
            return match both[..] {
                [from, to, ..] => vec![(from, to)],
                _ => Vec::new(),
            };
        }
        let fill = |roles: &[TieRole]| {
            roles.iter().map(|r| self.role(word, r)).find(|s| !s.is_empty()).unwrap_or_default()
        };
        let (mut from, mut to) = (fill(&rule.from), fill(&rule.to));
        // "other": the second of two sides spoken of, when the first is known.
        if from.is_empty() && rule.from.contains(&TieRole::Other) {
            from = self.other(word, &to);
        }
        if to.is_empty() && rule.to.contains(&TieRole::Other) {
            to = self.other(word, &from);
        }
        from.iter().take(3).flat_map(|f| to.iter().take(3).map(|t| (*f, *t))).collect()
    }

    fn other(&self, word: WordId, known: &[Side]) -> Vec<Side> {
        let Some((known, _)) = known.first() else { return Vec::new() };
        self.before(word).into_iter().find(|(a, _)| a != known).into_iter().collect()
    }

    fn role(&self, word: WordId, role: &TieRole) -> Vec<Side> {
        let doc = self.doc;
        match role {
            TieRole::Subject => self.subject(word),
            TieRole::Object => self.object(word).map_or_else(Vec::new, |o| self.actors(o)),
            TieRole::Owner => self.owner(word),
            TieRole::Origin => {
                let goods: Vec<WordId> = if doc.word(word).upos == Upos::Verb {
                    self.object(word).into_iter().collect()
                } else {
                    let of = |d: &WordId| self.case(*d).is_some_and(|c| c == "of");
                    doc.dependents_by(word, &[Deprel::Nmod]).filter(of).collect()
                };
                let mut found = Vec::new();
                for good in goods {
                    found.extend(self.owner(good));
                    found.extend(self.prep(good, "from"));
                }
                found
            }
            TieRole::Territory => {
                let Some(object) = self.object(word) else { return Vec::new() };
                let named = self.actors_below(object);
                if named.is_empty() { self.land(object) } else { named }
            }
            TieRole::Viewer => self.viewed(word).map_or_else(Vec::new, |(v, _)| self.subject(v)),
            TieRole::Viewed => self.viewed(word).map_or_else(Vec::new, |(_, o)| self.actors(o)),
            TieRole::Prep(prep) => self.prep(word, prep),
            TieRole::Pair | TieRole::Other => Vec::new(),
        }
    }

    /// The verb and object of "sees B as a rival", for the word "rival".
    fn viewed(&self, word: WordId) -> Option<(WordId, WordId)> {
        let doc = self.doc;
        let as_one = doc
            .dependents_by(word, &[Deprel::Case, Deprel::Mark])
            .any(|c| doc.word(c).lemma == "as");
        let verb = doc.word(word).head?;
        let relation = doc.word(word).deprel;
        let views = as_one && matches!(relation, Deprel::Obl | Deprel::Advcl | Deprel::Xcomp)
            || relation == Deprel::Xcomp
                && matches!(doc.word(verb).lemma.as_str(), "consider" | "call" | "deem");
        if !views || doc.word(verb).upos != Upos::Verb {
            return None;
        }
        let object = doc.dependents_by(verb, &[Deprel::Obj]).next()?;
        Some((verb, object))
    }

    /// The subject of the word's clause: of the verb, of the predicate that it is or stands in.
    fn subject(&self, word: WordId) -> Vec<Side> {
        let mut at = word;
        for _ in 0..DEPTH {
            if let Some(subject) = self.own_subject(at) {
                return self.named(subject);
            }
            let doc = self.doc;
            let Some(head) = doc.word(at).head else { break };
            match doc.word(at).deprel {
                Deprel::Conj | Deprel::Xcomp | Deprel::Advcl => at = head,
                Deprel::Obj | Deprel::Obl if doc.word(head).upos == Upos::Verb => at = head,
                // "one of the main exporters"
                Deprel::Nmod | Deprel::Amod | Deprel::Compound => at = head,
                Deprel::Appos => return self.actors(head),
                Deprel::Acl | Deprel::AclRelcl => {
                    let named = self.actors(head);
                    if !named.is_empty() {
                        return named;
                    }
                    at = head;
                }
                _ => break,
            }
        }
        Vec::new()
    }

    fn own_subject(&self, word: WordId) -> Option<WordId> {
        let doc = self.doc;
        let passive = has(doc, word, Deprel::NsubjPass) || has(doc, word, Deprel::AuxPass);
        let relations = if passive {
            [Deprel::OblAgent, Deprel::OblAgent]
        } else {
            [Deprel::Nsubj, Deprel::NsubjOuter]
        };
        let subject = doc.dependents_by(word, &relations).next()?;
        if matches!(doc.word(subject).xpos, Xpos::Wdt | Xpos::Wp) {
            let clause = doc.ancestors(word).find(|w| doc.word(*w).deprel == Deprel::AclRelcl)?;
            return doc.word(clause).head;
        }
        Some(subject)
    }

    /// The object of a verb, also as subject of the passive or where a relative clause hangs.
    fn object(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        doc.dependents_by(verb, &[Deprel::Obj, Deprel::NsubjPass])
            .find(|o| !matches!(doc.word(*o).xpos, Xpos::Wdt | Xpos::Wp))
            .or_else(|| self.gap(verb))
    }

    /// "parts of X that Y has occupied": the noun that lacks from the clause.
    fn gap(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        let mut at = verb;
        for _ in 0..DEPTH {
            match doc.word(at).deprel {
                Deprel::AclRelcl => return doc.word(at).head,
                // "the occupied areas", "areas occupied by X"
                Deprel::Acl | Deprel::Amod if doc.word(at).xpos == Xpos::Vbn => {
                    return doc.word(at).head;
                }
                Deprel::Xcomp | Deprel::Ccomp => at = doc.word(at).head?,
                _ => return None,
            }
        }
        None
    }

    /// Who stands before a noun: its possessor, or an adjective of nationality.
    fn owner(&self, noun: WordId) -> Vec<Side> {
        let doc = self.doc;
        let relations =
            [Deprel::NmodPoss, Deprel::Amod, Deprel::Compound, Deprel::NmodDesc, Deprel::Nmod];
        let mut found = Vec::new();
        for d in doc.dependents_by(noun, &relations).filter(|d| *d < noun) {
            found.extend(self.named(d));
        }
        found
    }

    /// As `owner`, where a plural stands for one side only.
    fn owned(&self, noun: WordId) -> Vec<Side> {
        let relations = [Deprel::NmodPoss, Deprel::Amod, Deprel::Compound, Deprel::NmodDesc];
        self.doc
            .dependents_by(noun, &relations)
            .filter(|d| *d < noun)
            .flat_map(|d| self.actors(d))
            .take(1)
            .collect()
    }

    /// The sides after a preposition, beside the word or beside the verb whose object it is.
    fn prep(&self, word: WordId, prep: &str) -> Vec<Side> {
        let doc = self.doc;
        let mut hosts = vec![word];
        if let Some(head) = doc.word(word).head
            && matches!(
                doc.word(word).deprel,
                Deprel::Obj | Deprel::NsubjPass | Deprel::Xcomp | Deprel::Amod | Deprel::Obl
            )
        {
            hosts.push(head);
        }
        let relations = [Deprel::Obl, Deprel::Nmod, Deprel::OblAgent, Deprel::Advcl, Deprel::Iobj];
        for host in hosts {
            for d in doc.dependents_by(host, &relations) {
                let marks = [Deprel::Case, Deprel::Mark];
                if !doc.dependents_by(d, &marks).any(|c| doc.word(c).lemma == prep) {
                    continue;
                }
                let mut named = self.named(d);
                if named.is_empty() {
                    named = self.owner(d);
                }
                if named.is_empty() {
                    named = self.actors_below(d);
                }
                if !named.is_empty() {
                    return named;
                }
            }
        }
        Vec::new()
    }

    /// Two sides anywhere about a noun that joins them.
    fn pair(&self, word: WordId) -> Option<(Side, Side)> {
        let mut found: Vec<Side> = Vec::new();
        fn add(found: &mut Vec<Side>, sides: Vec<Side>) {
            for side in sides {
                if !found.iter().any(|(a, _)| *a == side.0) {
                    found.push(side);
                }
            }
        }
        let with: Vec<Side> = ["with", "to"].iter().flat_map(|p| self.prep(word, p)).collect();
        // "their ties with B": one side is named, so "their" means the other alone.
        let owner = if with.is_empty() { self.owner(word) } else { self.owned(word) };
        add(&mut found, owner);
        for prep in ["between", "with", "of", "to", "among"] {
            add(&mut found, self.prep(word, prep));
        }
        let doc = self.doc;
        if found.len() < 2 {
            add(&mut found, self.subject(word));
        }
        let own = doc.dependents_by(word, &[Deprel::Appos, Deprel::Flat]);
        for d in own.chain(doc.word(word).head.filter(|_| doc.word(word).deprel == Deprel::Appos)) {
            add(&mut found, self.actors(d));
        }
        let mut distinct = found.into_iter();
        let first = distinct.next()?;
        let second = distinct.find(|s| !self.same_country(s.0, first.0))?;
        Some((first, second))
    }

    /// The sides that a noun phrase names, or the two that it means.
    fn named(&self, word: WordId) -> Vec<Side> {
        let two = self.anaphor(word);
        if two.is_empty() { self.actors(word) } else { two }
    }

    /// The actor that a word heads, with those joined to it.
    fn actors(&self, word: WordId) -> Vec<Side> {
        let doc = self.doc;
        let mut found: Vec<Side> = Vec::new();
        let mut add = |w: WordId| {
            if let Some(actor) = self.side(w)
                && !found.iter().any(|(a, _)| *a == actor)
            {
                found.push((actor, w));
            }
        };
        add(word);
        for d in doc.dependents_by(word, &[Deprel::Conj, Deprel::Flat, Deprel::Appos]) {
            add(d);
        }
        if found.is_empty()
            && doc.word(word).upos == Upos::Noun
            && matches!(
                doc.word(word).lemma.as_str(),
                "government" | "force" | "army" | "military" | "troop" | "side" | "people"
            )
        {
            found = self.actors_below(word);
        }
        found
    }

    /// The actors named anywhere in the phrase of a word.
    fn actors_below(&self, word: WordId) -> Vec<Side> {
        let mut found: Vec<Side> = Vec::new();
        for w in self.doc.subtree(word) {
            if w != word && self.clause_between(w, word) {
                continue;
            }
            if let Some(actor) = self.side(w)
                && !found.iter().any(|(a, _)| *a == actor)
            {
                found.push((actor, w));
            }
        }
        found
    }

    /// The actor that a word names as a side of a tie: of those who govern, their state; of "we"
    /// inside somebody's words, his.
    fn side(&self, word: WordId) -> Option<ActorId> {
        let doc = self.doc;
        let own = matches!(doc.surface(word), "I" | "We" | "we" | "us" | "our" | "Our" | "my");
        let actor = if own && doc.word(word).upos == Upos::Pron {
            let statement = Coding::statement_of(self.statements, doc.word(word).span)?;
            self.statements[statement.0 as usize].speaker?
        } else {
            self.mentions.headed_by(word)?.actor
        };
        let who = self.mentions.actor(actor);
        if !matches!(who.sector, Sector::Gov | Sector::Mil | Sector::Leg) {
            return Some(actor);
        }
        let country = who.country.as_ref().filter(|_| who.kind != ActorKind::State);
        Some(country.and_then(|c| self.states.get(c.as_str()).copied()).unwrap_or(actor))
    }

    /// Whether a clause stands between a word and the noun above it.
    fn clause_between(&self, word: WordId, top: WordId) -> bool {
        let doc = self.doc;
        doc.ancestors(word)
            .take_while(|w| *w != top)
            .any(|w| matches!(doc.word(w).deprel, Deprel::AclRelcl | Deprel::Acl | Deprel::Advcl))
    }

    /// The state whose land a phrase names.
    fn land(&self, word: WordId) -> Vec<Side> {
        let span = self.doc.subtree_span(word);
        let places = &self.mentions.place_mentions;
        let first = places.partition_point(|p| p.span.start < span.start);
        let place = places.get(first).filter(|p| span.contains(p.span)).and_then(|p| {
            let country = self.mentions.places[p.place.0 as usize].country.as_ref()?;
            Some((country, p.head))
        });
        let Some((country, head)) = place else { return Vec::new() };
        self.states.get(country.as_str()).map(|state| (*state, head)).into_iter().collect()
    }

    /// "the two countries", "both sides", "their": the states spoken of last.
    fn anaphor(&self, word: WordId) -> Vec<Side> {
        let doc = self.doc;
        let plural = matches!(doc.word(word).xpos, Xpos::Nns | Xpos::PrpS | Xpos::Prp);
        let sides = matches!(
            doc.word(word).lemma.as_str(),
            "country"
                | "side"
                | "nation"
                | "state"
                | "neighbour"
                | "neighbor"
                | "power"
                | "party"
                | "government"
                | "leader"
                | "capital"
                | "they"
                | "their"
        );
        let whose = doc.dependents_by(word, &[Deprel::Amod, Deprel::NmodPoss, Deprel::Nmod]);
        if !plural || !sides || whose.into_iter().any(|d| self.mentions.headed_by(d).is_some()) {
            return Vec::new();
        }
        let mut found = self.before(word);
        found.truncate(2);
        found.reverse();
        if found.len() == 2 { found } else { Vec::new() }
    }

    /// The states named before a word in this and the last sentences, nearest first.
    fn before(&self, word: WordId) -> Vec<Side> {
        let doc = self.doc;
        let mut found: Vec<Side> = Vec::new();
        let here = doc.word(word).sentence;
        let end = self.mentions.actor_mentions.partition_point(|m| m.head < word);
        for mention in self.mentions.actor_mentions[..end].iter().rev() {
            if doc.word(mention.head).sentence + 4 < here {
                break;
            }
            let actor = self.mentions.actor(mention.actor);
            if actor.kind != ActorKind::State || actor.country.is_none() {
                continue;
            }
            if !found.iter().any(|(a, _)| *a == mention.actor) {
                found.push((mention.actor, mention.head));
            }
        }
        found
    }

    /// Whether two sides speak for one country; those who fight or secede from it do not.
    fn same_country(&self, a: ActorId, b: ActorId) -> bool {
        let (a, b) = (self.mentions.actor(a), self.mentions.actor(b));
        let apart = |s: Sector| matches!(s, Sector::Reb | Sector::Sep | Sector::Opp);
        a.country.is_some() && a.country == b.country && apart(a.sector) == apart(b.sector)
    }

    // ---- how it is told ----------------------------------------------------------------------

    /// The verb or predicate in which the word stands.
    fn predicate(&self, word: WordId) -> WordId {
        let doc = self.doc;
        let mut at = word;
        for _ in 0..DEPTH {
            if doc.word(at).upos == Upos::Verb || has(doc, at, Deprel::Cop) {
                return at;
            }
            match doc.word(at).head {
                Some(head) => at = head,
                None => return at,
            }
        }
        at
    }

    /// Denied, refused, rejected or lifted: no tie.
    fn undone(&self, word: WordId, predicate: WordId) -> bool {
        let doc = self.doc;
        let negated = |w: WordId| {
            doc.dependents_by(w, &[Deprel::Advmod, Deprel::Det]).any(|d| {
                matches!(doc.word(d).lemma.as_str(), "not" | "n't" | "never" | "no" | "nor")
            })
        };
        // "does not fully control" still controls in part.
        let partly = doc
            .dependents_by(predicate, &[Deprel::Advmod])
            .any(|d| matches!(doc.word(d).lemma.as_str(), "fully" | "entirely" | "completely"));
        if !partly && (negated(word) || negated(predicate)) {
            return true;
        }
        doc.ancestors(word).take(DEPTH).any(|w| {
            let lemma = doc.word(w).lemma.to_lowercase();
            let pos = match doc.word(w).upos {
                Upos::Verb => CuePos::Verb,
                Upos::Noun => CuePos::Noun,
                _ => return false,
            };
            w != word
                && (self.lexicons.cues.get(pos, &lemma).is_some_and(|c| {
                    matches!(c.stance, Stance::Refuses | Stance::Opposes | Stance::Denies)
                }) || matches!(lemma.as_str(), "lift" | "scrap" | "remove"))
        })
    }

    /// Told as possible, wished for or planned.
    fn unsure(&self, predicate: WordId) -> bool {
        let doc = self.doc;
        doc.ancestors(predicate).take(3).any(|w| {
            let lemma = doc.word(w).lemma.to_lowercase();
            doc.dependents_by(w, &[Deprel::Aux]).any(|a| doc.word(a).xpos == Xpos::Md)
                || doc.word(w).upos == Upos::Verb
                    && self
                        .lexicons
                        .cues
                        .get(CuePos::Verb, &lemma)
                        .is_some_and(|c| c.stance == Stance::Wants)
        })
    }

    /// Which way the tie moves: by the verb that the word is subject or object of, by an
    /// adjective, by a noun of change above it.
    fn trend(&self, word: WordId, predicate: WordId) -> Option<Trend> {
        let doc = self.doc;
        let ties = &self.lexicons.ties;
        let lemma = |w: WordId| doc.word(w).lemma.to_lowercase();
        let told = |w: WordId| match doc.word(w).upos {
            Upos::Verb => ties
                .trend(TiePos::Verb, &lemma(w))
                .or_else(|| bases(doc.surface(w)).iter().find_map(|b| ties.trend(TiePos::Verb, b)))
                // "growing", "strained" as adjectives
                .or_else(|| ties.trend(TiePos::Adj, &doc.surface(w).to_lowercase())),
            Upos::Noun => ties.trend(TiePos::Noun, &lemma(w)),
            Upos::Adj => ties.trend(TiePos::Adj, &doc.surface(w).to_lowercase()),
            _ => None,
        };
        let described = doc.dependents_by(word, &[Deprel::Amod, Deprel::Compound]).find_map(told);
        if described.is_some() {
            return described;
        }
        let object = doc.dependents_by(word, &[Deprel::Obj]).next();
        for w in [Some(word), object].into_iter().flatten() {
            let compared = doc.dependents_by(w, &[Deprel::Amod, Deprel::Advmod]).find_map(|d| {
                match lemma(d).as_str() {
                    "more" | "much" if doc.word(d).xpos != Xpos::Rb => match doc.surface(d) {
                        "more" => Some(Trend::Rising),
                        _ => None,
                    },
                    "less" | "few" if matches!(doc.word(d).xpos, Xpos::Jjr | Xpos::Rbr) => {
                        Some(Trend::Falling)
                    }
                    _ => None,
                }
            });
            if compared.is_some() {
                return compared;
            }
        }
        // Up from the word: "growth in trade", "boost cooperation", "ties have grown".
        let mut at = word;
        for _ in 0..3 {
            let Some(head) = doc.word(at).head else { break };
            let linked = matches!(
                doc.word(at).deprel,
                Deprel::Nsubj
                    | Deprel::NsubjPass
                    | Deprel::Obj
                    | Deprel::Nmod
                    | Deprel::Compound
                    | Deprel::Conj
                    | Deprel::Xcomp
            );
            if !linked {
                break;
            }
            if let Some(trend) = told(head) {
                return Some(trend);
            }
            at = head;
        }
        // "relations between A and B deteriorate", where the tree has lost the subject.
        let words = doc.subtree(word).into_iter();
        let behind = words.filter(|w| doc.word(*w).upos != Upos::Punct).max().unwrap_or(word) + 1;
        if (behind as usize) < doc.words.len()
            && doc.word(behind).upos == Upos::Verb
            && doc.word(behind).sentence == doc.word(word).sentence
            && doc.word(behind).xpos != Xpos::Vbn
            && let Some(trend) = told(behind)
        {
            return Some(trend);
        }
        // "is expected to increase", "are growing"
        (predicate != word)
            .then(|| doc.dependents_by(predicate, &[Deprel::Xcomp, Deprel::Conj]).find_map(told))
            .flatten()
    }

    /// "close ties", "a partnership without limits".
    fn close(&self, word: WordId) -> bool {
        let doc = self.doc;
        doc.dependents_by(word, &[Deprel::Amod, Deprel::Compound]).any(|d| {
            matches!(
                doc.word(d).lemma.to_lowercase().as_str(),
                "close"
                    | "strong"
                    | "strategic"
                    | "friendly"
                    | "warm"
                    | "special"
                    | "traditional"
                    | "fraternal"
                    | "cordial"
                    | "solid"
            )
        })
    }

    /// The words that tell of the tie: its own, and those of the predicate.
    fn evidence(&self, word: WordId, predicate: WordId) -> Vec<Span> {
        let mut spans = vec![self.doc.word(word).span];
        if predicate != word {
            spans.push(self.doc.word(predicate).span);
        }
        spans
    }

    fn case(&self, word: WordId) -> Option<&str> {
        let case = self.doc.dependents_by(word, &[Deprel::Case]).next()?;
        Some(self.doc.word(case).lemma.as_str())
    }
}

fn has(doc: &Doc<'_>, word: WordId, relation: Deprel) -> bool {
    doc.dependents(word).iter().any(|d| doc.word(*d).deprel == relation)
}

/// Sanctions that were imposed are in force; land that was seized is held.
fn from_events(events: &[Event], mentions: &Mentions) -> Vec<Tie> {
    let mut ties = Vec::new();
    for (i, event) in events.iter().enumerate() {
        let stands = matches!(event.status, Status::Happened | Status::Ongoing);
        let restricts = event.kind == EventType::Sanction
            && event.mode.as_deref().is_none_or(|m| m != "convict" && m != "expel");
        if !stands || !restricts || event.cameo != "163" {
            continue;
        }
        let (Some(from), Some(to)) = (event.actors.first(), event.recipients.first()) else {
            continue;
        };
        let people = [from, to].iter().any(|a| mentions.actor(**a).kind == ActorKind::Person);
        if from == to || people {
            continue;
        }
        let mut from_findings = vec![Finding::Event(i as u32)];
        from_findings.extend([Finding::Actor(from.0), Finding::Actor(to.0)]);
        ties.push(Tie {
            kind: TieKind::Sanctions,
            from: *from,
            to: *to,
            trend: None,
            asymmetry: None,
            commodity: None,
            statement: event.statement,
            confidence: event.confidence * 0.9,
            provenance: Provenance {
                evidence: event.provenance.evidence.clone(),
                found_by: "event".to_owned(),
                from: from_findings,
            },
        });
    }
    ties
}

/// A dependence that is only called unequal leans the way that its other tellings lean.
fn lean(ties: &mut [Tie]) {
    let pair = |t: &Tie| (t.from.min(t.to), t.from.max(t.to));
    let known: BTreeMap<(ActorId, ActorId), ActorId> = ties
        .iter()
        .rev()
        .filter(|t| t.kind == TieKind::Dependence)
        .filter_map(|t| Some((pair(t), t.asymmetry?)))
        .collect();
    for tie in ties.iter_mut().filter(|t| t.kind == TieKind::Dependence && t.asymmetry.is_none()) {
        tie.asymmetry = known.get(&pair(tie)).copied();
    }
}

/// One tie for what is told twice in the same words, the more certain first.
fn once(ties: Vec<Tie>) -> Vec<Tie> {
    let mut kept: Vec<Tie> = Vec::new();
    for tie in ties {
        let double = kept.iter_mut().rev().take(16).find(|k| {
            k.kind == tie.kind
                && (k.from, k.to) == (tie.from, tie.to)
                && k.commodity == tie.commodity
                && k.statement == tie.statement
                && k.provenance.evidence.iter().any(|e| tie.provenance.evidence.contains(e))
        });
        match double {
            Some(k) => {
                k.trend = k.trend.or(tie.trend);
                k.asymmetry = k.asymmetry.or(tie.asymmetry);
            }
            None => kept.push(tie),
        }
    }
    kept.sort_by_key(|t| t.provenance.evidence.first().map_or(0, |e| e.start));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::{statement, tree};

    /// `kind from > to` of every tie, with its trend, commodity and the side that leans more.
    fn told(text: &str) -> Vec<String> {
        let lexicons = Lexicons::builtin().unwrap();
        tree::with(text, |doc, mentions| {
            let statements = statement::find(doc, mentions, &lexicons);
            let name = |a: ActorId| mentions.actor(a).name.clone();
            find(doc, mentions, &statements, &[], &lexicons)
                .iter()
                .map(|t| {
                    let mut line = format!("{} {} > {}", t.kind, name(t.from), name(t.to));
                    let more = [
                        t.trend.map(|t| t.to_string()),
                        t.commodity.clone(),
                        t.asymmetry.map(|a| format!("{} leans", name(a))),
                    ];
                    for more in more.into_iter().flatten() {
                        line = format!("{line}, {more}");
                    }
                    line
                })
                .collect()
        })
    }

    #[test]
    fn goods_flow_from_the_supplier_each_by_name() {
        let tree = "
            Egypt Egypt PROPN NNP 2 nsubj
            imports import VERB VBZ 0 root
            Ukrainian ukrainian ADJ JJ 4 amod
            wheat wheat NOUN NN 2 obj
            and and CCONJ CC 6 cc
            coal coal NOUN NN 4 conj
            . . PUNCT . 2 punct";
        assert_eq!(told(tree), ["trade Ukraine > Egypt, grain", "energy Ukraine > Egypt, coal"]);
    }

    #[test]
    fn dependence_leans_where_it_is_compared() {
        let tree = "
            Armenia Armenia PROPN NNP 5 nsubj
            is be VERB VBZ 5 cop
            more more ADV RBR 4 advmod
            dependent dependent ADJ JJ 5 amod
            partner partner NOUN NN 0 root
            than than ADP IN 7 case
            Iran Iran PROPN NNP 4 obl
            . . PUNCT . 5 punct";
        assert_eq!(told(tree), ["dependence Armenia > Iran, Armenia leans"]);
    }

    #[test]
    fn relations_that_fray_are_rivalry() {
        let tree = "
            Ties tie NOUN NNS 6 nsubj
            between between ADP IN 3 case
            Algeria Algeria PROPN NNP 1 nmod
            and and CCONJ CC 5 cc
            Morocco Morocco PROPN NNP 3 conj
            worsened worsen VERB VBD 0 root
            . . PUNCT . 6 punct";
        assert_eq!(told(tree), ["rivalry Algeria > Morocco, rising"]);
    }

    #[test]
    fn two_countries_mean_the_last_two_named() {
        let tree = "
            Chile Chile PROPN NNP 2 nsubj
            met meet VERB VBD 0 root
            Peru Peru PROPN NNP 2 obj
            . . PUNCT . 2 punct

            The the DET DT 2 det
            countries country NOUN NNS 4 nmod:poss
            's 's PART POS 2 case
            dependencies dependency NOUN NNS 6 nsubj
            are be AUX VBP 6 cop
            mutual mutual ADJ JJ 0 root
            . . PUNCT . 6 punct";
        assert_eq!(told(tree), ["dependence Chile > Peru"]);
    }

    #[test]
    fn what_is_denied_or_refused_is_no_tie() {
        let tree = "
            Oman Oman PROPN NNP 5 nsubj
            does do AUX VBZ 5 aux
            not not PART RB 5 advmod
            really really ADV RB 5 advmod
            depend depend VERB VB 0 root
            on on ADP IN 7 case
            Qatar Qatar PROPN NNP 5 obl
            . . PUNCT . 5 punct";
        assert!(told(tree).is_empty(), "{:?}", told(tree));
    }
}
