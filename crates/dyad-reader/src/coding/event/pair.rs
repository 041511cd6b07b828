//! The type of the relation between two given sides of one text.
//!
//! The sides are taken for the only actors of the text, the acts between them are read as always,
//! and what was read goes, with the words around, into a linear model (`models/pair.bin`).

use super::deep::{self, Deep};
use super::judge::{Blend, EarPairs, Heard, SCORES};
use super::sides::{Found, Sides};
use super::{Act, tree};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::linear::{Linear, LinearError, shares};
use crate::mention::{Actor, ActorId, ActorMention, Mentions};
use crate::span::Span;
use dyad_lexicon::Acts;
use dyad_lexicon::acts::ActPos;
use dyad_record::{ActorKind, EventType, How, Sector, Status};
use smol_str::{SmolStr, format_smolstr};
use std::cell::OnceCell;

/// The root of a relation, as PLOVER sets before the split of YIELD name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    Agree,
    Consult,
    Support,
    Cooperate,
    Aid,
    /// CONCEDE and RETREAT together.
    Yield,
    Request,
    Accuse,
    Reject,
    Threaten,
    Protest,
    Sanction,
    Mobilize,
    Coerce,
    Assault,
}

impl Root {
    pub const ALL: [Root; 15] = [
        Root::Agree,
        Root::Consult,
        Root::Support,
        Root::Cooperate,
        Root::Aid,
        Root::Yield,
        Root::Request,
        Root::Accuse,
        Root::Reject,
        Root::Threaten,
        Root::Protest,
        Root::Sanction,
        Root::Mobilize,
        Root::Coerce,
        Root::Assault,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Root::Agree => "AGREE",
            Root::Consult => "CONSULT",
            Root::Support => "SUPPORT",
            Root::Cooperate => "COOPERATE",
            Root::Aid => "AID",
            Root::Yield => "YIELD",
            Root::Request => "REQUEST",
            Root::Accuse => "ACCUSE",
            Root::Reject => "REJECT",
            Root::Threaten => "THREATEN",
            Root::Protest => "PROTEST",
            Root::Sanction => "SANCTION",
            Root::Mobilize => "MOBILIZE",
            Root::Coerce => "COERCE",
            Root::Assault => "ASSAULT",
        }
    }

    /// The root of an act where its status is folded into the type: PLOVER has no status, so a
    /// planned visit is AGREE, a refused one REJECT, a threatened attack THREATEN.
    /// None of an own type.
    pub fn of(kind: EventType, status: Status) -> Option<Root> {
        use EventType as T;
        kind.of_plover()?;
        match status {
            Status::Refused | Status::Denied => return Some(Root::Reject),
            Status::Threatened => return Some(Root::Threaten),
            Status::CalledFor => return Some(Root::Request),
            Status::Planned => match kind {
                T::Consult | T::Support | T::Cooperate | T::Aid | T::Concede | T::Retreat => {
                    return Some(Root::Agree);
                }
                T::Assault | T::Sanction | T::Coerce | T::Protest | T::Mobilize => {
                    return Some(Root::Threaten);
                }
                _ => {}
            },
            Status::Happened | Status::Ongoing | Status::Supposed => {}
        }
        Some(match kind {
            T::Own(_) => return None,
            T::Agree => Root::Agree,
            T::Consult => Root::Consult,
            T::Support => Root::Support,
            T::Concede | T::Retreat => Root::Yield,
            T::Cooperate => Root::Cooperate,
            T::Aid => Root::Aid,
            T::Request => Root::Request,
            T::Accuse => Root::Accuse,
            T::Reject => Root::Reject,
            T::Threaten => Root::Threaten,
            T::Protest => Root::Protest,
            T::Sanction => Root::Sanction,
            T::Mobilize => Root::Mobilize,
            T::Coerce => Root::Coerce,
            T::Assault => Root::Assault,
        })
    }
}

/// A root with the share of belief that the model gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairType {
    pub root: Root,
    pub belief: f32,
}

/// How an act joins the two given sides, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    Both,
    Turned,
    Source,
    Target,
    None,
}

impl Link {
    fn as_str(self) -> &'static str {
        match self {
            Link::Both => "both",
            Link::Turned => "turned",
            Link::Source => "source",
            Link::Target => "target",
            Link::None => "none",
        }
    }
}

