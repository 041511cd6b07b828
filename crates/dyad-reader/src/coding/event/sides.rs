//! From the words of a role to the actors that they name.

use super::tree::{self, Frame, lemma};
use crate::doc::{Deprel, Doc, EntityKind, Upos, WordId, Xpos};
use crate::mention::{ActorId, ActorMention, Mentions, PlaceId};
use crate::span::Span;
use dyad_lexicon::Acts;
use dyad_lexicon::acts::Role;
use dyad_record::{ActorKind, How, Sector};
use rustc_hash::FxHashMap;

/// One side of an act: the actor, and the words that name it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    pub actor: ActorId,
    pub span: Span,
}

/// Both what was resolved and the bare words of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub sides: Vec<Side>,
    /// The nouns in the role, resolved or not.
    pub heads: Vec<WordId>,
    /// The role was reached by `with`, `between` or as the object: a joint act may join them.
    pub joint: bool,
    /// The role is the possessor's.
    pub possessor: bool,
    /// The actor only stands beside the words of the role ("Norway's decision").
    pub beside: bool,
}

/// Where recipients stand when a row does not say.
const USUAL: &[&str] =
    &["against", "on", "to", "with", "at", "into", "toward", "towards", "over", "for", "from"];

/// Looks up the actors behind words.
pub struct Sides<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    acts: &'a Acts,
    /// For each word the mention of which it is the topmost word.
    by_top: Vec<Option<u32>>,
    places: Vec<Option<PlaceId>>,
    /// Words of dates: "on Thursday" is no recipient.
    dated: Vec<bool>,
    states: FxHashMap<&'a str, ActorId>,
}

impl<'a> Sides<'a> {
    pub fn new(doc: &'a Doc<'a>, mentions: &'a Mentions, acts: &'a Acts) -> Self {
        let mut by_top: Vec<Option<u32>> = vec![None; doc.words.len()];
        for (i, mention) in mentions.actor_mentions.iter().enumerate() {
            let inside = |w: WordId| mention.words.contains(&w);
            let top = mention
                .words
                .clone()
                .find(|w| doc.word(*w).head.is_none_or(|h| !inside(h)))
                .unwrap_or(mention.head);
            let wider =
                |j: u32| mentions.actor_mentions[j as usize].span.len() < mention.span.len();
            if by_top[top as usize].is_none_or(wider) {
                by_top[top as usize] = Some(i as u32);
            }
        }
        let mut places = vec![None; doc.words.len()];
        for mention in &mentions.place_mentions {
            places[mention.head as usize] = Some(mention.place);
        }
        let mut dated = vec![false; doc.words.len()];
        let dates = doc.entities.iter().filter(|e| e.kind == EntityKind::Date);
        for words in dates.map(|e| &e.words).chain(mentions.times.iter().map(|t| &t.words)) {
            for word in words.clone() {
                dated[word as usize] = true;
            }
        }
        let mut states = FxHashMap::default();
        for (i, actor) in mentions.actors.iter().enumerate() {
            if actor.kind == ActorKind::State
                && let Some(country) = &actor.country
            {
                states.entry(country.as_str()).or_insert(ActorId(i as u32));
            }
        }
        Sides { doc, mentions, acts, by_top, places, dated, states }
    }

