//! Who did what to whom: PLOVER and CAMEO codes with the status of each act.
//!
//! A trigger is a word that some row of `acts.tsv` knows; the row that asks for most and is met
//! names the act ([`pattern`]). Its clause ([`tree`]) gives the two sides ([`sides`]), the words
//! above it how far it has come ([`status`]), and the expressions below it when ([`when`]) and
//! where ([`place`]).

pub mod confidence;
pub mod deep;
mod head;
mod heard;
pub mod judge;
pub mod own;
pub mod pair;
mod pattern;
pub mod place;
mod sides;
mod status;
mod teller;
pub(super) mod tree;
pub mod trigger;
mod user;
mod when;
mod why;
mod wide;

use super::{Coding, Event, Finding, Models, Provenance, Statement};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, Mentions, PlaceId};
use crate::span::Span;
use confidence::Basis;
use dyad_lexicon::acts::{ActPos, ActRule, Role};
use dyad_lexicon::{Acts, Lexicons};
use dyad_record::{ActorKind, EventType, PassageKind, PlaceBasis, Quad, Sector, Status};
use head::{Belief, Heads};
use pattern::{Look, Match};
use place::ActPlaces;
use rustc_hash::{FxHashMap, FxHashSet};
use sides::{Found, Side, Sides};
use status::Standing;
use teller::Teller;
use tree::Frame;
pub use why::{own_pattern, runners_up, signs};

/// An act before it is weighed: trigger, rule, roles and status.
struct Act<'a> {
    trigger: WordId,
    rule: &'a ActRule,
    kind: EventType,
    mode: Option<String>,
    cameo: String,
    named: Vec<WordId>,
    frame: Frame,
    agents: Found,
    recipients: Found,
    standing: Standing,
    has_infinitive: bool,
    /// "accused each other"
    reciprocal: bool,
    /// Who its sides are has told the type, whatever a model holds.
    settled: bool,
    found_by: String,
    /// What the models believe of it, where both sides are known.
    belief: Option<Belief>,
}

impl Act<'_> {
    /// Whether what it strikes is a weapon in flight.
    fn fells(&self, sides: &Sides<'_>) -> bool {
        self.rule.to.contains(&Role::Object) && self.named.iter().any(|w| sides.is_weapon(*w))
    }
}

pub fn find(
    doc: &Doc<'_>,
    mentions: &Mentions,
    statements: &[Statement],
    lexicons: &Lexicons,
    models: &Models,
) -> Vec<Event> {
    if lexicons.discards.within(&doc.report.text) == Some(true) {
        return Vec::new();
    }
    let parsed = doc;
    let doc = &tree::mended(doc, &lexicons.acts);
    let sides = Sides::new(doc, mentions, &lexicons.acts);
    let rows = heard::rows();
    let mut acts = acts(doc, mentions, &sides, &lexicons.acts);
    acts.iter_mut().for_each(|act| by_words(doc, mentions, &lexicons.acts, act));
    join_chains(doc, &mut acts, &lexicons.acts);
    share_recipients(doc, &mut acts);
    let teller = Teller { doc, mentions, statements, sides: &sides };
    acts.iter_mut().for_each(|act| teller.lend_actor(act));
    let topic = Topic::of(doc, mentions, &lexicons.acts);
    let repeated = repeated_sentences(doc);
    acts.retain(|act| !repeated[doc.word(act.trigger).sentence as usize]);
    let certain: Vec<bool> = acts
        .iter()
        .map(|act| {
            let told = is_told(doc, mentions, &sides, act)
                || topic == Topic::Politics
                    && (is_between_parties(&sides, act) || befalls_somebody(mentions, act));
            told && (topic != Topic::Other || is_between_states(mentions, act))
        })
        .collect();
    // Where something political is told for certain, what the ear hears in a word is told too.
    let words = models.trigger.as_ref();
    let heard = words.filter(|_| topic == Topic::Politics && certain.contains(&true));
    let mut certain = certain.into_iter();
    acts.retain(|act| {
        certain.next() == Some(true) || heard.is_some_and(|model| heard::is_told(doc, model, act))
    });
    let mut told = Vec::new();
    let deep = models.pair.deep().filter(|_| topic == Topic::Politics && !acts.is_empty());
    let wide = deep.map(|deep| wide::Wide::new(deep, doc, mentions, &sides, &lexicons.acts));
    if topic == Topic::Politics {
        let heads = Heads {
            doc,
            mentions,
            acts: &lexicons.acts,
            cues: &lexicons.cues,
            model: &models.pair,
            words,
        };
        let sound = (0..doc.sentences.len()).filter(|i| !repeated[*i]);
        told.extend(sound.clone().flat_map(|i| heads.hear(parsed, i as u32, &mut acts)));
        if let Some(wide) = wide.as_ref().filter(|_| heard.is_some()) {
            acts.iter_mut().for_each(|act| wide.weigh(act));
            let more: Vec<_> =
                sound.flat_map(|i| wide.hear(i as u32, &rows, &acts, &told)).collect();
            acts.extend(more);
            acts.sort_by_key(|act| act.trigger);
        } else if let Some(model) = heard {
            let ear = heard::Ear {
                doc,
                mentions,
                sides: &sides,
                acts: &lexicons.acts,
                cues: &lexicons.cues,
                model,
            };
            let more: Vec<_> =
                sound.flat_map(|i| ear.hear(i as u32, &rows, &acts, &told)).collect();
            acts.extend(more);
            acts.sort_by_key(|act| act.trigger);
        }
    }
    let own = user::find(doc, mentions, &sides, &lexicons.verbs);
    let triggers = acts.iter().map(|a| a.trigger);
    let triggers = triggers.chain(told.iter().map(|a| a.trigger));
    let triggers = triggers.chain(own.acts.iter().map(|a| a.trigger));
    let times = when::Times::new(doc, mentions, triggers.collect());
    let places = ActPlaces::new(doc, mentions);
    let maker = Maker { doc, mentions, statements, sides: &sides, lexicons, places: &places };
    let mut events: Vec<Event> = acts.iter().map(|act| maker.event(act, &times)).collect();
    events.extend(told.into_iter().map(|act| maker.plain_event(act, &times)));
    maker.let_user_win(&mut events, &own, &times);
    let defined = own::find(doc, mentions, &sides, &lexicons.acts, &models.own);
    maker.add_defined(&mut events, defined, &repeated, times);
    events.sort_by_key(|e| (e.trigger, e.kind));
    mend_damaged(doc, &mut events);
    inherit_places(doc, mentions, &mut events);
    teller.inherit_sides(&mut events);
    confidence::settle(doc, mentions, &mut events, models, wide.as_ref());
    keep_only(&mut events, |event| models.confidence.tells(event));
    // A user's words keep their sentence from being coded.
    keep_only(&mut events, |event| {
        let sentence = &doc.sentences[doc.word(event.trigger_word).sentence as usize];
        lexicons.discards.within(sentence.span.of(&doc.report.text)).is_none()
    });
    events
}