const SOURCE: ActorId = ActorId(0);
const TARGET: ActorId = ActorId(1);

/// The two sides as the only actors of the text.
pub fn mentions(doc: &Doc<'_>, source: Span, target: Span) -> Mentions {
    let actor = |name: Span| Actor {
        name: name.of(&doc.report.text).to_owned(),
        kind: ActorKind::State,
        country: None,
        organisation: None,
        sector: Sector::Gov,
        code: String::new(),
        role: None,
    };
    let mut mentions = Mentions::default();
    mentions.actors = vec![actor(source), actor(target)];
    for (id, span) in [(SOURCE, source), (TARGET, target)] {
        let words = doc.words_in(span);
        if words.is_empty() {
            continue;
        }
        let head = top(doc, words.clone());
        mentions.actor_mentions.push(ActorMention { actor: id, span, words, head, how: How::Name });
    }
    mentions
}

/// The word of a range that governs the others.
fn top(doc: &Doc<'_>, words: std::ops::Range<u32>) -> WordId {
    let inside = words.clone();
    let mut tops = words.filter(|w| doc.word(*w).head.is_none_or(|h| !inside.contains(&h)));
    let nominal = |w: &WordId| matches!(doc.word(*w).upos, Upos::Noun | Upos::Propn | Upos::Pron);
    tops.clone().find(nominal).or_else(|| tops.next()).unwrap_or(inside.start)
}

/// The relation by the rules alone: the act that joins the two most closely.
pub fn by_rules(doc: &Doc<'_>, acts: &Acts, source: Span, target: Span) -> Option<Root> {
    let doc = &tree::mended(doc, acts);
    let mentions = mentions(doc, source, target);
    let sides = Sides::new(doc, &mentions, acts);
    let mut found = super::acts(doc, &mentions, &sides, acts);
    super::join_chains(doc, &mut found, acts);
    best(&found).and_then(|(_, act)| root(act))
}

fn best<'f, 'a>(found: &'f [Act<'a>]) -> Option<(Link, &'f Act<'a>)> {
    found
        .iter()
        .map(|act| (link(act), act))
        .filter(|(link, _)| *link != Link::None)
        .min_by_key(|(link, act)| (*link, std::cmp::Reverse(act.rule.weight), act.trigger))
}

fn root(act: &Act<'_>) -> Option<Root> {
    Root::of(act.kind, act.standing.status)
}

fn link(act: &Act<'_>) -> Link {
    let has = |found: &Found, actor| found.sides.iter().any(|s| s.actor == actor);
    let does = (has(&act.agents, SOURCE), has(&act.agents, TARGET));
    let gets = (has(&act.recipients, SOURCE), has(&act.recipients, TARGET));
    match (does, gets) {
        ((true, _), (_, true)) | ((true, true), _) => Link::Both,
        ((_, true), (true, _)) => Link::Turned,
        ((true, false), _) => Link::Source,
        (_, (_, true)) => Link::Target,
        _ => Link::None,
    }
}

/// Features of a pair, as places in the weights.
pub struct Features {
    at: Vec<u32>,
    size: u32,
}

impl Features {
    fn add(&mut self, name: &str) {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        self.at.push(((hash ^ (hash >> 32)) % u64::from(self.size)) as u32);
    }
}

/// How many places the weights have.
pub const SIZE: u32 = 1 << 15;

/// What the model looks at, sorted, each once.
pub fn features(doc: &Doc<'_>, acts: &Acts, source: Span, target: Span) -> Vec<u32> {
    of_mended(&tree::mended(doc, acts), acts, source, target)
}

fn of_mended(doc: &Doc<'_>, acts: &Acts, source: Span, target: Span) -> Vec<u32> {
    let mentions = mentions(doc, source, target);
    let sides = Sides::new(doc, &mentions, acts);
    let mut found = super::acts(doc, &mentions, &sides, acts);
    super::join_chains(doc, &mut found, acts);
    let mut features = Features { at: Vec::new(), size: SIZE };
    of_acts(doc, &found, &mut features);
    let (source, target) = (doc.words_in(source), doc.words_in(target));
    if !source.is_empty() && !target.is_empty() {
        of_words(doc, acts, source.clone(), target.clone(), &mut features);
        of_path(doc, acts, top(doc, source), top(doc, target), &mut features);
    }
    features.at.sort_unstable();
    features.at.dedup();
    features.at
}

