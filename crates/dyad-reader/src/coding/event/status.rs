//! How far an act has come: what its own clause says, then what governs it.

use super::tree::{self, lemma};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use dyad_lexicon::Acts;
use dyad_lexicon::acts::{StatusPos, StatusRule, Takes};
use dyad_record::Status;
use smol_str::SmolStr;

/// The status of an act, and the word above it that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    /// The carrier: "refused" in "refused to condemn".
    pub carrier: Option<WordId>,
    /// The carrier is no act of its own here.
    pub silent: bool,
}

impl Standing {
    pub fn own(status: Status) -> Self {
        Standing { status, carrier: None, silent: false }
    }
}

/// What the words above and around the act say of it. `light` is the verb that lends a noun its
/// clause.
pub fn standing(doc: &Doc<'_>, acts: &Acts, trigger: WordId, light: Option<WordId>) -> Standing {
    let is_noun = doc.word(trigger).upos == Upos::Noun;
    if is_noun && let Some(status) = of_noun(doc, acts, trigger) {
        return Standing::own(status);
    }
    let clause = light.unwrap_or(trigger);
    if (!is_noun || light.is_some() || is_predicate(doc, trigger))
        && let Some(status) = of_clause(doc, acts, clause)
    {
        return Standing::own(status);
    }
    if is_noun && let Some(status) = of_what_it_does(doc, acts, clause) {
        return Standing::own(status);
    }
    above(doc, acts, clause).unwrap_or(Standing::own(Status::Happened))
}

/// "the talks will open on Monday", "talks could resume".
fn of_what_it_does(doc: &Doc<'_>, acts: &Acts, noun: WordId) -> Option<Status> {
    const COMES: [&str; 9] =
        ["open", "begin", "start", "resume", "take", "hold", "follow", "continue", "occur"];
    let word = doc.word(noun);
    let verb = word.head.filter(|_| matches!(word.deprel, Deprel::Nsubj | Deprel::NsubjPass))?;
    let comes = COMES.contains(&lemma(doc, verb));
    comes.then(|| of_clause(doc, acts, verb)).flatten().filter(|s| *s != Status::Ongoing)
}

fn is_predicate(doc: &Doc<'_>, noun: WordId) -> bool {
    doc.dependents_by(noun, &[Deprel::Cop]).next().is_some()
}

/// "planned talks", "no attack", "the alleged torture".
fn of_noun(doc: &Doc<'_>, acts: &Acts, noun: WordId) -> Option<Status> {
    for word in doc.dependents_by(noun, &[Deprel::Amod, Deprel::Det]) {
        let lemma = lemma(doc, word);
        if doc.word(word).deprel == Deprel::Det {
            if lemma == "no" {
                return Some(Status::Denied);
            }
            continue;
        }
        if let Some(rule) = acts.status(StatusPos::Adj, lemma, Takes::Itself) {
            return rule.status;
        }
    }
    let surface = |w| acts.status(StatusPos::Adj, &doc.surface(w).to_lowercase(), Takes::Itself);
    doc.dependents_by(noun, &[Deprel::Amod]).find_map(|w| surface(w).and_then(|r| r.status))
}

/// Auxiliaries, negation, adverbs, "if", "without" and the progressive of a clause.
fn of_clause(doc: &Doc<'_>, acts: &Acts, verb: WordId) -> Option<Status> {
    let dependents = doc.dependents(verb);
    let by = |relation: Deprel| {
        dependents.iter().copied().filter(move |d| doc.word(*d).deprel == relation)
    };
    for mark in by(Deprel::Mark).chain(by(Deprel::Case)) {
        let lemma = lemma(doc, mark);
        if matches!(lemma, "without" | "instead" | "rather") {
            return Some(Status::Denied);
        }
        if let Some(rule) = acts.status(StatusPos::Mark, lemma, Takes::Itself) {
            return rule.status;
        }
    }
    let negated = is_negated(doc, verb);
    let due = is_due(doc, verb).then_some(Status::Planned);
    let modal = auxiliary(doc, acts, verb).or(due);
    if let Some(status) = modal {
        return Some(match (status, negated) {
            (Status::Planned, true) => Status::Refused,
            (Status::CalledFor, true) => Status::CalledFor,
            (_, true) => Status::Denied,
            (Status::Planned, false) if has_condition(doc, verb) => Status::Supposed,
            (status, false) => status,
        });
    }
    if negated {
        return Some(Status::Denied);
    }
    let adverb = by(Deprel::Advmod).find_map(|a| {
        acts.status(StatusPos::Adv, lemma(doc, a), Takes::Itself).and_then(|r| r.status)
    });
    adverb.or_else(|| is_progressive(doc, verb).then_some(Status::Ongoing))
}