    /// A name that nobody knows is whoever the description before it says.
    fn description_before(&self, name: &ActorMention) -> Option<&'a ActorMention> {
        let actor = self.mentions.actor(name.actor);
        let unknown = name.how == How::Name
            && actor.kind == ActorKind::Person
            && actor.country.is_none()
            && self.doc.word(name.head).upos == Upos::Propn;
        let before = self.mention(name.words.start.checked_sub(1).filter(|_| unknown)?)?;
        let one = before.how == How::Description
            && before.words.end == name.words.start
            && self.doc.word(before.head).sentence == self.doc.word(name.head).sentence
            && self.mentions.actor(before.actor).country.is_some();
        one.then_some(before)
    }

    /// When or where, not who.
    fn is_setting(&self, word: WordId) -> bool {
        self.dated[word as usize] || self.place(word).is_some()
    }

    pub fn place(&self, word: WordId) -> Option<PlaceId> {
        self.places[word as usize]
    }

    fn mention(&self, word: WordId) -> Option<&'a ActorMention> {
        self.mentions.headed_by(word).or_else(|| {
            let i = self.by_top.get(word as usize).copied().flatten()?;
            Some(&self.mentions.actor_mentions[i as usize])
        })
    }

    /// The actor that the word itself names. A weapon is none, whoever may be meant by it.
    pub fn direct(&self, word: WordId) -> Option<Side> {
        let thing = |m: &ActorMention| m.how == How::Description && self.is_weapon(word);
        let mention = self.mention(word).filter(|m| !thing(m))?;
        let mention = self.description_before(mention).unwrap_or(mention);
        let named = self.name_after(mention).unwrap_or(mention);
        if mention.how == How::Pronoun
            && let Some(antecedent) = self.antecedent(mention)
        {
            return Some(Side { actor: antecedent.actor, span: antecedent.span });
        }
        Some(Side { actor: named.actor, span: mention.span.cover(named.span) })
    }

    /// The words of the sentence that name whom a pronoun stands for.
    fn antecedent(&self, pronoun: &ActorMention) -> Option<&'a ActorMention> {
        let sentence = self.doc.word(pronoun.head).sentence;
        let all = &self.mentions.actor_mentions;
        let end = all.partition_point(|m| m.span.start < pronoun.span.start);
        let before = all[..end].iter().rev();
        before
            .take_while(|m| self.doc.word(m.head).sentence == sentence)
            .find(|m| m.actor == pronoun.actor && m.how != How::Pronoun)
    }

    /// "the Icelandic leader Jon Palsson": the name that stands at the end of a description is of
    /// the same person, and says more.
    fn name_after(&self, described: &ActorMention) -> Option<&'a ActorMention> {
        if described.how != How::Description {
            return None;
        }
        let doc = self.doc;
        let next = self.mention(described.words.end).filter(|m| m.how == How::Name)?;
        let country = &self.mentions.actor(described.actor).country;
        let name = self.mentions.actor(next.actor);
        let one = doc.word(next.head).sentence == doc.word(described.head).sentence
            && next.words.start == described.words.end
            && name.kind == ActorKind::Person
            && name.country.is_some()
            && (country.is_none() || *country == name.country);
        one.then_some(next)
    }

    /// The actors named by the words and all that is coordinated with them.
    fn all_direct(&self, heads: &[WordId]) -> Vec<Side> {
        let mut found = Vec::new();
        for word in heads.iter().flat_map(|h| tree::coordinated(self.doc, *h)) {
            let several = self.several(word);
            if !several.is_empty() {
                found.extend(several);
                continue;
            }
            let counted = || tree::counted(self.doc, self.acts, word).and_then(|c| self.direct(c));
            found.extend(self.direct(word).or_else(counted));
        }
        found
    }

    /// The sides of a plural that stands for more than one: those of "the armies of X and Y", and
    /// those spoken of last for "the two countries", "the leaders".
    fn several(&self, word: WordId) -> Vec<Side> {
        let doc = self.doc;
        let meant = Some(self.meant(word)).filter(|sides| sides.len() > 1);
        if doc.word(word).xpos != Xpos::Nns {
            return meant.unwrap_or_default();
        }
        let owners = [Deprel::Nmod, Deprel::NmodPoss, Deprel::Amod];
        let mut named = 0;
        for owner in doc.dependents_by(word, &owners) {
            let sides: Vec<Side> = tree::coordinated(doc, owner)
                .into_iter()
                .filter_map(|w| self.direct(w).filter(|s| self.is_state(s.actor)))
                .collect();
            named += sides.len();
            let of = doc.word(owner).deprel != Deprel::Nmod || tree::is_under(doc, owner, &["of"]);
            if of && sides.len() > 1 {
                return sides;
            }
        }
        match meant {
            _ if named > 0 => Vec::new(),
            Some(sides) => sides,
            None => self.spoken_of(word),
        }
    }

    /// All whom the one mention that the word heads means: "Iranian and Saudi officials", "the pair".
    fn meant(&self, word: WordId) -> Vec<Side> {
        let Some(one) = self.mentions.headed_by(word) else { return Vec::new() };
        let all = &self.mentions.actor_mentions;
        let start = all.partition_point(|m| m.span.start < one.span.start);
        let same = all[start..].iter().take_while(|m| m.span.start == one.span.start);
        let named = |m: &'a ActorMention| match m.how {
            How::Pronoun => self.antecedent(m).unwrap_or(m),
            _ => m,
        };
        let sides = same.filter(|m| m.span == one.span).map(named);
        sides.map(|m| Side { actor: m.actor, span: m.span }).collect()
    }

    fn is_state(&self, id: ActorId) -> bool {
        self.mentions.actor(id).kind == ActorKind::State
    }

    /// "the two countries", "both sides", "the presidents": the two that were named last.
    fn spoken_of(&self, word: WordId) -> Vec<Side> {
        /// How many sentences back.
        const BACK: u32 = 4;
        let doc = self.doc;
        let lemma = lemma(doc, word);
        let persons = self.acts.in_class(lemma, "pair-persons");
        if !persons && !self.acts.in_class(lemma, "pair-states") {
            return Vec::new();
        }
        let is = |w: WordId, words: &[&str]| {
            words.iter().any(|other| doc.surface(w).eq_ignore_ascii_case(other))
        };
        let before = doc.dependents(word).iter().copied().filter(|d| *d < word);
        let before: Vec<WordId> = before.filter(|d| doc.word(*d).deprel != Deprel::Case).collect();
        let plain =
            before.iter().all(|d| is(*d, &["the", "two", "both", "neighbouring", "neighboring"]));
        let definite = before.iter().any(|d| is(*d, &["the", "both"]));
        let restricted = doc
            .dependents_by(word, &[Deprel::Nmod, Deprel::Acl, Deprel::AclRelcl, Deprel::Appos])
            .next()
            .is_some();
        if !plain || !definite || restricted {
            return Vec::new();
        }
        let end = self.mentions.actor_mentions.partition_point(|m| m.head < word);
        // "X told reporters that the leaders would meet": X tells of others.
        let above = |w: WordId| {
            doc.word(w).deprel == Deprel::Nsubj
                && doc.word(w).head.is_some_and(|h| doc.ancestors(word).skip(2).any(|a| a == h))
        };
        let mut found: Vec<ActorId> = Vec::new();
        for mention in self.mentions.actor_mentions[..end].iter().rev() {
            if doc.word(mention.head).sentence + BACK < doc.word(word).sentence {
                break;
            }
            let actor = self.mentions.actor(mention.actor);
            let fits = if persons {
                actor.kind == ActorKind::Person && actor.sector == Sector::Gov
            } else {
                actor.kind == ActorKind::State
            };
            let telling = persons && above(mention.head);
            if fits && !telling && actor.country.is_some() && !found.contains(&mention.actor) {
                found.push(mention.actor);
                if found.len() == 2 {
                    break;
                }
            }
        }
        let [second, first] = found[..] else { return Vec::new() };
        let span = self.phrase(word);
        [first, second].map(|actor| Side { actor, span }).to_vec()
    }

    /// The same, or else the actors that stand beside them: "Norway's decision", "Russian jets",
    /// "officials of the ministry".
    fn all_beside(&self, heads: &[WordId], prepositions: &[&str], places: bool) -> Vec<Side> {
        let mut found = Vec::new();
        for head in heads.iter().flat_map(|h| tree::coordinated(self.doc, *h)) {
            let several = self.several(head);
            match self.direct(head) {
                _ if !several.is_empty() => found.extend(several),
                Some(side) => found.push(side),
                None => found.extend(self.beside(head, prepositions, places)),
            }
        }
        found
    }

    fn beside(&self, head: WordId, prepositions: &[&str], places: bool) -> Vec<Side> {
        let doc = self.doc;
        // "Norwegian government jets": what flies is its country's.
        if self.is_weapon(head)
            && let Some(mention) = self.mention(head)
            && let Some(country) = self.mentions.actor(mention.actor).country.as_deref()
        {
            let actor = self.state(country).unwrap_or(mention.actor);
            return vec![Side { actor, span: mention.span }];
        }
        for relation in [Deprel::NmodPoss, Deprel::Amod, Deprel::Compound, Deprel::Appos] {
            if relation == Deprel::Appos && self.is_setting(head) {
                // "on Monday, a sign of Iceland's hopes"
                continue;
            }
            let words: Vec<WordId> = doc.dependents_by(head, &[relation]).collect();
            let sides = self.all_direct(&words);
            if !sides.is_empty() {
                return sides;
            }
            // "Kyiv's power plants"
            if let Some(side) =
                places.then(|| words.iter().find_map(|w| self.state_of(*w))).flatten()
            {
                return vec![side];
            }
        }
        for preposition in prepositions {
            let under: Vec<WordId> = doc
                .dependents_by(head, &[Deprel::Nmod, Deprel::Obl])
                .filter(|n| tree::is_under(doc, *n, &[*preposition]))
                .collect();
            let sides = self.all_direct(&under);
            if !sides.is_empty() {
                return sides;
            }
            if let Some(side) =
                places.then(|| under.iter().find_map(|w| self.state_of(*w))).flatten()
            {
                return vec![side];
            }
            // "the wives of officers of the guard": one step further, no more.
            for word in &under {
                let modifiers: Vec<WordId> = doc
                    .dependents_by(*word, &[Deprel::NmodPoss, Deprel::Amod, Deprel::Compound])
                    .collect();
                let sides = self.all_direct(&modifiers);
                if !sides.is_empty() {
                    return sides;
                }
            }
        }
        if places && let Some(side) = self.state_of(head) {
            return vec![side];
        }
        Vec::new()
    }

    /// Who is named by the word or beside it: "the Norwegian capital".
    pub fn owner(&self, word: WordId) -> Option<Side> {
        self.direct(word).or_else(|| self.beside(word, &["of"], true).first().copied())
    }

    /// The state to which a place belongs, where the report names it as an actor.
    pub fn state_of(&self, word: WordId) -> Option<Side> {
        let place = &self.mentions.places[self.place(word)?.0 as usize];
        let actor = self.state(place.country.as_deref()?)?;
        Some(Side { actor, span: self.doc.word(word).span })
    }

    /// The state of this country, where the report names it.
    pub fn state(&self, country: &str) -> Option<ActorId> {
        self.states.get(country).copied()
    }

    /// Who does an act and whom it strikes: a verb's subject first, a noun's possessor only if it does not
    /// bear the act.
    pub fn of_act(&self, frame: &Frame, noun: bool, to: &[Role]) -> (Found, Found) {
        if noun {
            let recipients = self.recipients(frame, to, &[]);
            (self.agents(frame, noun, !recipients.possessor), recipients)
        } else {
            let agents = self.agents(frame, noun, false);
            let recipients = self.recipients(frame, to, &agents.sides);
            (agents, recipients)
        }
    }

    /// Who does it. `of_acts`: the trigger is a noun; `possessor`: its possessor may be the one.
    pub fn agents(&self, frame: &Frame, of_acts: bool, possessor: bool) -> Found {
        const OWN: &[&str] = &["by", "of", "from"];
        let mut candidates: Vec<Vec<WordId>> = vec![frame.subjects.clone()];
        if of_acts {
            let before = frame.modifiers.iter().filter(|m| !frame.possessors.contains(m));
            if possessor {
                candidates.push(frame.possessors.clone());
            }
            candidates.push(before.copied().filter(|m| self.direct(*m).is_some()).collect());
            candidates.push(frame.under("by").collect());
        }
        let heads = candidates.iter().find(|c| !c.is_empty()).cloned().unwrap_or_default();
        let mut sides = Vec::new();
        for heads in &candidates {
            sides = self.all_direct(heads);
            if sides.is_empty() {
                sides = self.all_beside(heads, OWN, false);
            }
            if !sides.is_empty() {
                break;
            }
        }
        if sides.is_empty()
            && let Some(author) = heads.first().and_then(|h| self.author(*h))
        {
            return author;
        }
        Found { sides, heads, ..Found::default() }
    }

    /// "issued a report that accuses": whoever issues the paper accuses.
    fn author(&self, paper: WordId) -> Option<Found> {
        let word = self.doc.word(paper);
        let verb = word.head.filter(|h| {
            matches!(word.deprel, Deprel::Obj | Deprel::Obl) && self.doc.word(*h).upos == Upos::Verb
        })?;
        if !self.acts.in_class(&word.lemma, "papers") {
            return None;
        }
        let heads = tree::agents(self.doc, verb);
        let sides = self.all_direct(&heads);
        (!heads.is_empty()).then(|| Found { sides, heads, ..Found::default() })
    }

    /// Whom it strikes, by the paths that the row gives, best first; nobody strikes himself.
    pub fn recipients(&self, frame: &Frame, to: &[Role], own: &[Side]) -> Found {
        let usual: Vec<Role>;
        let to = if to.is_empty() {
            usual = [Role::Object, Role::Indirect]
                .into_iter()
                .chain(USUAL.iter().map(|p| Role::Preposition((*p).into())))
                .collect();
            &usual
        } else {
            to
        };
        let heads_of = |role: &Role| -> Vec<WordId> {
            match role {
                Role::Object => frame.objects.clone(),
                Role::Indirect => frame.indirect.clone(),
                Role::Subject => frame.subjects.clone(),
                Role::Clause => frame.clause.clone(),
                Role::Possessor if !frame.possessors.is_empty() => frame.possessors.clone(),
                Role::Possessor => frame.modifiers.clone(),
                Role::Preposition(p) => {
                    frame.under(p).filter(|w| !self.dated[*w as usize]).collect()
                }
            }
        };
        let joint = |role: &Role| match role {
            Role::Object => true,
            Role::Preposition(p) => matches!(p.as_str(), "with" | "between" | "to" | "among"),
            _ => false,
        };
        let first = to.iter().map(|r| (r, heads_of(r))).find(|(_, heads)| !heads.is_empty());
        let Some((first_role, first_heads)) = first else { return Found::default() };
        for role in to {
            let heads = heads_of(role);
            let sides = others(self.all_direct(&heads), own);
            if !sides.is_empty() {
                // "rejected X's request": what it strikes is the request, whom it strikes is X.
                let heads = match role {
                    Role::Possessor if !frame.objects.is_empty() => frame.objects.clone(),
                    Role::Preposition(p)
                        if to.contains(&Role::Possessor)
                            && frame.obliques.iter().any(|o| {
                                o.inner && heads.contains(&o.head) && o.prepositions.contains(p)
                            }) =>
                    {
                        frame.objects.clone()
                    }
                    _ if *role == *first_role => first_heads,
                    _ => heads,
                };
                return Found {
                    sides,
                    heads,
                    joint: joint(role),
                    possessor: *role == Role::Possessor,
                    beside: false,
                };
            }
        }
        for role in to {
            let beside = self.all_beside(
                &heads_of(role),
                &["of", "in", "at", "from", "against", "on", "to", "with", "near", "by"],
                true,
            );
            let sides = others(beside, own);
            if !sides.is_empty() {
                let possessor = *role == Role::Possessor;
                let (heads, joint) = (first_heads, joint(role));
                return Found { sides, heads, joint, possessor, beside: true };
            }
        }
        Found { heads: first_heads, joint: joint(first_role), ..Found::default() }
    }

    /// The noun phrase of a word, as [`phrase`] has it; of a pronoun the words of the sentence that
    /// name whom it stands for.
    pub fn phrase(&self, head: WordId) -> Span {
        let pronoun = self.mention(head).filter(|m| m.how == How::Pronoun);
        let named = pronoun.and_then(|m| self.antecedent(m)).map_or(head, |m| m.head);
        phrase(self.doc, named, &self.dated)
    }

    /// Where it was done, for acts that strike whoever is there: the place under `in`, with the
    /// state that the report names.
    pub fn struck_in(&self, frame: &Frame, own: &[Side]) -> Found {
        let heads: Vec<WordId> = frame
            .under("in")
            .filter(|w| !self.dated[*w as usize])
            .filter(|w| self.place(*w).is_some() || self.direct(*w).is_some())
            .collect();
        let sides = others(self.all_beside(&heads, &["of", "in"], true), own);
        Found { sides, heads, ..Found::default() }
    }

    /// Whether the word may name someone who acts: a known actor, a name, people, a body.
    pub fn is_party(&self, word: WordId) -> bool {
        self.is_power(word)
            || self.direct(word).is_some()
            || self.acts.in_class(lemma(self.doc, word), "humans")
    }

    /// The same without nameless people: a name, a body, an actor of a known state or organisation.
    pub fn is_power(&self, word: WordId) -> bool {
        let w = self.doc.word(word);
        let known = |side: Side| {
            let actor = self.mentions.actor(side.actor);
            actor.country.is_some() || actor.organisation.is_some()
        };
        w.upos == Upos::Propn && !self.dated[word as usize]
            || self.direct(word).is_some_and(known)
            || self.acts.in_class(&w.lemma, "organs")
    }

    /// Whether the report calls this actor of a known state a national or state-owned one.
    pub fn is_state_owned(&self, id: ActorId) -> bool {
        let mut mentions = self.mentions.actor_mentions.iter().filter(|m| m.actor == id);
        self.mentions.actor(id).country.is_some()
            && mentions.any(|m| {
                let mut words = m.words.clone();
                words.any(|w| self.acts.in_class(lemma(self.doc, w), "state-owned"))
            })
    }

    /// Whether the word means what flies and strikes.
    pub fn is_weapon(&self, word: WordId) -> bool {
        let lemma = lemma(self.doc, word);
        ["air_targets", "projectiles"].iter().any(|class| self.acts.in_class(lemma, class))
    }

    /// Whether the word means people.
    pub fn is_human(&self, word: WordId) -> bool {
        self.direct(word).is_some_and(|s| {
            matches!(self.mentions.actor(s.actor).kind, ActorKind::Person | ActorKind::Group)
        }) || self.acts.in_class(lemma(self.doc, word), "humans")
    }
}