fn of_acts(doc: &Doc<'_>, found: &[Act<'_>], features: &mut Features) {
    for act in found {
        let link = link(act).as_str();
        let Some(root) = root(act).map(Root::as_str) else { continue };
        features.add(&format_smolstr!("act {link} {root}"));
        features.add(&format_smolstr!("act {link} {} {}", act.kind, act.standing.status));
        features.add(&format_smolstr!("act {root}"));
        if let Some(mode) = &act.mode {
            features.add(&format_smolstr!(
                "act {link} {} {mode} {}",
                act.kind,
                act.standing.status
            ));
        }
        features.add(&format_smolstr!("act {link} {} {}", tree::lemma(doc, act.trigger), act.kind));
    }
    match best(found) {
        Some((link, act)) => {
            let root = root(act).map_or("", Root::as_str);
            features.add(&format_smolstr!("best {root}"));
            features.add(&format_smolstr!("best {root} {}", link.as_str()));
            features.add(&format_smolstr!("best {} {}", act.cameo, act.standing.status));
        }
        None => features.add("best none"),
    }
}

fn is_content(upos: Upos) -> bool {
    matches!(upos, Upos::Verb | Upos::Noun | Upos::Adj | Upos::Adv | Upos::Aux | Upos::Part)
}

/// The words of the sentence, by where they stand: before, between, after, in either side.
fn of_words(
    doc: &Doc<'_>,
    acts: &Acts,
    source: std::ops::Range<u32>,
    target: std::ops::Range<u32>,
    features: &mut Features,
) {
    let first = doc.word(source.start.min(target.start)).sentence;
    let last = doc.word(source.end.max(target.end) - 1).sentence;
    let start = doc.sentences[first as usize].words.start;
    let end = doc.sentences[last as usize].words.end;
    let (left, right) = (source.end.min(target.end), source.start.max(target.start));
    features.add(if source.start <= target.start { "order st" } else { "order ts" });
    let mut before: Option<SmolStr> = None;
    for word in start..end {
        let w = doc.word(word);
        if w.upos == Upos::Punct {
            continue;
        }
        let lemma = w.lemma.to_lowercase();
        if source.contains(&word) {
            features.add(&format_smolstr!("s {lemma}"));
        } else if target.contains(&word) {
            features.add(&format_smolstr!("t {lemma}"));
            for_classes(acts, &lemma, |class| features.add(&format_smolstr!("tc {class}")));
        } else {
            let between = left <= word && word < right;
            if is_content(w.upos) {
                features.add(&format_smolstr!("w {lemma}"));
                for_classes(acts, &lemma, |class| features.add(&format_smolstr!("c {class}")));
                for_types(acts, w.upos, &lemma, |kind| features.add(&format_smolstr!("k {kind}")));
            }
            if between {
                features.add(&format_smolstr!("m {lemma}"));
                if is_content(w.upos) {
                    for_classes(acts, &lemma, |class| features.add(&format_smolstr!("mc {class}")));
                    for_types(acts, w.upos, &lemma, |kind| {
                        features.add(&format_smolstr!("mk {kind}"))
                    });
                }
            }
        }
        if let Some(before) = &before {
            features.add(&format_smolstr!("b {before} {lemma}"));
        }
        before = Some(lemma.into());
    }
}

fn for_classes(acts: &Acts, lemma: &str, mut each: impl FnMut(&str)) {
    acts.classes_of(lemma).for_each(&mut each);
}

fn for_types(acts: &Acts, upos: Upos, lemma: &str, mut each: impl FnMut(EventType)) {
    let pos = match upos {
        Upos::Verb => ActPos::Verb,
        Upos::Noun => ActPos::Noun,
        Upos::Adj => ActPos::Adj,
        _ => return,
    };
    let mut seen: Vec<EventType> = acts.rules(pos, lemma).filter_map(|r| r.kind).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.into_iter().for_each(&mut each);
}