/// Leaves some events out; what stands on one of the others says so by its new number.
fn keep_only(events: &mut Vec<Event>, keep: impl Fn(&Event) -> bool) {
    let kept: Vec<bool> = events.iter().map(keep).collect();
    let number = |old: u32| kept[..old as usize].iter().filter(|k| **k).count() as u32;
    for event in events.iter_mut() {
        event.provenance.from.retain_mut(|finding| match finding {
            Finding::Event(old) if !kept[*old as usize] => false,
            Finding::Event(old) => {
                *old = number(*old);
                true
            }
            _ => true,
        });
    }
    retain_kept(events, &kept);
}

/// Which sentences repeat an earlier one word for word, as a headline set twice does: what they
/// tell has been told.
fn repeated_sentences(doc: &Doc<'_>) -> Vec<bool> {
    let mut seen: FxHashSet<Vec<&str>> = FxHashSet::default();
    let words = |span: Span| span.of(&doc.report.text).split_whitespace().collect::<Vec<_>>();
    doc.sentences.iter().map(|s| words(s.span)).map(|w| w.len() > 3 && !seen.insert(w)).collect()
}

/// Every act that a rule tells of, verbs first: what a verb's rule names is part of that act.
fn acts<'a>(
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    sides: &'a Sides<'a>,
    lexicon: &'a Acts,
) -> Vec<Act<'a>> {
    let look = Look { doc, mentions, acts: lexicon, sides };
    let mut found: Vec<Act<'a>> = Vec::new();
    let mut named: FxHashMap<WordId, usize> = FxHashMap::default();
    for pass in [ActPos::Verb, ActPos::Adj, ActPos::Noun] {
        for word in 0..doc.words.len() as WordId {
            if pattern::act_pos(doc, word) != Some(pass)
                || lexicon.rules(pass, tree::lemma(doc, word)).next().is_none()
            {
                continue;
            }
            let frame = match pass {
                ActPos::Noun => tree::noun_frame(doc, word, lexicon),
                ActPos::Verb | ActPos::Adj => tree::verb_frame(doc, word),
            };
            let Some(Match { rule, named: words }) = look.best(pass, word, &frame) else {
                continue;
            };
            let Some(kind) = rule.kind else { continue };
            let mut standing = status::standing(doc, lexicon, word, frame.light);
            // "tried to persuade them": who tries has asked.
            let tries = |w| lexicon.in_class(tree::lemma(doc, w), "tries");
            if kind == EventType::Request
                && standing.status == Status::Planned
                && standing.carrier.is_some_and(tries)
            {
                standing.status = Status::Happened;
            }
            if let Some(of) = named.get(&word) {
                // The verb's rule has named this noun; only a carrier leaves it an act of its own.
                let carried = standing.carrier == Some(found[*of].trigger);
                if !carried || found[*of].kind == kind {
                    let of = &mut found[*of];
                    if of.rule.to.contains(&Role::Subject) && of.agents.sides.is_empty() {
                        // "died in the Norwegian attack"
                        of.agents = sides.agents(&frame, true, true);
                    }
                    continue;
                }
            }
            let noun = pass == ActPos::Noun;
            let (mut agents, mut recipients) = sides.of_act(&frame, noun, &rule.to);
            let reciprocal = tree::is_reciprocal(doc, &frame);
            let infinitive = look.infinitive(word);
            if let Some(below) = infinitive.filter(|_| recipients.sides.is_empty())
                && matches!(kind, EventType::Agree | EventType::Aid)
            {
                // "agreed to provide X with", "gave money to help X": the open clause names the
                // other side.
                let of_clause = sides.recipients(&tree::verb_frame(doc, below), &[], &agents.sides);
                if !of_clause.sides.is_empty() {
                    recipients = Found { joint: false, ..of_clause };
                }
            }
            if recipients.sides.is_empty() && kind == EventType::Request {
                // "called for X to do": who is to do it is asked.
                let asked = sides.recipients(&frame, &[Role::Clause], &agents.sides);
                if !asked.sides.is_empty() {
                    recipients = asked;
                }
            }
            if agents.sides.is_empty() && pass == ActPos::Noun {
                agents = of_agent(sides, &frame, rule, agents);
            }
            if agents.sides.is_empty() && pass == ActPos::Noun && rule.mutual && !frame.passive {
                agents = attendant(doc, sides, word, &recipients).unwrap_or(agents);
            }
            if rule.mutual && recipients.joint && recipients.beside {
                // Who meets an indication of another's efforts meets nobody.
                recipients = Found::default();
            }
            if rule.to.contains(&Role::Subject) && recipients.heads == agents.heads {
                // Who dies does not do it.
                agents = Found::default();
            }
            if recipients.sides.is_empty() && strikes_where_it_is(kind) {
                let there = sides.struck_in(&frame, &agents.sides);
                let known = !there.sides.is_empty();
                if known && !recipients.heads.iter().any(|h| sides.is_human(*h))
                    || recipients.heads.is_empty()
                {
                    recipients.sides = there.sides;
                    recipients.heads.extend(there.heads);
                }
            }
            if kind == EventType::Coerce && frame.passive && agents.heads.is_empty() {
                // "was arrested in Norway": who rules there did it.
                agents = sides.struck_in(&frame, &recipients.sides);
            }
            drop_shared(&mut agents, &mut recipients);
            for w in &words {
                named.insert(*w, found.len());
            }
            found.push(Act {
                trigger: word,
                rule,
                kind,
                mode: rule.mode.as_ref().map(|m| m.to_string()),
                cameo: rule.cameo.to_string(),
                named: words,
                frame,
                agents,
                recipients,
                standing,
                has_infinitive: infinitive.is_some(),
                reciprocal,
                settled: false,
                found_by: format!("acts:{}", rule.line),
                belief: None,
            });
        }
    }
    found.sort_by_key(|a| a.trigger);
    drop_echoes(doc, &mut found);
    found
}

