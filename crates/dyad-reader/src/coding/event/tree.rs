//! Clauses as the coder sees them: who does, what is done to whom, and the prepositions around.

use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use dyad_lexicon::Acts;

/// How far a chain of governors is followed: no clause nests deeper, and no cycle is run for ever.
const DEPTH: usize = 8;

/// A word under a preposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oblique<'d> {
    pub prepositions: Vec<&'d str>,
    pub head: WordId,
    /// It hangs on the object and not on the verb.
    pub inner: bool,
}

/// The clause around a trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame<'d> {
    pub subjects: Vec<WordId>,
    pub objects: Vec<WordId>,
    pub indirect: Vec<WordId>,
    pub obliques: Vec<Oblique<'d>>,
    /// What stands before a noun: adjectives, compounds, possessors.
    pub modifiers: Vec<WordId>,
    pub possessors: Vec<WordId>,
    pub passive: bool,
    /// The verb that lends a noun its clause ("launched an attack").
    pub light: Option<WordId>,
}

impl<'d> Frame<'d> {
    /// The words under a preposition, those of the verb before those of its object.
    pub fn under<'a>(&'a self, preposition: &'a str) -> impl Iterator<Item = WordId> + 'a {
        let of = |inner: bool| {
            self.obliques
                .iter()
                .filter(move |o| o.inner == inner && o.prepositions.contains(&preposition))
                .map(|o| o.head)
        };
        of(false).chain(of(true))
    }
}

/// Lemma in small letters where the page shouts.
pub fn lemma<'d>(doc: &'d Doc<'_>, word: WordId) -> &'d str {
    &doc.word(word).lemma
}

/// The prepositions that mark a nominal.
pub fn prepositions<'d>(doc: &'d Doc<'_>, word: WordId) -> Vec<&'d str> {
    let mut found: Vec<&str> = doc
        .dependents_by(word, &[Deprel::Case, Deprel::Mark])
        .filter(|c| matches!(doc.word(*c).upos, Upos::Adp | Upos::Sconj | Upos::Adv))
        .map(|c| lemma(doc, c))
        .collect();
    // "because of", "out of", "ahead of": the second word hangs on the first.
    let cases: Vec<WordId> = doc.dependents_by(word, &[Deprel::Case]).collect();
    for case in cases {
        found.extend(doc.dependents_by(case, &[Deprel::Fixed]).map(|f| lemma(doc, f)));
    }
    found
}

/// The word and what is coordinated with it, in text order.
pub fn coordinated(doc: &Doc<'_>, word: WordId) -> Vec<WordId> {
    let mut found = vec![word];
    let mut next = 0;
    while next < found.len() && found.len() < 32 {
        found.extend(doc.dependents_by(found[next], &[Deprel::Conj]));
        next += 1;
    }
    found
}

/// The word without the chain of coordination above it: the first conjunct.
pub fn first_conjunct(doc: &Doc<'_>, word: WordId) -> WordId {
    let mut at = word;
    for _ in 0..DEPTH {
        match (doc.word(at).deprel, doc.word(at).head) {
            (Deprel::Conj, Some(head)) => at = head,
            _ => break,
        }
    }
    at
}

/// Whether the verb stands in the passive voice.
pub fn is_passive(doc: &Doc<'_>, verb: WordId) -> bool {
    if doc
        .dependents_by(verb, &[Deprel::AuxPass, Deprel::NsubjPass, Deprel::CsubjPass])
        .next()
        .is_some()
    {
        return true;
    }
    let word = doc.word(verb);
    if word.xpos != Xpos::Vbn {
        return false;
    }
    let active = doc.dependents_by(verb, &[Deprel::Aux, Deprel::Obj, Deprel::Nsubj]).next();
    match word.deprel {
        Deprel::Acl | Deprel::Amod | Deprel::Advcl => active.is_none(),
        Deprel::Conj => active.is_none() && word.head.is_some_and(|h| is_passive(doc, h)),
        _ => false,
    }
}

/// The noun that a relative pronoun stands for; the word itself where it is none.
fn antecedent(doc: &Doc<'_>, word: WordId) -> WordId {
    let w = doc.word(word);
    let relative = matches!(w.xpos, Xpos::Wp | Xpos::Wdt | Xpos::WpS)
        || (w.lemma == "that" && w.upos == Upos::Pron);
    if !relative {
        return word;
    }
    doc.ancestors(word)
        .take(DEPTH)
        .find(|a| doc.word(*a).deprel == Deprel::AclRelcl)
        .and_then(|clause| doc.word(clause).head)
        .unwrap_or(word)
}

/// Who does what the verb tells of: its subject, the agent of a passive, or the one who governs
/// it from above.
pub fn agents(doc: &Doc<'_>, verb: WordId) -> Vec<WordId> {
    agents_within(doc, verb, DEPTH)
}

