//! Clauses as the coder sees them: who does, what is done to whom, and the prepositions around.

use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use dyad_lexicon::Acts;
use dyad_lexicon::acts::ActPos;
use smol_str::SmolStr;

/// How far a chain of governors is followed: no clause nests deeper, and no cycle is run for ever.
const DEPTH: usize = 8;

/// A word under a preposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oblique {
    pub prepositions: Vec<SmolStr>,
    pub head: WordId,
    /// It hangs on the object and not on the verb.
    pub inner: bool,
}

/// The clause around a trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub subjects: Vec<WordId>,
    pub objects: Vec<WordId>,
    pub indirect: Vec<WordId>,
    pub obliques: Vec<Oblique>,
    /// What stands before a noun: adjectives, compounds, possessors.
    pub modifiers: Vec<WordId>,
    pub possessors: Vec<WordId>,
    /// The subjects of the clause that the verb takes ("said that X must").
    pub clause: Vec<WordId>,
    pub passive: bool,
    /// The verb that lends a noun its clause ("launched an attack").
    pub light: Option<WordId>,
}

impl Frame {
    /// The words under a preposition, those of the verb before those of its object.
    pub fn under<'a>(&'a self, preposition: &'a str) -> impl Iterator<Item = WordId> + 'a {
        let of = |inner: bool| {
            self.obliques
                .iter()
                .filter(move |o| {
                    o.inner == inner && o.prepositions.iter().any(|p| p == preposition)
                })
                .map(|o| o.head)
        };
        of(false).chain(of(true))
    }
}

/// The report with the lemmas that the act tables know: where the network made up a word and the
/// form is a regular one of a known word, the known word stands.
pub fn mended<'r>(doc: &Doc<'r>, acts: &Acts) -> Doc<'r> {
    let mut words = doc.words.clone();
    for word in &mut words {
        if matches!(word.upos, Upos::Verb | Upos::Noun | Upos::Adj | Upos::Adv)
            && !acts.knows(&word.lemma)
        {
            let form = word.span.of(&doc.report.text);
            if let Some(lemma) = acts.known_stem(form) {
                word.lemma = lemma;
            } else if acts.knows(form) {
                word.lemma = form.into();
            }
        }
    }
    let moved: Vec<(WordId, WordId)> =
        (0..words.len() as WordId).filter_map(|w| Some((w, of_later_conjunct(doc, w)?))).collect();
    let agents = (0..words.len() as WordId).filter_map(|w| Some((w, of_passive(doc, acts, w)?)));
    let moved: Vec<(WordId, WordId)> = moved.into_iter().chain(agents).collect();
    for (word, head) in moved {
        words[word as usize].head = Some(head);
    }
    let mended = Doc::new(doc.report, doc.sentences.clone(), words, doc.entities.clone());
    mended.with_ear(doc.ear().clone())
}

/// "the land that X wants to annex and adopted a charter on Friday": a verb whose object the relative
/// clause has taken leaves what stands behind a later verb to that one.
fn of_later_conjunct(doc: &Doc<'_>, word: WordId) -> Option<WordId> {
    let w = doc.word(word);
    let verb = w.head.filter(|_| matches!(w.deprel, Deprel::Obj | Deprel::Obl))?;
    let relative = doc.word(verb).head.filter(|h| {
        doc.word(verb).deprel == Deprel::Xcomp && doc.word(*h).deprel == Deprel::AclRelcl
    })?;
    let taken = objects_of(doc, relative).any(|o| antecedent(doc, o) != o);
    let mut later = doc
        .dependents_by(verb, &[Deprel::Conj])
        .filter(|c| verb < *c && *c < word && doc.word(*c).upos == Upos::Verb);
    if taken { later.next() } else { None }
}

/// "was signed on Monday in the theatre by X": what `by` marks behind a passive verb that has no
/// agent yet is its agent, however near the noun it was hung on; of a noun that tells an act it is
/// that act's ("in a raid by X").
fn of_passive(doc: &Doc<'_>, acts: &Acts, word: WordId) -> Option<WordId> {
    let w = doc.word(word);
    let noun = w.head.filter(|h| w.deprel == Deprel::Nmod && *h < word)?;
    let setting = doc.word(noun);
    if !is_under(doc, word, &["by"]) || acts.rules(ActPos::Noun, &setting.lemma).next().is_some() {
        return None;
    }
    let verb = setting.head.filter(|v| setting.deprel == Deprel::Obl && *v < noun)?;
    let agent = [Deprel::OblAgent, Deprel::Obl, Deprel::Nmod];
    let has_agent = doc.dependents_by(verb, &agent).any(|a| is_under(doc, a, &["by"]));
    (is_passive(doc, verb) && !has_agent).then_some(verb)
}