/// "not", "never", "no longer"; "not only" is none.
fn is_negated(doc: &Doc<'_>, verb: WordId) -> bool {
    doc.dependents_by(verb, &[Deprel::Advmod, Deprel::Det, Deprel::Cc]).any(|d| {
        let next = doc.words.get(d as usize + 1).map_or("", |w| w.lemma.as_str());
        match lemma(doc, d) {
            "not" | "n't" | "never" => !matches!(next, "only" | "just" | "merely" | "simply"),
            "nor" => true,
            "long" => doc.dependents(d).iter().any(|n| lemma(doc, *n) == "no"),
            _ => false,
        }
    }) || doc.dependents_by(verb, &[Deprel::Nsubj, Deprel::NsubjPass]).any(|s| {
        matches!(lemma(doc, s), "nobody" | "none")
            || doc.dependents_by(s, &[Deprel::Det]).any(|d| lemma(doc, d) == "no")
    })
}

/// "is to send", "are due to meet".
fn is_due(doc: &Doc<'_>, verb: WordId) -> bool {
    let first = doc.sentences[doc.word(verb).sentence as usize].words.start;
    let before = |n: u32| verb.checked_sub(n).filter(|w| *w >= first);
    let is = |n: u32, lemmas: &[&str]| before(n).is_some_and(|w| lemmas.contains(&lemma(doc, w)));
    doc.word(verb).xpos == Xpos::Vb
        && is(1, &["to"])
        && (is(2, &["be"]) || is(2, &["due", "set", "scheduled"]) && is(3, &["be"]))
}

/// The modal of the clause; a later conjunct without a subject of its own shares it.
fn auxiliary(doc: &Doc<'_>, acts: &Acts, verb: WordId) -> Option<Status> {
    let own = doc
        .dependents_by(verb, &[Deprel::Aux])
        .find_map(|a| acts.status(StatusPos::Aux, lemma(doc, a), Takes::Itself));
    if let Some(rule) = own {
        return rule.status;
    }
    let word = doc.word(verb);
    let bare = word.xpos == Xpos::Vb
        && doc.dependents_by(verb, &[Deprel::Nsubj, Deprel::Aux, Deprel::Mark]).next().is_none();
    match (word.deprel, word.head) {
        (Deprel::Conj, Some(head)) if bare && head < verb => {
            let first = tree::first_conjunct(doc, head);
            doc.dependents_by(first, &[Deprel::Aux])
                .find_map(|a| acts.status(StatusPos::Aux, lemma(doc, a), Takes::Itself))
                .and_then(|r| r.status)
        }
        _ => None,
    }
}

fn has_condition(doc: &Doc<'_>, verb: WordId) -> bool {
    doc.dependents_by(verb, &[Deprel::Advcl]).any(|clause| {
        doc.dependents_by(clause, &[Deprel::Mark]).any(|m| matches!(lemma(doc, m), "if" | "unless"))
    })
}

/// "is attacking", "has been attacking": not "was attacking".
fn is_progressive(doc: &Doc<'_>, verb: WordId) -> bool {
    if doc.word(verb).xpos != Xpos::Vbg {
        return false;
    }
    let aux: Vec<WordId> = doc.dependents_by(verb, &[Deprel::Aux]).collect();
    let present = aux.iter().any(|a| matches!(doc.word(*a).xpos, Xpos::Vbz | Xpos::Vbp));
    present && aux.iter().any(|a| lemma(doc, *a) == "be")
}