fn agents_within(doc: &Doc<'_>, verb: WordId, depth: usize) -> Vec<WordId> {
    if depth == 0 {
        return Vec::new();
    }
    if is_passive(doc, verb) {
        let agents = doc.dependents_by(verb, &[Deprel::OblAgent, Deprel::Obl, Deprel::Nmod]);
        return agents.filter(|a| prepositions(doc, *a).contains(&"by")).collect();
    }
    let own: Vec<WordId> =
        doc.dependents_by(verb, &[Deprel::Nsubj]).map(|s| antecedent(doc, s)).collect();
    if !own.is_empty() {
        return own;
    }
    let word = doc.word(verb);
    let Some(head) = word.head else { return Vec::new() };
    match word.deprel {
        Deprel::Conj => match doc.word(head).upos {
            Upos::Verb | Upos::Aux | Upos::Adj => subject_of(doc, head, depth - 1),
            _ => Vec::new(),
        },
        Deprel::Xcomp | Deprel::Ccomp => controller(doc, head, verb, depth - 1),
        Deprel::Advcl if doc.word(head).upos != Upos::Noun => subject_of(doc, head, depth - 1),
        Deprel::Parataxis | Deprel::Dep => Vec::new(),
        Deprel::Acl if word.xpos == Xpos::Vbg => vec![head],
        Deprel::AclRelcl if objects_of(doc, verb).next().is_some() => {
            relative_subject(doc, verb, head)
        }
        // "the decision to attack": whoever has the decision.
        Deprel::Acl => holders(doc, head, depth - 1),
        _ => Vec::new(),
    }
}

/// A relative clause that lost its pronoun still has the noun for a subject.
fn relative_subject(doc: &Doc<'_>, verb: WordId, head: WordId) -> Vec<WordId> {
    let subjects = [Deprel::Nsubj, Deprel::NsubjPass];
    if doc.dependents_by(verb, &subjects).next().is_none() { vec![head] } else { Vec::new() }
}

/// The subject of a governing clause, whatever its voice.
fn subject_of(doc: &Doc<'_>, verb: WordId, depth: usize) -> Vec<WordId> {
    let passive: Vec<WordId> =
        doc.dependents_by(verb, &[Deprel::NsubjPass]).map(|s| antecedent(doc, s)).collect();
    if passive.is_empty() { agents_within(doc, verb, depth) } else { passive }
}

/// Who does the act of an open clause: the object of "urge", the subject of "promise".
fn controller(doc: &Doc<'_>, head: WordId, below: WordId, depth: usize) -> Vec<WordId> {
    if doc.word(head).upos == Upos::Noun {
        return holders(doc, head, depth);
    }
    let by_subject = matches!(lemma(doc, head), "promise" | "threaten" | "vow" | "swear" | "use");
    if !by_subject {
        let objects: Vec<WordId> = doc
            .dependents_by(head, &[Deprel::Obj, Deprel::Iobj])
            .filter(|o| *o < below)
            .map(|o| antecedent(doc, o))
            .collect();
        if !objects.is_empty() {
            return objects;
        }
        if matches!(lemma(doc, head), "call" | "appeal" | "prevail") {
            let called: Vec<WordId> = doc
                .dependents_by(head, &[Deprel::Obl])
                .filter(|o| {
                    prepositions(doc, *o).iter().any(|p| matches!(*p, "on" | "upon" | "to"))
                })
                .collect();
            if !called.is_empty() {
                return called;
            }
        }
    }
    subject_of(doc, head, depth)
}

/// Who has a plan, a decision, a promise: its possessor, or the subject of its verb.
fn holders(doc: &Doc<'_>, noun: WordId, depth: usize) -> Vec<WordId> {
    let own: Vec<WordId> = doc
        .dependents_by(noun, &[Deprel::NmodPoss, Deprel::Amod, Deprel::Compound, Deprel::Nmod])
        .filter(|d| match doc.word(*d).deprel {
            Deprel::Nmod => {
                prepositions(doc, *d).iter().any(|p| matches!(*p, "by" | "of" | "from"))
            }
            Deprel::Amod => {
                doc.word(*d).upos == Upos::Propn || doc.surface(*d).starts_with(char::is_uppercase)
            }
            _ => true,
        })
        .collect();
    if !own.is_empty() {
        return own;
    }
    let word = doc.word(noun);
    match (word.deprel, word.head) {
        (Deprel::Obj | Deprel::Obl, Some(head)) if depth > 0 => agents_within(doc, head, depth),
        _ => Vec::new(),
    }
}

fn objects_of<'d>(doc: &'d Doc<'_>, verb: WordId) -> impl Iterator<Item = WordId> + 'd {
    doc.dependents_by(verb, &[Deprel::Obj])
}