/// A politician who attacks a rival, a firm or a group of people does so in words; a state, a place or whoever
/// bears arms is attacked with force.
fn by_words(doc: &Doc<'_>, mentions: &Mentions, lexicon: &Acts, act: &mut Act<'_>) {
    let civil = |s: &Side| {
        use Sector::{Cop, Mil, Reb, Sep, Spy};
        !matches!(mentions.actor(s.actor).sector, Mil | Reb | Sep | Cop | Spy)
    };
    let kind = |s: &Side| mentions.actor(s.actor).kind;
    let speaks = |s: &Side| {
        use Sector::{Gov, Jud, Leg, Opp};
        let actor = mentions.actor(s.actor);
        let known = actor.country.is_some() && actor.name.starts_with(char::is_uppercase);
        civil(s)
            && actor.kind == ActorKind::Person
            && (known || matches!(actor.sector, Gov | Leg | Opp | Jud))
    };
    let rebuked =
        |s: &Side| civil(s) && !matches!(kind(s), ActorKind::State | ActorKind::PlaceAsActor);
    let lemma = tree::lemma(doc, act.trigger);
    let in_words = act.kind == EventType::Assault
        && act.rule.needs.is_empty()
        && lexicon.in_class(lemma, "blows-or-words")
        && !act.agents.sides.is_empty()
        && !act.recipients.sides.is_empty()
        && act.agents.sides.iter().all(speaks)
        && act.recipients.sides.iter().all(rebuked);
    let mut rules = pattern::act_pos(doc, act.trigger)
        .filter(|_| in_words)
        .into_iter()
        .flat_map(|pos| lexicon.rules(pos, lemma));
    if let Some(rule) = rules.find(|r| r.kind == Some(EventType::Accuse)) {
        act.kind = EventType::Accuse;
        act.mode = rule.mode.as_ref().map(|m| m.to_string());
        act.cameo = rule.cameo.to_string();
        act.found_by = format!("acts:{}", rule.line);
        act.settled = true;
    }
}

/// Whether such an act strikes whoever is where it is done.
fn strikes_where_it_is(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::Aid
            | EventType::Assault
            | EventType::Coerce
            | EventType::Mobilize
            | EventType::Retreat
            | EventType::Sanction
    )
}

/// "the visit of the envoy": an `of` that the row does not give to the recipient is the actor.
fn of_agent(sides: &Sides<'_>, frame: &Frame, rule: &ActRule, agents: Found) -> Found {
    let of = Role::Preposition("of".into());
    if rule.to.contains(&of) || (rule.mutual && !agents.heads.is_empty()) {
        return agents;
    }
    let found = sides.recipients(frame, &[of], &[]);
    if found.heads.is_empty() { agents } else { found }
}