/// The sides that are not one's own.
fn others(mut sides: Vec<Side>, own: &[Side]) -> Vec<Side> {
    sides.retain(|s| own.iter().all(|o| o.actor != s.actor));
    sides
}

/// The noun phrase of a word: its determiners, adjectives, compounds, what hangs on it after a
/// preposition, and the name that it is given.
fn phrase(doc: &Doc<'_>, head: WordId, dated: &[bool]) -> Span {
    /// What sets the scene and belongs to no noun.
    const SCENE: &[&str] = &["following", "after", "before", "during", "since", "amid", "despite"];
    const OUT: &[Deprel] = &[
        Deprel::AclRelcl,
        Deprel::Acl,
        Deprel::Conj,
        Deprel::Cc,
        Deprel::Punct,
        Deprel::Parataxis,
        Deprel::Advcl,
        Deprel::Case,
        Deprel::Cop,
        Deprel::Nsubj,
    ];
    let mut span = doc.word(head).span;
    for &dependent in doc.dependents(head) {
        let relation = doc.word(dependent).deprel;
        if relation == Deprel::Appos {
            // "the German journalist Ina Roth": the name belongs to the description.
            if doc.word(dependent).upos == Upos::Propn {
                span = span.cover(phrase(doc, dependent, dated));
            }
            continue;
        }
        let scene = dependent > head
            && (dated[dependent as usize] || tree::is_under(doc, dependent, SCENE));
        if !OUT.contains(&relation) && !scene {
            span = span.cover(doc.subtree_span(dependent));
        }
    }
    closed(doc, span)
}

/// A phrase that ends inside brackets runs to their end.
fn closed(doc: &Doc<'_>, span: Span) -> Span {
    let words = span.of(&doc.report.text);
    let open = words.matches('(').count() > words.matches(')').count();
    let next = doc.words_in(span).end;
    let closes = open && (next as usize) < doc.words.len() && doc.surface(next) == ")";
    if closes { span.cover(doc.word(next).span) } else { span }
}