/// The verbs above either side, their objects, and the words from one side to the other.
fn of_path(doc: &Doc<'_>, acts: &Acts, source: WordId, target: WordId, features: &mut Features) {
    for (name, from) in [("s", source), ("t", target)] {
        let mut verbs = 0;
        for (steps, word) in doc.ancestors(from).skip(1).take(6).enumerate() {
            let w = doc.word(word);
            features.add(&format_smolstr!("up {name} {}", w.lemma));
            if steps == 0 {
                let relation = doc.word(from).deprel.as_str();
                let preposition = tree::prepositions(doc, from).join(" ");
                features.add(&format_smolstr!("gov {name} {relation} {preposition} {}", w.lemma));
                features.add(&format_smolstr!("rel {name} {relation} {preposition}"));
                for_types(acts, w.upos, &w.lemma, |kind| {
                    features.add(&format_smolstr!("govk {name} {relation} {preposition} {kind}"));
                });
            }
            if w.upos == Upos::Verb && verbs < 2 {
                verbs += 1;
                of_verb(doc, acts, name, word, features);
            }
        }
    }
    let up: Vec<WordId> = doc.ancestors(source).take(16).collect();
    let meeting = doc.ancestors(target).take(16).find(|a| up.contains(a));
    if let Some(meeting) = meeting {
        features.add(&format_smolstr!("meet {}", doc.word(meeting).lemma));
        let path = up.iter().copied().take_while(|w| *w != meeting);
        let down = doc.ancestors(target).take_while(|w| *w != meeting);
        for word in path.chain(down).filter(|w| *w != source && *w != target) {
            features.add(&format_smolstr!("path {}", doc.word(word).lemma));
        }
    }
}

fn of_verb(doc: &Doc<'_>, acts: &Acts, name: &str, verb: WordId, features: &mut Features) {
    let lemma = tree::lemma(doc, verb);
    features.add(&format_smolstr!("v {name} {lemma}"));
    const PARTS: &[Deprel] = &[
        Deprel::Obj,
        Deprel::NsubjPass,
        Deprel::Xcomp,
        Deprel::Ccomp,
        Deprel::CompoundPrt,
        Deprel::Aux,
        Deprel::Advmod,
    ];
    for part in doc.dependents_by(verb, PARTS) {
        let (w, relation) = (doc.word(part), doc.word(part).deprel.as_str());
        features.add(&format_smolstr!("vp {name} {lemma} {relation} {}", w.lemma));
        features.add(&format_smolstr!("p {name} {relation} {}", w.lemma));
        for_classes(acts, &w.lemma, |class| {
            features.add(&format_smolstr!("vc {name} {lemma} {relation} {class}"));
        });
    }
}

/// What is known of pairs: which root joins two sides, and whether any does.
#[derive(Debug)]
pub struct Model {
    roots: Linear<15>,
    joined: Linear<1>,
    /// What the ear's rows tell.
    ear: Option<EarPairs>,
    /// The deep tier, where it was asked for.
    deep: Option<Deep>,
}

impl Model {
    /// The models that ship with this crate.
    pub fn builtin() -> Self {
        Self::from_bytes(
            include_bytes!("../../../../../models/pair.bin"),
            include_bytes!("../../../../../models/joined.bin"),
        )
        .expect("models/pair.bin and models/joined.bin were checked by this crate's tests")
        .with_ear(EarPairs::builtin())
    }

    /// The linear models alone.
    pub fn from_bytes(roots: &[u8], joined: &[u8]) -> Result<Self, LinearError> {
        Ok(Model {
            roots: Linear::from_bytes("models/pair.bin", roots, SIZE)?,
            joined: Linear::from_bytes("models/joined.bin", joined, SIZE)?,
            ear: None,
            deep: None,
        })
    }

    /// The same, with what the ear's rows tell of a pair.
    pub fn with_ear(mut self, ear: EarPairs) -> Self {
        self.ear = Some(ear);
        self
    }

    /// The same, without what was trained on the rows of another ear than this.
    pub fn for_ear(mut self, version: &str) -> Self {
        self.ear = self.ear.filter(|ear| ear.ear() == version);
        self
    }

    pub fn deep(&self) -> Option<&Deep> {
        self.deep.as_ref()
    }