/// Whom the verb strikes: its object, the subject of a passive, the noun of a relative clause.
fn patients(doc: &Doc<'_>, verb: WordId, passive: bool) -> Vec<WordId> {
    if passive {
        let own: Vec<WordId> =
            doc.dependents_by(verb, &[Deprel::NsubjPass]).map(|s| antecedent(doc, s)).collect();
        if !own.is_empty() {
            return own;
        }
        let word = doc.word(verb);
        return match (word.deprel, word.head) {
            (Deprel::Acl | Deprel::Amod, Some(head)) => vec![head],
            (Deprel::Conj, Some(head)) => {
                doc.dependents_by(head, &[Deprel::NsubjPass]).map(|s| antecedent(doc, s)).collect()
            }
            (Deprel::Xcomp, Some(head)) => doc
                .dependents_by(head, &[Deprel::Nsubj, Deprel::Obj])
                .map(|s| antecedent(doc, s))
                .collect(),
            _ => Vec::new(),
        };
    }
    let own: Vec<WordId> = objects_of(doc, verb).map(|o| antecedent(doc, o)).collect();
    if !own.is_empty() {
        return own;
    }
    let word = doc.word(verb);
    match (word.deprel, word.head) {
        // "the sanctions that the union imposed"
        (Deprel::AclRelcl, Some(head))
            if doc.dependents_by(verb, &[Deprel::Nsubj]).any(|s| antecedent(doc, s) == s) =>
        {
            vec![head]
        }
        _ => {
            // "bombed and shelled the town": the later verb carries the object of both.
            doc.dependents_by(verb, &[Deprel::Conj])
                .filter(|c| {
                    doc.word(*c).upos == Upos::Verb
                        && *c == verb + 2
                        && doc.dependents_by(*c, &[Deprel::Nsubj]).next().is_none()
                })
                .flat_map(|c| objects_of(doc, c))
                .collect()
        }
    }
}

const OBLIQUES: &[Deprel] =
    &[Deprel::Obl, Deprel::OblAgent, Deprel::Nmod, Deprel::Advcl, Deprel::Acl, Deprel::Advmod];

fn obliques<'d>(doc: &'d Doc<'_>, word: WordId, inner: bool, into: &mut Vec<Oblique<'d>>) {
    for head in doc.dependents_by(word, OBLIQUES) {
        let prepositions = prepositions(doc, head);
        if !prepositions.is_empty() {
            into.push(Oblique { prepositions, head, inner });
        }
    }
}

const BEFORE: &[Deprel] = &[
    Deprel::Amod,
    Deprel::Compound,
    Deprel::NmodPoss,
    Deprel::Nmod,
    Deprel::NmodDesc,
    Deprel::Flat,
];

/// The clause of a verb.
pub fn verb_frame<'d>(doc: &'d Doc<'_>, verb: WordId) -> Frame<'d> {
    let passive = is_passive(doc, verb);
    let objects = patients(doc, verb, passive);
    let mut frame = Frame {
        subjects: agents(doc, verb),
        indirect: doc.dependents_by(verb, &[Deprel::Iobj]).collect(),
        passive,
        ..Frame::default()
    };
    obliques(doc, verb, false, &mut frame.obliques);
    for object in &objects {
        obliques(doc, *object, true, &mut frame.obliques);
        frame.modifiers.extend(doc.dependents_by(*object, BEFORE).filter(|m| m < object));
    }
    frame.objects = objects;
    frame
}

/// The clause of a noun: its own modifiers, and the light verb's where it hangs on one.
pub fn noun_frame<'d>(doc: &'d Doc<'_>, noun: WordId, acts: &Acts) -> Frame<'d> {
    let mut frame = Frame::default();
    frame.modifiers.extend(doc.dependents_by(noun, BEFORE).filter(|m| *m < noun));
    frame.possessors.extend(doc.dependents_by(noun, &[Deprel::NmodPoss]));
    obliques(doc, noun, false, &mut frame.obliques);
    if let Some(light) = light_verb(doc, noun, acts) {
        frame.light = Some(light);
        frame.passive = is_passive(doc, light);
        obliques(doc, light, true, &mut frame.obliques);
        frame.indirect.extend(doc.dependents_by(light, &[Deprel::Iobj]));
        if acts.in_class(lemma(doc, light), "agentive") {
            frame.subjects = agents(doc, light);
        } else if acts.in_class(lemma(doc, light), "suffering") {
            frame.objects = agents(doc, light);
        }
    }
    frame
}

/// The verb that only lends the noun its tense and its sides: "launched an attack".
fn light_verb(doc: &Doc<'_>, noun: WordId, acts: &Acts) -> Option<WordId> {
    let first = first_conjunct(doc, noun);
    let word = doc.word(first);
    let head = word.head?;
    let hangs = match word.deprel {
        Deprel::Obj | Deprel::NsubjPass => true,
        // "the attack launched by": the verb hangs on the noun.
        Deprel::Nsubj => false,
        _ => return reduced_light(doc, noun, acts),
    };
    let lends =
        acts.in_class(lemma(doc, head), "light") || acts.in_class(lemma(doc, head), "suffering");
    if hangs && doc.word(head).upos == Upos::Verb && lends {
        return Some(head);
    }
    reduced_light(doc, noun, acts)
}

fn reduced_light(doc: &Doc<'_>, noun: WordId, acts: &Acts) -> Option<WordId> {
    doc.dependents_by(noun, &[Deprel::Acl, Deprel::AclRelcl]).find(|v| {
        let word = doc.word(*v);
        word.upos == Upos::Verb
            && acts.in_class(&word.lemma, "agentive")
            && (is_passive(doc, *v) || word.deprel == Deprel::AclRelcl)
            && objects_of(doc, *v).next().is_none()
    })
}