/// "raised it at a meeting with the envoy": whoever does something there took part.
fn attendant(doc: &Doc<'_>, sides: &Sides<'_>, noun: WordId, recipients: &Found) -> Option<Found> {
    let verb = tree::setting_of(doc, noun)?;
    let [other] = recipients.sides.as_slice() else { return None };
    if !recipients.joint || recipients.beside {
        return None;
    }
    let found = sides.agents(&tree::verb_frame(doc, verb), false, false);
    let told = !found.sides.is_empty() && found.sides.iter().all(|s| s.actor != other.actor);
    told.then_some(found)
}

/// An actor on both sides stays on the one that names it first.
fn drop_shared(agents: &mut Found, recipients: &mut Found) {
    recipients.sides.retain(|r| !agents.sides.iter().any(|a| a.actor == r.actor));
    for found in [agents, recipients] {
        let mut seen: Vec<ActorId> = Vec::new();
        found.sides.retain(|s| {
            let new = !seen.contains(&s.actor);
            seen.push(s.actor);
            new
        });
    }
}

/// A noun of the same type that is the subject or a part of the verb's clause is the same act:
/// "the strikes killed", "attacked in a raid"; so is what the verb is for: "will meet to discuss".
fn drop_echoes(doc: &Doc<'_>, acts: &mut Vec<Act<'_>>) {
    let verbs: FxHashMap<WordId, EventType> = acts
        .iter()
        .filter(|a| doc.word(a.trigger).upos == Upos::Verb)
        .map(|a| (a.trigger, a.kind))
        .collect();
    acts.retain(|act| {
        let word = doc.word(act.trigger);
        let purpose = word.deprel == Deprel::Advcl
            && doc.dependents_by(act.trigger, &[Deprel::Mark]).any(|m| tree::lemma(doc, m) == "to");
        if word.upos != Upos::Noun && !purpose {
            return true;
        }
        let Some(head) = word.head else { return true };
        verbs.get(&head) != Some(&act.kind)
    });
}

/// A verbal act over another takes its mode and code from it, and its recipient where it names
/// none; a refusal or a denial is no second act.
fn join_chains(doc: &Doc<'_>, acts: &mut Vec<Act<'_>>, lexicon: &Acts) {
    let mut below: FxHashMap<WordId, usize> = FxHashMap::default();
    for (i, act) in acts.iter().enumerate() {
        if let Some(carrier) = act.standing.carrier {
            below.entry(carrier).or_insert(i);
        }
    }
    let mut keep = vec![true; acts.len()];
    for i in 0..acts.len() {
        let verbal = matches!(
            acts[i].kind,
            EventType::Agree | EventType::Request | EventType::Reject | EventType::Threaten
        );
        if !verbal {
            continue;
        }
        let Some(&j) = below.get(&acts[i].trigger).filter(|j| **j != i) else {
            // "plans to open a school" names no act that is coded.
            let bare = acts[i].has_infinitive && acts[i].rule.weight <= 1;
            let sides = [&acts[i].agents, &acts[i].recipients];
            keep[i] = !bare || sides.iter().all(|found| !found.sides.is_empty());
            continue;
        };
        if acts[j].standing.silent {
            if acts[i].kind != EventType::Reject || !is_of_another(doc, &acts[j], &acts[i]) {
                keep[i] = false;
                continue;
            }
            // "rejected X's request": it was made, and it was turned down.
            let quad = acts[j].kind.quad();
            if matches!(quad, Some(Quad::VerbalCooperation | Quad::VerbalConflict)) {
                acts[j].standing = Standing::own(Status::Happened);
            }
        }
        let (kind, mode) = (acts[j].kind, acts[j].mode.clone());
        match lexicon.chain(acts[i].kind, kind, mode.as_deref()) {
            Some((mode, cameo)) => {
                acts[i].mode = mode.map(str::to_owned).or_else(|| acts[i].mode.clone());
                acts[i].cameo = cameo.to_owned();
            }
            // A pledge to attack is no agreement; the planned attack says it all.
            None if acts[i].kind == EventType::Agree => keep[i] = false,
            None => {}
        }
        if acts[i].recipients.sides.is_empty() {
            let own: Vec<ActorId> = acts[i].agents.sides.iter().map(|s| s.actor).collect();
            let other = |found: &Found| {
                let mut found = found.clone();
                found.sides.retain(|s| !own.contains(&s.actor));
                found
            };
            let mut taken = other(&acts[j].agents);
            if acts[i].kind != EventType::Request || taken.sides.is_empty() {
                taken = other(&acts[j].recipients);
            }
            if !taken.sides.is_empty() || acts[i].recipients.heads.is_empty() {
                acts[i].recipients = taken;
            }
        }
    }
    retain_kept(acts, &keep);
}

/// Whether what the word above turns down is somebody else's: a noun that is not its subject's own.
fn is_of_another(doc: &Doc<'_>, below: &Act<'_>, above: &Act<'_>) -> bool {
    doc.word(below.trigger).upos == Upos::Noun
        && below.frame.light.is_none()
        && !below.agents.sides.iter().any(|s| above.agents.sides.contains(s))
}

/// Whether the report is about sport, art, cooking or the like: more of its words are of such things
/// than it has mentions of political actors. A few such words leave it unsure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Politics,
    Unsure,
    Other,
}