/// Climbs to the words that govern the act, until one says how far it has come.
fn above(doc: &Doc<'_>, acts: &Acts, start: WordId) -> Option<Standing> {
    let mut at = start;
    for _ in 0..8 {
        let word = doc.word(at);
        let head = word.head?;
        if word.deprel == Deprel::Conj {
            at = head;
            continue;
        }
        let how = hang(doc, at)?;
        let carrier = carrier(doc, acts, head, how.takes());
        let past = how == Hang::Clause && is_told_as_past(doc, at);
        match carrier.filter(|rule| !(past && rule.status.is_some_and(is_to_come))) {
            Some(rule) => {
                let Some(status) = rule.status else {
                    // "began to": what governs the beginning governs the act.
                    if let Some(status) = of_clause(doc, acts, head) {
                        return Some(Standing::own(status));
                    }
                    at = head;
                    continue;
                };
                return Some(turned(doc, acts, head, status, rule.silent));
            }
            None if how == Hang::Infinitive => {
                if is_said_by(doc, acts, head, at) {
                    // "wrote to thank him", "marched to demand her release"
                    return of_clause(doc, acts, head)
                        .map(Standing::own)
                        .or(above(doc, acts, head));
                }
                if word.deprel == Deprel::Advcl {
                    // A purpose is not yet the deed.
                    let to = doc.dependents_by(at, &[Deprel::Mark]).any(|m| lemma(doc, m) == "to");
                    return to.then(|| Standing::own(Status::Planned));
                }
                if word.deprel == Deprel::Acl {
                    let to = doc.dependents_by(at, &[Deprel::Mark]).any(|m| lemma(doc, m) == "to");
                    return to.then(|| Standing::own(Status::Planned));
                }
                if let Some(status) = of_clause(doc, acts, head) {
                    return Some(Standing::own(status));
                }
                at = head;
            }
            None => return None,
        }
    }
    None
}

/// Whether the purpose is fulfilled by the deed itself, as words are by writing and a protest is by
/// marching.
fn is_said_by(doc: &Doc<'_>, acts: &Acts, deed: WordId, purpose: WordId) -> bool {
    doc.word(purpose).deprel == Deprel::Advcl
        && acts.in_class(lemma(doc, purpose), "said-by-doing")
        && acts.in_class(lemma(doc, deed), "ways-of-saying")
}

fn is_to_come(status: Status) -> bool {
    matches!(status, Status::Planned | Status::CalledFor | Status::Threatened)
}

/// How a word hangs on its governor, in the terms of the status lexicon.
#[derive(Clone, PartialEq, Eq)]
enum Hang {
    Infinitive,
    Clause,
    Object,
    Preposition(SmolStr),
}

impl Hang {
    fn takes(&self) -> Takes<'_> {
        match self {
            Hang::Infinitive => Takes::Infinitive,
            Hang::Clause => Takes::Clause,
            Hang::Object => Takes::Object,
            Hang::Preposition(p) => Takes::Preposition(p),
        }
    }
}

fn hang(doc: &Doc<'_>, at: WordId) -> Option<Hang> {
    let word = doc.word(at);
    Some(match word.deprel {
        // "after many had marched", "having marched", "speaking by phone": no one asked or meant it.
        Deprel::Advcl if is_finite(doc, at) || is_participle(doc, at) => return None,
        Deprel::Xcomp | Deprel::Advcl | Deprel::Csubj => match gerund_preposition(doc, at) {
            Some(preposition) => Hang::Preposition(preposition),
            None => Hang::Infinitive,
        },
        Deprel::Acl => match gerund_preposition(doc, at) {
            Some(preposition) => Hang::Preposition(preposition),
            None if word.xpos == Xpos::Vb => Hang::Infinitive,
            None => return None,
        },
        Deprel::Ccomp => match gerund_preposition(doc, at) {
            Some(preposition) => Hang::Preposition(preposition),
            None => {
                let to = doc.dependents_by(at, &[Deprel::Mark]).any(|m| lemma(doc, m) == "to");
                if to { Hang::Infinitive } else { Hang::Clause }
            }
        },
        Deprel::Obj | Deprel::NsubjPass | Deprel::Appos => Hang::Object,
        Deprel::Obl | Deprel::Nmod => {
            Hang::Preposition(tree::prepositions(doc, at).into_iter().next()?)
        }
        _ => return None,
    })
}