/// The verb of the clause that is set at what a noun tells: "spoke at a meeting", "raised doubts in
/// a meeting".
pub fn setting_of(doc: &Doc<'_>, noun: WordId) -> Option<WordId> {
    const THERE: &[&str] = &["in", "at", "during", "after", "before", "following"];
    if !is_under(doc, noun, THERE) {
        return None;
    }
    let word = doc.word(noun);
    let head = match word.deprel {
        Deprel::Obl => word.head?,
        Deprel::Nmod => {
            let object = word.head.filter(|h| doc.word(*h).deprel == Deprel::Obj)?;
            doc.word(object).head?
        }
        _ => return None,
    };
    (doc.word(head).upos == Upos::Verb).then_some(head)
}

/// The lemma of a word.
pub fn lemma<'d>(doc: &'d Doc<'_>, word: WordId) -> &'d str {
    &doc.word(word).lemma
}

/// The prepositions that mark a nominal, as the page writes them: they have no other form.
pub fn prepositions(doc: &Doc<'_>, word: WordId) -> Vec<SmolStr> {
    let small = |w: WordId| SmolStr::from(doc.surface(w).to_lowercase());
    let mut found = Vec::new();
    for case in doc.dependents_by(word, &[Deprel::Case, Deprel::Mark]) {
        if matches!(doc.word(case).upos, Upos::Adp | Upos::Sconj | Upos::Adv | Upos::Verb) {
            found.push(small(case));
            // "because of", "out of": the second word hangs on the first.
            found.extend(doc.dependents_by(case, &[Deprel::Fixed]).map(small));
        }
    }
    found
}