    /// The same, with the deep tier's encoder asked too.
    pub fn with_deep(mut self, deep: Deep) -> Self {
        self.deep = Some(deep);
        self
    }

    /// What names the models beside the linear ones.
    pub fn version(&self) -> String {
        let ear = self.ear.as_ref().map(EarPairs::version);
        let deep = self.deep.as_ref().map(Deep::version);
        ear.into_iter().chain(deep).collect::<Vec<_>>().join(" ")
    }

    /// A text in which pairs will be asked about.
    pub fn view<'a>(&'a self, doc: &'a Doc<'a>, acts: &'a Acts) -> View<'a> {
        View {
            model: self,
            doc,
            acts,
            mended: OnceCell::new(),
            ear: OnceCell::new(),
            deep: OnceCell::new(),
        }
    }
}

/// A text whose pairs are asked about; what is the same for all of them is made at the first.
#[derive(Debug)]
pub struct View<'a> {
    model: &'a Model,
    doc: &'a Doc<'a>,
    acts: &'a Acts,
    mended: OnceCell<Doc<'a>>,
    ear: OnceCell<Heard>,
    deep: OnceCell<deep::Heard>,
}

impl<'a> View<'a> {
    pub fn pair(&self, source: Span, target: Span) -> Sight<'a> {
        let (doc, sides) = (self.doc, [source, target]);
        let ear = self.model.ear.as_ref();
        let ear = ear.and_then(|ear| Some((ear.blend(), ear.scores(doc, &self.ear, sides)?)));
        let deep = self.model.deep.as_ref().and_then(|deep| {
            let heard = self.deep.get_or_init(|| deep.hear(doc));
            Some((deep.blend(), deep.scores(doc, heard, sides)?))
        });
        let mended = self.mended.get_or_init(|| tree::mended(doc, self.acts));
        let features = of_mended(mended, self.acts, source, target);
        Sight { model: self.model, features, more: [ear, deep] }
    }
}

/// What the models see of two sides.
#[derive(Debug)]
pub struct Sight<'a> {
    model: &'a Model,
    features: Vec<u32>,
    /// The scores of the ear's and the deep tier's heads, each weighed with what was said before it.
    more: [Option<(Blend, [f32; SCORES])>; 2],
}

impl Sight<'_> {
    /// The likeliest root.
    pub fn told(&self) -> PairType {
        let beliefs = self.beliefs();
        let best = (0..beliefs.len()).fold(0, |b, i| if beliefs[i] > beliefs[b] { i } else { b });
        PairType { root: Root::ALL[best], belief: beliefs[best] }
    }

    /// The share of belief in each root, in the order of [`Root::ALL`].
    pub fn beliefs(&self) -> [f32; 15] {
        let mut logits = self.model.roots.logits(&self.features);
        self.more.iter().flatten().for_each(|(blend, scores)| blend.weigh(&mut logits, scores));
        shares(logits)
    }

    /// How likely it is that the first side is told to act on the second.
    pub fn joined(&self) -> f32 {
        let [logit] = self.model.joined.logits(&self.features);
        let more = self.more.iter().flatten();
        let logit = more.fold(logit, |logit, (blend, scores)| blend.weigh_joined(logit, scores));
        1.0 / (1.0 + (-logit).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_sound() {
        let model = Model::builtin();
        let sight = Sight { model: &model, features: Vec::new(), more: [None, None] };
        let told = sight.told();
        assert!(told.belief > 0.0 && told.belief <= 1.0);
    }

    #[test]
    fn the_rows_of_another_ear_are_not_read() {
        let model = Model::builtin();
        let ear = model.ear.as_ref().map(|ear| ear.ear().to_owned()).unwrap();
        let model = model.for_ear(&ear);
        assert!(model.version().starts_with("pair-"));
        assert_eq!(model.for_ear("another").version(), "");
    }

    #[test]
    fn status_folds_into_the_root() {
        assert_eq!(Root::of(EventType::Consult, Status::Planned), Some(Root::Agree));
        assert_eq!(Root::of(EventType::Assault, Status::Threatened), Some(Root::Threaten));
        assert_eq!(Root::of(EventType::Accuse, Status::Refused), Some(Root::Reject));
        assert_eq!(Root::of(EventType::Retreat, Status::Happened), Some(Root::Yield));
    }
}