/// Whether the verb of a clause, or its auxiliary, has a tense of its own.
fn is_finite(doc: &Doc<'_>, verb: WordId) -> bool {
    let tensed =
        |w: WordId| matches!(doc.word(w).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
    tensed(verb)
        || doc.dependents_by(verb, &[Deprel::Aux, Deprel::AuxPass, Deprel::Cop]).any(tensed)
}

/// "speaking by phone", "having marched", "asked by the press": without a word that opens the clause.
fn is_participle(doc: &Doc<'_>, verb: WordId) -> bool {
    let opened = doc.dependents_by(verb, &[Deprel::Mark, Deprel::Case]).next().is_some();
    let having = doc.dependents_by(verb, &[Deprel::Aux]).any(|a| doc.word(a).xpos == Xpos::Vbg);
    !opened && (having || matches!(doc.word(verb).xpos, Xpos::Vbg | Xpos::Vbn))
}

/// "told the press that ships had fired": what is told as past was not asked for, nor meant to be.
fn is_told_as_past(doc: &Doc<'_>, verb: WordId) -> bool {
    let past = |w: WordId| doc.word(w).xpos == Xpos::Vbd;
    let has = |w: WordId| {
        lemma(doc, w) == "have" && matches!(doc.word(w).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp)
    };
    past(verb)
        || doc.dependents_by(verb, &[Deprel::Aux]).any(has)
        || doc.dependents_by(verb, &[Deprel::AuxPass]).any(past)
}

fn gerund_preposition(doc: &Doc<'_>, at: WordId) -> Option<SmolStr> {
    if doc.word(at).xpos != Xpos::Vbg {
        return None;
    }
    tree::prepositions(doc, at).into_iter().find(|p| p != "to")
}

fn carrier<'a>(
    doc: &Doc<'_>,
    acts: &'a Acts,
    head: WordId,
    how: Takes<'_>,
) -> Option<&'a StatusRule> {
    let pos = match doc.word(head).upos {
        // "called the raid a crime" asks for no raid.
        Upos::Verb if matches!(how, Takes::Object | Takes::Clause) && names(doc, head) => {
            return None;
        }
        Upos::Verb => StatusPos::Verb,
        Upos::Noun => StatusPos::Noun,
        Upos::Adj => StatusPos::Adj,
        _ => return None,
    };
    acts.status(pos, lemma(doc, head), how)
}

/// Whether the verb gives its object a name: "called it murder", "called their raid hasty". Who calls
/// a strike, on the other hand, wants one.
fn names(doc: &Doc<'_>, verb: WordId) -> bool {
    let known = |noun: WordId| {
        let the = |d: WordId| lemma(doc, d) != "a" && doc.word(d).xpos == Xpos::Dt;
        doc.word(noun).upos == Upos::Noun
            && (doc.dependents_by(noun, &[Deprel::NmodPoss]).next().is_some()
                || doc.dependents_by(noun, &[Deprel::Det]).any(the))
    };
    let naming = matches!(lemma(doc, verb), "call" | "term" | "label" | "brand");
    let below = [Deprel::Obj, Deprel::Iobj, Deprel::Xcomp, Deprel::Ccomp];
    naming
        && (doc.dependents_by(verb, &below[..3]).count() > 1
            || doc.dependents_by(verb, &below).any(known))
}

/// What the carrier's own clause makes of the status that it gives: "did not agree to" is a
/// refusal, "did not deny" none.
fn turned(doc: &Doc<'_>, acts: &Acts, head: WordId, status: Status, silent: bool) -> Standing {
    let negated = is_negated(doc, head)
        || doc.dependents_by(head, &[Deprel::Det]).any(|d| lemma(doc, d) == "no");
    let status = match (status, negated) {
        (Status::Planned, true) => Status::Refused,
        (Status::Refused | Status::Denied, true) => Status::Happened,
        (Status::Threatened | Status::Supposed, true) => Status::Denied,
        (status, _) => status,
    };
    let hypothetical = auxiliary(doc, acts, head) == Some(Status::Supposed);
    let status = if hypothetical && status != Status::Refused { Status::Supposed } else { status };
    Standing { status, carrier: Some(head), silent }
}