impl Topic {
    fn of(doc: &Doc<'_>, mentions: &Mentions, lexicon: &Acts) -> Topic {
        let other = doc.words.iter().filter(|w| lexicon.in_class(&w.lemma, "off-topic")).count();
        let actors = mentions.actor_mentions.iter();
        let political = actors.filter(|m| is_anchored(mentions, m.actor)).count();
        match other {
            2.. if other * 2 > political => Topic::Other,
            // A long report without a power in it is about something else.
            _ if other * 8 > political || doc.sentences.len() > 4 && political < 2 => Topic::Unsure,
            _ => Topic::Politics,
        }
    }
}

/// Whether both roles are held by what may act, though nobody is known to govern or to bear arms:
/// "the union sued the bank". A bare verb is too little for that, and so are nameless people.
fn is_between_parties(sides: &Sides<'_>, act: &Act<'_>) -> bool {
    let party = |found: &Found| found.heads.iter().any(|h| sides.is_party(*h));
    let power = |found: &Found| found.heads.iter().any(|h| sides.is_power(*h));
    if !power(&act.agents) && !power(&act.recipients) {
        return false;
    }
    let both = act.rule.mutual && act.agents.heads.len() > 1;
    let known = |found: &Found| !found.sides.is_empty();
    if act.kind == EventType::Protest && party(&act.agents) && act.rule.weight > 2 {
        return true;
    }
    let asked = act.rule.weight > 0 || known(&act.agents) && known(&act.recipients);
    party(&act.agents) && (party(&act.recipients) || both) && asked
}

/// "X was arrested", "has been freed": what only who has power over others does, to somebody by name.
fn befalls_somebody(mentions: &Mentions, act: &Act<'_>) -> bool {
    let by_name = |s: &Side| {
        let actor = mentions.actor(s.actor);
        actor.kind == ActorKind::Person && actor.name.starts_with(char::is_uppercase)
    };
    let force = matches!(act.kind, EventType::Coerce | EventType::Retreat | EventType::Sanction);
    force && act.frame.passive && act.rule.weight > 0 && act.recipients.sides.iter().any(by_name)
}

fn is_between_states(mentions: &Mentions, act: &Act<'_>) -> bool {
    let anchored = |found: &Found| found.sides.iter().any(|s| is_anchored(mentions, s.actor));
    anchored(&act.agents) && anchored(&act.recipients)
}

/// "imposed sanctions and distanced themselves from X": acts of one class that one subject does in
/// one breath strike the same recipient, where the later one alone names it.
fn share_recipients(doc: &Doc<'_>, acts: &mut [Act<'_>]) {
    for i in 0..acts.len() {
        if !acts[i].recipients.sides.is_empty() || doc.word(acts[i].trigger).upos != Upos::Verb {
            continue;
        }
        let conjuncts = tree::coordinated(doc, acts[i].trigger);
        let other = acts[i + 1..].iter().find(|other| {
            conjuncts.contains(&other.trigger)
                && other.kind.quad() == acts[i].kind.quad()
                && other.agents.sides == acts[i].agents.sides
                && !other.recipients.sides.is_empty()
        });
        if let Some(other) = other {
            acts[i].recipients = other.recipients.clone();
        }
    }
}

/// Whether the act has sides that make it a political one.
fn is_told(doc: &Doc<'_>, mentions: &Mentions, sides: &Sides<'_>, act: &Act<'_>) -> bool {
    let mut all = act.agents.sides.iter().chain(&act.recipients.sides);
    if act.agents.sides.is_empty() && needs_actor(doc, act) {
        return false;
    }
    if all.clone().any(|s| is_anchored(mentions, s.actor) || sides.is_state_owned(s.actor)) {
        return true;
    }
    // "Norwegian miners have been expelled", "the killing of nine Norwegians": what only power does.
    let force = matches!(
        act.kind,
        EventType::Assault | EventType::Coerce | EventType::Sanction | EventType::Retreat
    );
    let told_of = act.frame.passive || doc.word(act.trigger).upos == Upos::Noun;
    let of_state = |s: &Side| mentions.actor(s.actor).country.is_some();
    if force && told_of && act.recipients.sides.iter().any(of_state) {
        return true;
    }
    // Bare "the judges", "the captain": it takes force or a second such side to make it politics.
    let bare = all.clone().filter(|s| is_political(mentions, s.actor)).count();
    if bare > 1
        || bare == 1
            && matches!(act.kind, EventType::Coerce | EventType::Assault | EventType::Protest)
    {
        return true;
    }
    if act.kind != EventType::Assault {
        return false;
    }
    let strikes = !act.recipients.heads.is_empty();
    if strikes && all.clone().any(|s| is_people(mentions, s.actor)) {
        return true;
    }
    if all.next().is_some() {
        return act.recipients.heads.iter().any(|h| sides.is_human(*h));
    }
    // "an overnight drone raid" names nobody, and yet its weapons say what it was.
    let noun = doc.word(act.trigger).upos == Upos::Noun;
    let flown = !noun && act.frame.subjects.iter().any(|w| sides.is_weapon(*w));
    let armed = noun && act.rule.weight >= 3;
    // "had been shot down": what fell was a weapon. "missiles fired from the sea" strike nobody.
    let fallen = act.frame.passive && act.fells(sides);
    (armed || fallen) && in_politics(doc, mentions, act.trigger)
        || flown
            && (in_politics(doc, mentions, act.trigger) || is_placed(doc, mentions, act.trigger))
}

