//! What a head looks at: the word, its clause, its sides, and the sentence around.

use crate::coding::event::sides::{Found, Sides};
use crate::coding::event::{Act, tree};
use crate::doc::{Deprel, Doc, EntityKind, Upos, WordId};
use crate::mention::Mentions;
use dyad_lexicon::Acts;
use dyad_lexicon::acts::{ActPos, Role};
use smol_str::{SmolStr, format_smolstr};

#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub sides: &'a Sides<'a>,
    pub acts: &'a Acts,
}

/// Where the words of a clause stand, each by its topmost word.
pub fn positions(act: &Act<'_>) -> Vec<(Role, WordId)> {
    let frame = &act.frame;
    let slot =
        |role: Role, heads: &[WordId]| heads.iter().map(|h| (role.clone(), *h)).collect::<Vec<_>>();
    let mut found = slot(Role::Subject, &frame.subjects);
    found.extend(slot(Role::Object, &frame.objects));
    found.extend(slot(Role::Indirect, &frame.indirect));
    found.extend(slot(Role::Possessor, &frame.possessors));
    found.extend(slot(Role::Possessor, &frame.modifiers));
    for oblique in &frame.obliques {
        if let Some(preposition) = oblique.prepositions.first() {
            found.push((Role::Preposition(preposition.clone()), oblique.head));
        }
    }
    found
}

/// In order, each once. `pattern` is the line of the pattern that the words meet.
pub fn of(look: &Look<'_>, act: &Act<'_>, pos: &str, pattern: Option<u32>) -> Vec<SmolStr> {
    let Look { doc, acts, .. } = look;
    let trigger = look.name(act.trigger);
    let mut found = vec![
        format_smolstr!("t {trigger} {pos}"),
        format_smolstr!("rel {}", doc.word(act.trigger).deprel.as_str()),
    ];
    if act.frame.passive {
        found.push("passive".into());
        found.push(format_smolstr!("passive {trigger}"));
    }
    if let Some(light) = act.frame.light {
        found.push(format_smolstr!("light {}", look.name(light)));
    }
    match pattern {
        Some(line) => found.extend(["pattern".into(), format_smolstr!("pattern {line}")]),
        None => found.push("no pattern".into()),
    }
    for (role, head) in positions(act) {
        for word in tree::coordinated(doc, head) {
            let name = look.name(word);
            found.push(format_smolstr!("{role} {name}"));
            found.push(format_smolstr!("{trigger} {role} {name}"));
            look.classes(word, |class| found.push(format_smolstr!("{role} @{class}")));
        }
    }
    const PARTS: &[Deprel] = &[Deprel::CompoundPrt, Deprel::Advmod, Deprel::Aux, Deprel::Xcomp];
    for part in doc.dependents_by(act.trigger, PARTS) {
        let relation = doc.word(part).deprel.as_str();
        found.push(format_smolstr!("{trigger} {relation} {}", look.name(part)));
    }
    for (above, word) in doc.ancestors(act.trigger).skip(1).take(2).enumerate() {
        found.push(format_smolstr!("up {}", look.name(word)));
        if above == 0 {
            found.push(format_smolstr!("under {}", look.name(word)));
        }
    }
    // "a law on elections": what the word itself stands under.
    let under = doc.word(act.trigger).head.map(|h| look.name(h)).unwrap_or_default();
    for preposition in tree::prepositions(doc, act.trigger) {
        found.push(format_smolstr!("case {preposition}"));
        found.push(format_smolstr!("{under} {preposition} {trigger}"));
    }
    for named in &act.named {
        found.push(format_smolstr!("named {}", look.name(*named)));
    }
    for (side, of) in [("who", &act.agents), ("whom", &act.recipients)] {
        found.extend(look.side(side, of));
    }
    let sentence = &doc.sentences[doc.word(act.trigger).sentence as usize];
    let lemmas = sentence.words.clone().map(|w| tree::lemma(doc, w));
    found.extend(acts.contexts(lemmas).into_iter().map(|c| format_smolstr!("about {c}")));
    for word in sentence.words.clone().filter(|w| *w != act.trigger) {
        let upos = doc.word(word).upos;
        if matches!(upos, Upos::Noun | Upos::Verb | Upos::Adj) {
            found.push(format_smolstr!("w {}", look.name(word)));
            look.classes(word, |class| found.push(format_smolstr!("w @{class}")));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl Look<'_> {
    /// The lemma; of a name only what kind of name it is, since names are not to be learned.
    fn name(&self, word: WordId) -> SmolStr {
        let w = self.doc.word(word);
        if self.sides.place(word).is_some() {
            return "#place".into();
        }
        match w.upos {
            Upos::Propn => {
                let entity = self.doc.entities.iter().find(|e| e.words.contains(&word));
                match entity.map(|e| e.kind) {
                    Some(EntityKind::Person) => "#person".into(),
                    Some(EntityKind::Organisation) => "#organisation".into(),
                    Some(EntityKind::Place) => "#place".into(),
                    _ => "#name".into(),
                }
            }
            Upos::Num => "#number".into(),
            _ => w.lemma.to_lowercase().into(),
        }
    }

    fn classes(&self, word: WordId, mut each: impl FnMut(&str)) {
        let w = self.doc.word(word);
        if w.upos == Upos::Propn {
            return;
        }
        self.acts.classes_of(&w.lemma).for_each(&mut each);
        let pos = match w.upos {
            Upos::Verb => ActPos::Verb,
            Upos::Noun => ActPos::Noun,
            _ => return,
        };
        let mut kinds: Vec<_> =
            self.acts.rules(pos, &w.lemma).filter_map(|r| r.kind?.of_plover()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.into_iter().for_each(each);
    }

    /// What kind of actors stand on a side.
    fn side(&self, side: &str, of: &Found) -> Vec<SmolStr> {
        let mut found = Vec::new();
        for one in &of.sides {
            let actor = self.mentions.actor(one.actor);
            found.push(format_smolstr!("{side} #{}", actor.kind));
            found.push(format_smolstr!("{side} #{}", actor.sector));
        }
        if of.sides.is_empty() {
            found
                .push(format_smolstr!("{side} {}", if of.heads.is_empty() { "none" } else { "?" }));
        }
        found
    }
}
