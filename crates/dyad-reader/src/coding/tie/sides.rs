//! The two sides of a tie, by the roles that `lexicons/ties.tsv` gives them in the tree.

use super::{DEPTH, Finder, Side, has};
use crate::coding::Coding;
use crate::doc::{Deprel, Upos, WordId, Xpos};
use crate::mention::ActorId;
use dyad_lexicon::ties::{TiePos, TieRole, TieRule};
use dyad_record::{ActorKind, Sector};

impl Finder<'_> {
    pub(super) fn sides(&self, word: WordId, rule: &TieRule) -> Vec<(Side, Side)> {
        if rule.to.contains(&TieRole::Favoured) {
            return self.lopsided(word).into_iter().collect();
        }
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
        // "A is allied with B": the passive of no act.
        if rule.pos != TiePos::Verb && self.doc.word(word).upos == Upos::Verb {
            let bearer = self.doc.dependents_by(word, &[Deprel::NsubjPass]).next();
            let borne = bearer.map_or_else(Vec::new, |b| self.named(b));
            if from.is_empty() && rule.from.contains(&TieRole::Subject) {
                from = borne;
            } else if to.is_empty() && rule.to.contains(&TieRole::Subject) {
                to = borne;
            }
        }
        // "depend on each other"
        if to.is_empty()
            && let [one, two, ..] = from[..]
            && self.reciprocal(word)
        {
            return vec![(one, two)];
        }
        // "other": the second of two sides spoken of, when the first is known.
        if from.is_empty() && rule.from.contains(&TieRole::Other) {
            from = self.other(word, &to);
        }
        if to.is_empty() && rule.to.contains(&TieRole::Other) {
            to = self.other(word, &from);
        }
        from.iter().take(3).flat_map(|f| to.iter().take(3).map(|t| (*f, *t))).collect()
    }

    /// A participle of what is done to somebody.
    fn borne(&self, word: WordId) -> bool {
        self.doc.word(word).xpos == Xpos::Vbn && has(self.doc, word, Deprel::OblAgent)
    }

    /// Whether "each other" or "one another" stands right behind the word.
    fn reciprocal(&self, word: WordId) -> bool {
        let doc = self.doc;
        let end = doc.sentences[doc.word(word).sentence as usize].words.end;
        (word + 1..end.saturating_sub(1).min(word + 4)).any(|w| {
            matches!((doc.surface(w), doc.surface(w + 1)), ("each", "other") | ("one", "another"))
        })
    }

    /// "The partnership between A and B is lopsided in favour of B": A, then B.
    fn lopsided(&self, word: WordId) -> Option<(Side, Side)> {
        let doc = self.doc;
        let relation = doc.dependents_by(word, &[Deprel::Nsubj, Deprel::NsubjPass]).next();
        let (one, two) = self.pair(relation.or(doc.word(word).head)?)?;
        let favoured = doc.subtree(word).into_iter().filter(|w| *w > word).find_map(|w| {
            let side = self.side(w)?;
            (side == one.0 || side == two.0).then_some(side)
        });
        match favoured {
            Some(side) if side == one.0 => Some((two, one)),
            Some(_) => Some((one, two)),
            None => None,
        }
    }

    fn other(&self, word: WordId, known: &[Side]) -> Vec<Side> {
        let Some((known, _)) = known.first() else { return Vec::new() };
        self.before(word).into_iter().find(|(a, _)| a != known).into_iter().collect()
    }

    fn role(&self, word: WordId, role: &TieRole) -> Vec<Side> {
        let doc = self.doc;
        match role {
            TieRole::Subject => self.subject(word),
            TieRole::Object => {
                let given = doc.dependents_by(word, &[Deprel::Iobj]).next();
                match given.or_else(|| self.object(word)) {
                    Some(object) => self.actors(object),
                    // "Assisted by B, A attacked"
                    None if doc.word(word).deprel == Deprel::Advcl && self.borne(word) => {
                        doc.word(word).head.map_or_else(Vec::new, |above| self.subject(above))
                    }
                    None => Vec::new(),
                }
            }
            TieRole::Owner => self.owner(word),
            TieRole::Origin => {
                let mut found = Vec::new();
                for good in self.moved(word) {
                    found.extend(self.owner(good));
                    found.extend(self.prep(good, "from"));
                }
                found
            }
            TieRole::Bearer => self.bearer(word),
            TieRole::Territory => {
                let of = |d: &WordId| self.case(*d).is_some_and(|c| c == "of" || c == "over");
                let object =
                    self.object(word).or_else(|| doc.dependents_by(word, &[Deprel::Nmod]).find(of));
                let Some(object) = object else { return Vec::new() };
                let mut named = self.actors_below(object);
                named.retain(|(a, _)| {
                    let kind = self.mentions.actor(*a).kind;
                    matches!(kind, ActorKind::State | ActorKind::PlaceAsActor)
                });
                if named.is_empty() { self.land(object) } else { named }
            }
            TieRole::Viewer => self.viewed(word).map_or_else(Vec::new, |(v, _)| self.subject(v)),
            TieRole::Viewed => self.viewed(word).map_or_else(Vec::new, |(_, o)| self.actors(o)),
            TieRole::Prep(prep) => self.prep(word, prep),
            TieRole::Pair | TieRole::Other | TieRole::Favoured => Vec::new(),
        }
    }

    /// The goods that a verb moves, or that a noun of moving is of, down to what they are part of
    /// ("most of its oil").
    fn moved(&self, word: WordId) -> Vec<WordId> {
        let doc = self.doc;
        let of = |d: &WordId| self.case(*d).is_some_and(|c| c == "of");
        let mut found: Vec<WordId> = if doc.word(word).upos == Upos::Verb {
            let subject = doc.dependents_by(word, &[Deprel::Nsubj]).next();
            self.object(word).or(subject).into_iter().collect()
        } else {
            doc.dependents_by(word, &[Deprel::Nmod]).filter(of).collect()
        };
        let mut at = 0;
        while at < found.len() && found.len() < 8 {
            found.extend(doc.dependents_by(found[at], &[Deprel::Nmod]).filter(of));
            at += 1;
        }
        found
    }

    /// Who stands under the word: "X is under sanctions", "areas of X under the control of Y".
    fn bearer(&self, word: WordId) -> Vec<Side> {
        let doc = self.doc;
        if self.case(word).is_none_or(|c| c != "under") {
            return Vec::new();
        }
        let subject = self.subject(word);
        if !subject.is_empty() {
            return subject;
        }
        let own = doc.subtree(word);
        let Some(head) = doc.word(word).head else { return Vec::new() };
        let mut above = self.actors_below(head);
        above.retain(|(_, w)| own.binary_search(w).is_err());
        above
    }

    /// The verb and object of "sees B as a rival", for the word "rival".
    fn viewed(&self, word: WordId) -> Option<(WordId, WordId)> {
        let doc = self.doc;
        let as_one = doc
            .dependents_by(word, &[Deprel::Case, Deprel::Mark])
            .any(|c| doc.word(c).lemma == "as");
        let verb = doc.word(word).head?;
        let relation = doc.word(word).deprel;
        let names = matches!(
            doc.word(verb).lemma.as_str(),
            "consider" | "call" | "deem" | "label" | "brand"
        );
        if relation == Deprel::Obj && names {
            return Some((verb, doc.dependents_by(verb, &[Deprel::Iobj]).next()?));
        }
        let views = as_one && matches!(relation, Deprel::Obl | Deprel::Advcl | Deprel::Xcomp)
            || relation == Deprel::Xcomp && names;
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
            let doc = self.doc;
            if let Some(subject) = self.own_subject(at) {
                let named = self.named(subject);
                // "A's economy depends on B"
                let owned = named.is_empty() && doc.word(subject).upos == Upos::Noun;
                return if owned { self.owner(subject) } else { named };
            }
            let Some(head) = doc.word(at).head else { break };
            match doc.word(at).deprel {
                // "urged A to stop its raids on B"
                Deprel::Xcomp => {
                    let told = doc.dependents_by(head, &[Deprel::Obj, Deprel::Iobj]).next();
                    let named = told.map_or_else(Vec::new, |o| self.actors(o));
                    if !named.is_empty() {
                        return named;
                    }
                    at = head;
                }
                Deprel::Conj | Deprel::Advcl => at = head,
                Deprel::Obj | Deprel::Obl if doc.word(head).upos == Upos::Verb => at = head,
                // "B's main source of oil is A"
                Deprel::Nsubj if has(doc, head, Deprel::Cop) => return self.named(head),
                // "A in its fight against B"
                Deprel::Nmod if self.case(at) == Some("in") && !self.actors(head).is_empty() => {
                    return self.actors(head);
                }
                // "one of the main exporters"
                Deprel::Nmod | Deprel::Amod | Deprel::Compound => at = head,
                Deprel::Appos => return self.actors(head),
                Deprel::Acl | Deprel::AclRelcl => {
                    let mut named = self.actors(head);
                    // "A's plan to arm B"
                    if named.is_empty() && doc.word(head).upos == Upos::Noun {
                        named = self.owner(head);
                    }
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
        let passive = self.borne(word)
            || has(doc, word, Deprel::NsubjPass)
            || has(doc, word, Deprel::AuxPass);
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
    pub(super) fn object(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        doc.dependents_by(verb, &[Deprel::Obj, Deprel::NsubjPass])
            .find(|o| !matches!(doc.word(*o).xpos, Xpos::Wdt | Xpos::Wp))
            .or_else(|| self.gap(verb))
    }

    /// "parts of X that Y has occupied": the noun that lacks from the clause.
    pub(super) fn gap(&self, verb: WordId) -> Option<WordId> {
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

    /// The sides after a preposition, beside the word or beside the verb whose object it is; in
    /// trees that hang it lower, below what stands beside the word.
    fn prep(&self, word: WordId, prep: &str) -> Vec<Side> {
        let doc = self.doc;
        let mut hosts = vec![word];
        if let Some(head) = doc.word(word).head
            && matches!(
                doc.word(word).deprel,
                Deprel::Obj
                    | Deprel::NsubjPass
                    | Deprel::Xcomp
                    | Deprel::Amod
                    | Deprel::Obl
                    | Deprel::Compound
            )
        {
            hosts.push(head);
        }
        hosts.extend(doc.dependents_by(word, &[Deprel::Obj, Deprel::Nsubj]));
        if prep == "than" {
            hosts.extend(doc.ancestors(word).skip(1).take(2));
        }
        let relations = [Deprel::Obl, Deprel::Nmod, Deprel::OblAgent, Deprel::Advcl, Deprel::Iobj];
        let mut at = 0;
        while at < hosts.len() && at < 12 {
            let host = hosts[at];
            at += 1;
            for d in doc.dependents_by(host, &relations) {
                let marks = [Deprel::Case, Deprel::Mark];
                if !doc.dependents_by(d, &marks).any(|c| doc.word(c).lemma == prep) {
                    if doc.word(d).deprel == Deprel::Nmod {
                        hosts.push(d);
                    }
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
        // "trade with B has fallen", says a minister of A.
        if found.len() == 1
            && let Some(own) = self.speaker(word)
        {
            add(&mut found, vec![own]);
        }
        let mut distinct = found.into_iter();
        let first = distinct.next()?;
        let second = distinct.find(|s| !self.same_country(s.0, first.0))?;
        Some((first, second))
    }

    /// The state for which whoever says this speaks.
    fn speaker(&self, word: WordId) -> Option<Side> {
        let statement = Coding::statement_of(self.statements, self.doc.word(word).span)?;
        let statement = &self.statements[statement.0 as usize];
        let who = self.mentions.actor(statement.speaker?);
        let speaks = matches!(who.sector, Sector::Gov | Sector::Mil | Sector::Leg)
            || who.kind == ActorKind::State;
        let state = self.states.get(who.country.as_deref().filter(|_| speaks)?)?;
        Some((*state, self.doc.words_in(statement.source?).last()?))
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
            let mention = self.mentions.headed_by(word)?;
            // "in support of Operation Atalanta" helps no side.
            if doc.surface(doc.words_in(mention.span).start) == "Operation" {
                return None;
            }
            mention.actor
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
        doc.ancestors(word).take_while(|w| *w != top).any(|w| {
            matches!(doc.word(w).deprel, Deprel::AclRelcl | Deprel::Acl | Deprel::Advcl)
                || self.case(w).is_some_and(|c| c == "than")
        })
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
    pub(super) fn same_country(&self, a: ActorId, b: ActorId) -> bool {
        let (a, b) = (self.mentions.actor(a), self.mentions.actor(b));
        let apart = |s: Sector| matches!(s, Sector::Reb | Sector::Sep);
        a.country.is_some() && a.country == b.country && apart(a.sector) == apart(b.sector)
    }
}