/// Whether the act is none without someone who does it: "everything that helps the country" is no
/// aid, "the country was given aid" is. What only force or the law can do is told without them.
fn needs_actor(doc: &Doc<'_>, act: &Act<'_>) -> bool {
    let bare = doc.word(act.trigger).upos == Upos::Noun || act.frame.passive;
    match act.kind {
        EventType::Assault | EventType::Coerce | EventType::Protest | EventType::Mobilize => false,
        EventType::Sanction if bare => false,
        _ => !bare || act.recipients.sides.is_empty(),
    }
}

/// Whether the sentence names a political actor.
fn in_politics(doc: &Doc<'_>, mentions: &Mentions, word: WordId) -> bool {
    let sentence = doc.sentences[doc.word(word).sentence as usize].span;
    let start = mentions.actor_mentions.partition_point(|m| m.span.start < sentence.start);
    let here = mentions.actor_mentions[start..].iter();
    here.take_while(|m| m.span.start < sentence.end).any(|m| is_political(mentions, m.actor))
}

/// Whether the sentence names a place.
fn is_placed(doc: &Doc<'_>, mentions: &Mentions, word: WordId) -> bool {
    let sentence = doc.sentences[doc.word(word).sentence as usize].span;
    mentions.place_mentions.iter().any(|m| sentence.contains(m.span))
}

/// A political actor of a known state or organisation.
fn is_anchored(mentions: &Mentions, id: ActorId) -> bool {
    let actor = mentions.actor(id);
    is_political(mentions, id)
        && (actor.country.is_some()
            || actor.organisation.is_some()
            || matches!(actor.kind, ActorKind::State | ActorKind::Group))
}

/// A people of a known state: "the Norwegians".
fn is_people(mentions: &Mentions, id: ActorId) -> bool {
    let actor = mentions.actor(id);
    actor.kind == ActorKind::Group && actor.country.is_some()
}

fn is_political(mentions: &Mentions, actor: ActorId) -> bool {
    let actor = mentions.actor(actor);
    matches!(actor.kind, ActorKind::State | ActorKind::PlaceAsActor)
        || matches!(
            actor.sector,
            Sector::Gov
                | Sector::Mil
                | Sector::Leg
                | Sector::Jud
                | Sector::Cop
                | Sector::Spy
                | Sector::Opp
                | Sector::Reb
                | Sector::Sep
                | Sector::Igo
        )
}

struct Maker<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    statements: &'a [Statement],
    sides: &'a Sides<'a>,
    lexicons: &'a Lexicons,
    places: &'a ActPlaces<'a>,
}