/// Whether one of these prepositions marks the nominal.
pub fn is_under(doc: &Doc<'_>, word: WordId, wanted: &[&str]) -> bool {
    prepositions(doc, word).iter().any(|p| wanted.contains(&p.as_str()))
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

/// Whether "each other" or "one another" stands where the act takes its recipient.
pub fn is_reciprocal(doc: &Doc<'_>, frame: &Frame) -> bool {
    let each = |w: WordId| {
        let before = w.checked_sub(1).map_or("", |b| doc.surface(b));
        matches!((before, doc.surface(w)), ("each", "other") | ("one", "another"))
    };
    // The one word hangs on the other, whichever is the head.
    let either = |w: WordId| each(w) || doc.dependents(w).iter().any(|d| *d == w + 1 && each(*d));
    let all = frame.objects.iter().chain(&frame.indirect).copied();
    all.chain(frame.obliques.iter().map(|o| o.head)).any(either)
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

/// The noun in a phrase that mangled words make look like a gerund with its object: "the 12
/// exploding the boats were sunk". No gerund has an article or a number and a bare object.
fn thing_in(doc: &Doc<'_>, word: WordId) -> WordId {
    let number = |w: WordId| doc.word(w).upos == Upos::Num;
    let counted = doc.dependents_by(word, &[Deprel::Det, Deprel::Nummod, Deprel::Nsubj]);
    let noun_phrase = doc.word(word).upos == Upos::Verb
        && counted.into_iter().any(|w| doc.word(w).deprel != Deprel::Nsubj || number(w));
    let object = doc.dependents_by(word, &[Deprel::Obj]).next();
    object.filter(|_| noun_phrase).unwrap_or(word)
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
        return agents.filter(|a| is_under(doc, *a, &["by"])).collect();
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
        Deprel::Advcl if doc.word(head).upos != Upos::Noun => {
            let charged = charged(doc, head, verb);
            if charged.is_empty() { subject_of(doc, head, depth - 1) } else { charged }
        }
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

/// "accused X of shelling", "thanked X for releasing", "kept X from leaving": the object of the verb above.
fn charged(doc: &Doc<'_>, head: WordId, below: WordId) -> Vec<WordId> {
    if doc.word(below).xpos != Xpos::Vbg || !is_under(doc, below, &["of", "for", "from"]) {
        return Vec::new();
    }
    objects_of(doc, head).filter(|o| *o < below && antecedent(doc, *o) == *o).collect()
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
        // A relative pronoun that fills the gap below controls nothing.
        let objects: Vec<WordId> = doc
            .dependents_by(head, &[Deprel::Obj, Deprel::Iobj])
            .filter(|o| *o < below && antecedent(doc, *o) == *o)
            .collect();
        if !objects.is_empty() {
            return objects;
        }
        if matches!(lemma(doc, head), "call" | "appeal" | "prevail") {
            let called: Vec<WordId> = doc
                .dependents_by(head, &[Deprel::Obl, Deprel::Xcomp])
                .filter(|o| {
                    doc.word(*o).upos != Upos::Verb && is_under(doc, *o, &["on", "upon", "to"])
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
            Deprel::Nmod => is_under(doc, *d, &["by", "of", "from"]),
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
    doc.dependents_by(verb, &[Deprel::Obj]).filter(move |o| !is_afterthought(doc, verb, *o))
}

/// "met on Monday, a sign of the times": after a comma that closes the clause, a noun with the
/// indefinite article sums it up and is no object.
pub fn is_afterthought(doc: &Doc<'_>, verb: WordId, object: WordId) -> bool {
    let Some(article) = doc.dependents_by(object, &[Deprel::Det]).next() else { return false };
    let indefinite = matches!(lemma(doc, article), "a" | "an");
    let comma = |w: WordId| doc.surface(w) == ",";
    indefinite && article > verb + 2 && comma(article - 1) && !(verb + 1..article - 1).any(comma)
}

/// Whom the verb strikes: its object, the subject of a passive, the noun of a relative clause.
fn patients(doc: &Doc<'_>, verb: WordId, passive: bool) -> Vec<WordId> {
    if passive {
        let subjects = doc.dependents_by(verb, &[Deprel::NsubjPass]);
        let own: Vec<WordId> = subjects.map(|s| thing_in(doc, antecedent(doc, s))).collect();
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
            _ => lost_subject(doc, verb).into_iter().collect(),
        };
    }
    let own: Vec<WordId> = objects_of(doc, verb).map(|o| antecedent(doc, o)).collect();
    if !own.is_empty() {
        return own;
    }
    let word = doc.word(verb);
    match (word.deprel, word.head) {
        // "the region that it claimed to have annexed"
        (Deprel::Xcomp, Some(head)) if doc.word(head).deprel == Deprel::AclRelcl => {
            let gap = objects_of(doc, head).map(|o| (o, antecedent(doc, o))).find(|(o, a)| o != a);
            gap.map(|(_, noun)| noun)
                .or(doc.word(head).head.filter(|n| *n < head))
                .into_iter()
                .collect()
        }
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

/// The subject that the parser lost in mangled words: the shallowest noun before a passive verb
/// that no preposition marks.
fn lost_subject(doc: &Doc<'_>, verb: WordId) -> Option<WordId> {
    doc.dependents_by(verb, &[Deprel::AuxPass]).next()?;
    let before = doc.subtree(verb).into_iter().filter(|w| *w < verb);
    let nouns = before.filter(|w| {
        let word = doc.word(*w);
        matches!(word.upos, Upos::Noun | Upos::Propn)
            && matches!(word.deprel, Deprel::Nsubj | Deprel::Obj | Deprel::Dep | Deprel::Parataxis)
    });
    let depth = |w: WordId| doc.ancestors(w).take_while(|a| *a != verb).count();
    nouns.min_by_key(|w| (depth(*w), std::cmp::Reverse(*w)))
}

const OBLIQUES: &[Deprel] =
    &[Deprel::Obl, Deprel::OblAgent, Deprel::Nmod, Deprel::Advcl, Deprel::Acl, Deprel::Advmod];

fn obliques(doc: &Doc<'_>, word: WordId, inner: bool, into: &mut Vec<Oblique>) {
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
pub fn verb_frame(doc: &Doc<'_>, verb: WordId) -> Frame {
    let passive = is_passive(doc, verb);
    let indirect: Vec<WordId> = doc.dependents_by(verb, &[Deprel::Iobj]).collect();
    let mut objects = patients(doc, verb, passive);
    if objects.is_empty() && !passive {
        // "asked X to leave": the treebanks call the only object of asking indirect.
        objects.clone_from(&indirect);
    }
    let mut frame = Frame { subjects: agents(doc, verb), indirect, passive, ..Frame::default() };
    frame.clause = clause_subjects(doc, verb);
    obliques(doc, verb, false, &mut frame.obliques);
    // "filed a suit in the court against X": the parser may hang the foe on the court.
    let around: Vec<WordId> = frame.obliques.iter().map(|o| o.head).collect();
    for word in around.into_iter().chain(objects.iter().copied()) {
        for below in doc.dependents_by(word, &[Deprel::Nmod]) {
            if !objects.contains(&word) && is_under(doc, below, &["against"]) {
                let prepositions = prepositions(doc, below);
                frame.obliques.push(Oblique { prepositions, head: below, inner: true });
            }
        }
    }
    for object in &objects {
        obliques(doc, *object, true, &mut frame.obliques);
        // "some of its troops from X", "the sanctions imposed on X"
        let of = doc.dependents_by(*object, &[Deprel::Nmod]).filter(|n| is_under(doc, *n, &["of"]));
        let done = doc.dependents_by(*object, &[Deprel::Acl]);
        for below in of.chain(done.filter(|v| doc.word(*v).xpos == Xpos::Vbn)) {
            obliques(doc, below, true, &mut frame.obliques);
        }
        frame.modifiers.extend(doc.dependents_by(*object, BEFORE).filter(|m| m < object));
    }
    frame.objects = objects;
    frame
}

/// Who does what the word asks or tells of: the subjects of the clause that it takes ("said that X
/// must", "called for X to").
fn clause_subjects(doc: &Doc<'_>, word: WordId) -> Vec<WordId> {
    let open = [Deprel::Ccomp, Deprel::Xcomp, Deprel::Advcl, Deprel::Acl];
    let mut found = Vec::new();
    for clause in doc.dependents_by(word, &open) {
        let for_it = || doc.dependents_by(clause, &[Deprel::Mark]).any(|m| lemma(doc, m) == "for");
        let own = found.len();
        if doc.word(clause).deprel == Deprel::Ccomp || for_it() {
            found.extend(doc.dependents_by(clause, &[Deprel::Nsubj, Deprel::NsubjPass]));
        }
        if found.len() == own && for_it() {
            // The subject may hang on the word itself, without a preposition of its own.
            let bare = |o: &WordId| *o < clause && prepositions(doc, *o).is_empty();
            found.extend(doc.dependents_by(word, &[Deprel::Obl]).filter(bare));
        }
    }
    found
}

/// The clause of a noun: its own modifiers, and the light verb's where it hangs on one.
pub fn noun_frame(doc: &Doc<'_>, noun: WordId, acts: &Acts) -> Frame {
    let mut frame = Frame::default();
    for modifier in doc.dependents_by(noun, BEFORE).filter(|m| *m < noun) {
        // "the Russian missile attack": the adjective may hang on the missile.
        frame.modifiers.extend(doc.dependents_by(modifier, &[Deprel::Amod, Deprel::Compound]));
        frame.modifiers.push(modifier);
    }
    frame.possessors.extend(doc.dependents_by(noun, &[Deprel::NmodPoss]));
    frame.clause = clause_subjects(doc, noun);
    obliques(doc, noun, false, &mut frame.obliques);
    // "a suspension of aid to X": what is suspended has the recipient.
    let of: Vec<WordId> = frame.under("of").collect();
    for word in of {
        obliques(doc, word, true, &mut frame.obliques);
    }
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

/// What a measure counts: "dozens of rockets", "54 of 69 missiles", "rounds of sanctions".
pub fn counted(doc: &Doc<'_>, acts: &Acts, word: WordId) -> Option<WordId> {
    let w = doc.word(word);
    if w.upos != Upos::Num && !acts.in_class(&w.lemma, "measures") {
        return None;
    }
    let under = [Deprel::Nmod, Deprel::Obl];
    doc.dependents_by(word, &under).find(|n| is_under(doc, *n, &["of"]))
}

/// The verb that only lends the noun its tense and its sides: "launched an attack".
fn light_verb(doc: &Doc<'_>, noun: WordId, acts: &Acts) -> Option<WordId> {
    let mut first = first_conjunct(doc, noun);
    if let Some(measure) = doc.word(first).head.filter(|h| counted(doc, acts, *h) == Some(first)) {
        first = first_conjunct(doc, measure);
    }
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