impl Maker<'_> {
    fn event(&self, act: &Act<'_>, times: &when::Times<'_>) -> Event {
        let doc = self.doc;
        // "fighting with the rebels" says who is fought and not who fights.
        let one_sided = act.kind == EventType::Assault && act.agents.sides.is_empty();
        let joint = (act.rule.mutual || act.reciprocal)
            && (act.recipients.joint && !act.recipients.sides.is_empty() && !one_sided
                || act.recipients.sides.is_empty() && act.agents.sides.len() > 1);
        let (mut actors, mut recipients) = (act.agents.sides.clone(), act.recipients.sides.clone());
        if joint {
            actors.append(&mut recipients);
        }
        let trigger = doc.word(act.trigger).span;
        let time = times.of(act.trigger, act.frame.light, act.standing.status);
        let place = self
            .places
            .of(act.trigger)
            .into_iter()
            .find(|m| {
                // A state that acts or is acted on is no place, unless the words say "in" it.
                let side = actors.iter().chain(&recipients).any(|s| s.span.touches(m.span));
                let party = self.mentions.headed_by(m.head).is_some()
                    && doc.dependents_by(m.head, &[Deprel::Case]).next().is_none();
                // Who speaks by wire meets nowhere.
                let apart = act.mode.as_deref() == Some("phone");
                (!(side || party || apart) || self.is_within(m.head))
                    && !times.is_of_another(m.head, act.trigger)
            })
            .map(|m| m.place)
            .or_else(|| self.struck_town(act));
        let statement = Coding::statement_of(self.statements, trigger);
        let evidence = self.evidence(act);
        let mut from: Vec<Finding> =
            actors.iter().chain(&recipients).map(|s| Finding::Actor(s.actor.0)).collect();
        from.extend(time.as_ref().and_then(|t| t.time).map(|t| Finding::Time(t.0)));
        from.extend(place.map(|p| Finding::Place(p.0)));
        from.extend(statement.map(|s| Finding::Statement(s.0)));
        let phrases = |heads: &[WordId]| {
            let all = heads.iter().flat_map(|h| tree::coordinated(doc, *h));
            all.map(|h| self.sides.phrase(h)).collect::<Vec<_>>()
        };
        Event {
            kind: act.kind,
            quad: act.kind.quad().unwrap_or(Quad::VerbalCooperation),
            mode: act.mode.clone(),
            contexts: self.contexts(act.trigger),
            goldstein: self.lexicons.acts.goldstein(&act.cameo),
            cameo: act.cameo.clone(),
            actors: ids(&actors),
            recipients: ids(&recipients),
            actor_spans: spans(&actors),
            recipient_spans: spans(&recipients),
            actor_phrases: phrases(&act.agents.heads),
            recipient_phrases: phrases(&act.recipients.heads),
            instruments: self.instruments(act),
            mutual: joint,
            time,
            place,
            place_basis: place.map(|_| PlaceBasis::Stated),
            status: act.standing.status,
            statement,
            trigger,
            trigger_word: act.trigger,
            confidence: 0.0,
            signs: Vec::new(),
            against: Vec::new(),
            basis: Some(Basis {
                asks: (!act.found_by.starts_with("head:")).then_some(act.rule.weight),
                belief: act.belief,
                noun: doc.word(act.trigger).upos == Upos::Noun && act.frame.light.is_none(),
                carried: act.standing.carrier.is_some(),
                ..Basis::default()
            }),
            provenance: Provenance { evidence, found_by: act.found_by.clone(), from },
        }
    }

    /// Events of the types that a researcher has defined stand beside PLOVER's, but for those that they
    /// are to replace. Whatever dates them, PLOVER's keep their dates.
    fn add_defined(
        &self,
        events: &mut Vec<Event>,
        found: Vec<(Act<'_>, f32, &own::Head)>,
        repeated: &[bool],
        times: when::Times<'_>,
    ) {
        if found.is_empty() {
            return;
        }
        let times = times.with(found.iter().map(|(act, ..)| act.trigger));
        for (act, p, head) in found {
            if repeated[self.doc.word(act.trigger).sentence as usize] {
                continue;
            }
            let replaces = &head.spec.about.replaces;
            let one = |word| word == act.trigger || Some(word) == act.frame.light;
            events.retain(|e| !replaces.contains(&e.kind) || !one(e.trigger_word));
            let mut event = self.event(&act, &times);
            event.quad = head.spec.about.quad;
            event.goldstein = head.spec.about.goldstein;
            event.confidence = p;
            // Its head has weighed it already.
            event.basis = None;
            events.push(event);
        }
    }

    /// "bombed the town": what is struck is where.
    fn struck_town(&self, act: &Act<'_>) -> Option<PlaceId> {
        let town = |w: &WordId| {
            let id = self.sides.place(*w)?;
            let place = &self.mentions.places[id.0 as usize];
            (place.admin1.is_some() && place.lat.is_some()).then_some(id)
        };
        let struck = if act.frame.passive { &act.frame.subjects } else { &act.frame.objects };
        (act.kind == EventType::Assault).then(|| struck.iter().find_map(town)).flatten()
    }

    /// Whether the words say that something is in there.
    fn is_within(&self, head: WordId) -> bool {
        let within = ["in", "at", "near", "inside", "outside", "across", "over", "around", "off"];
        self.doc
            .dependents_by(head, &[Deprel::Case])
            .any(|w| within.iter().any(|p| self.doc.surface(w).eq_ignore_ascii_case(p)))
    }

    /// Trigger, light verb, the words that the rule named, the carrier, and the sides.
    fn evidence(&self, act: &Act<'_>) -> Vec<Span> {
        let words = [act.trigger]
            .into_iter()
            .chain(act.frame.light)
            .chain(act.standing.carrier)
            .chain(act.named.iter().copied());
        let sides = act.agents.sides.iter().chain(&act.recipients.sides).map(|s| s.span);
        // A side that nobody knows is evidence by its words.
        let unknown = [&act.agents, &act.recipients]
            .into_iter()
            .filter(|found| found.sides.is_empty())
            .flat_map(|found| found.heads.iter().map(|h| self.sides.phrase(*h)));
        let mut evidence: Vec<Span> =
            words.map(|w| self.doc.word(w).span).chain(sides).chain(unknown).collect();
        evidence.sort_unstable();
        evidence.dedup();
        evidence
    }

    fn contexts(&self, trigger: WordId) -> Vec<String> {
        let sentence = &self.doc.sentences[self.doc.word(trigger).sentence as usize];
        let lemmas = sentence.words.clone().map(|w| tree::lemma(self.doc, w));
        let mut contexts: Vec<String> =
            self.lexicons.acts.contexts(lemmas).into_iter().map(str::to_owned).collect();
        let issues = self.lexicons.issues.within(sentence.span.of(&self.doc.report.text));
        contexts.extend(issues.iter().map(|issue| issue.to_string()));
        contexts
    }

    /// The weapons of the clause: its subject, what stands under `with`, the noun's modifiers.
    fn instruments(&self, act: &Act<'_>) -> Vec<Span> {
        if act.kind != EventType::Assault {
            return Vec::new();
        }
        let weapon = |w: &WordId| {
            let lemma = tree::lemma(self.doc, *w);
            ["weapons", "projectiles", "explosives", "firearms", "primitive"]
                .iter()
                .any(|class| self.lexicons.acts.in_class(lemma, class))
        };
        let frame = &act.frame;
        let with: Vec<WordId> =
            ["with", "by", "from", "using"].iter().flat_map(|p| frame.under(p)).collect();
        // "struck the camp using drones", "carried out strikes using drones"
        let doc = self.doc;
        let word = doc.word(act.trigger);
        let used: Vec<WordId> = std::iter::once(act.trigger)
            .chain(word.head.filter(|_| word.deprel == Deprel::Obj))
            .flat_map(|w| doc.dependents_by(w, &[Deprel::Advcl, Deprel::Acl, Deprel::Xcomp]))
            .filter(|w| matches!(doc.word(*w).lemma.as_str(), "use" | "employ"))
            .flat_map(|w| doc.dependents_by(w, &[Deprel::Obj]))
            .flat_map(|w| std::iter::once(w).chain(doc.dependents_by(w, &[Deprel::Conj])))
            .collect();
        let objects = frame.objects.iter().filter(|_| act.rule.kind == Some(EventType::Assault));
        let candidates =
            frame.subjects.iter().chain(&with).chain(&used).chain(objects).chain(&frame.modifiers);
        let mut found: Vec<Span> =
            candidates.filter(|w| weapon(w)).map(|w| self.sides.phrase(*w)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn ids(sides: &[Side]) -> Vec<ActorId> {
    sides.iter().map(|s| s.actor).collect()
}

fn spans(sides: &[Side]) -> Vec<Span> {
    sides.iter().map(|s| s.span).collect()
}

pub(super) fn touches_damage(doc: &Doc<'_>, spans: &[Span]) -> bool {
    let damage = doc.passages().iter().filter(|p| p.kind == PassageKind::Damaged);
    damage.into_iter().any(|p| spans.iter().any(|s| s.touches(p.span)))
}

/// A side that stands in damaged words and that the rest of the report contradicts gives way: the
/// same act by the same actors is told elsewhere with another recipient.
fn mend_damaged(doc: &Doc<'_>, events: &mut Vec<Event>) {
    let damaged: Vec<bool> = events
        .iter()
        .map(|e| {
            touches_damage(doc, &e.recipient_spans)
                || e.recipients.is_empty()
                    && (touches_damage(doc, &e.recipient_phrases)
                        || touches_damage(doc, &[doc.subtree_span(e.trigger_word)]))
        })
        .collect();
    if !damaged.contains(&true) {
        return;
    }
    let lemma = |e: &Event| tree::lemma(doc, e.trigger_word);
    let mut kept = vec![true; events.len()];
    for i in 0..events.len() {
        if !damaged[i] {
            continue;
        }
        let sound = events.iter().enumerate().find(|(j, other)| {
            !damaged[*j]
                && other.kind == events[i].kind
                && !other.recipients.is_empty()
                && other.recipients != events[i].recipients
                && (lemma(other) == lemma(&events[i]) || other.actors == events[i].actors)
                && other.actors.iter().any(|a| events[i].actors.contains(a))
        });
        if let Some((_, sound)) = sound {
            let (recipients, spans) = (sound.recipients.clone(), sound.recipient_spans.clone());
            let (place, basis) = (sound.place, sound.place_basis);
            let event = &mut events[i];
            // What the damage said of where falls with what it said of whom.
            (event.place, event.place_basis) = (place, basis);
            event.provenance.from.extend(recipients.iter().map(|a| Finding::Actor(a.0)));
            event.provenance.evidence.extend(&spans);
            event.recipients = recipients;
            event.recipient_spans = spans;
            if let Some(basis) = &mut event.basis {
                basis.mended = true;
            }
        } else {
            // Damaged words that nothing bears out tell little of an act that nobody does.
            kept[i] = !events[i].actors.is_empty();
        }
    }
    retain_kept(events, &kept);
}

/// What people do in the open without a place of its own took place where the act just before it
/// did, in the sentence before at most, or else at the dateline of its sentence.
fn inherit_places(doc: &Doc<'_>, mentions: &Mentions, events: &mut [Event]) {
    use EventType::{Assault, Coerce, Mobilize, Protest};
    let sentence = |e: &Event| doc.word(e.trigger_word).sentence;
    for i in 0..events.len() {
        let event = &events[i];
        let bodily = matches!(event.kind, Assault | Coerce | Mobilize | Protest);
        let done = matches!(event.status, Status::Happened | Status::Ongoing);
        let own = doc.sentences[sentence(event) as usize].span;
        let names_places = mentions.place_mentions.iter().any(|m| own.contains(m.span));
        if event.place.is_some() || !bodily || !done || names_places {
            continue;
        }
        let close = |e: &&Event| {
            sentence(e) + 1 >= sentence(event)
                && e.place_basis == Some(PlaceBasis::Stated)
                && doc.sentences[sentence(e) as usize].paragraph
                    == doc.sentences[sentence(event) as usize].paragraph
        };
        let told = events[..i].iter().rev().find(close).and_then(|e| e.place);
        let place = told.or_else(|| place_of_dateline(doc, mentions, sentence(event)));
        if let Some(place) = place {
            let event = &mut events[i];
            (event.place, event.place_basis) = (Some(place), Some(PlaceBasis::Inherited));
            event.provenance.from.push(Finding::Place(place.0));
        }
    }
}

/// The place that opens the dateline before the first sentence: "KISUMU, 3 May (Lake Wire) -".
fn place_of_dateline(doc: &Doc<'_>, mentions: &Mentions, sentence: u32) -> Option<PlaceId> {
    let before = &doc.sentences[sentence.checked_sub(1)? as usize];
    let dash = doc.surface(before.words.end - 1);
    let line = sentence == 1
        && before.words.len() < 12
        && matches!(dash, "-" | "–" | "—" | "--")
        && before.words.clone().all(|w| doc.word(w).upos != Upos::Verb);
    let opening = mentions.place_mentions.first()?;
    (line && opening.words.start == before.words.start).then_some(opening.place)
}

fn retain_kept<T>(items: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter().copied();
    items.retain(|_| kept.next().unwrap_or(true));
}

#[cfg(test)]
mod tests;
