//! Mentions to codes: statements first, since they vouch for what stands in them; then events; then
//! who had a part in the attacks among them; then ties, which are states and not acts; then what each
//! figure is about; last what goes against the rest of the report.

mod against;
pub mod attack;
mod base;
pub mod event;
pub mod statement;
pub mod tie;
#[cfg(test)]
pub(crate) mod tree;

use crate::doc::{Doc, WordId};
use crate::mention::{ActorId, FigureId, Mentions, PlaceId, TimeId};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_record::{
    EventType, Form, Part, PlaceBasis, Quad, Stance, Status, TieKind, TimeBasis, Trend,
};
use jiff::civil::Date;

/// Index into [`Coding::statements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId(pub u32);

/// Index into [`Coding::events`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub u32);

/// Where a finding comes from: `from` are the findings it stands on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    pub evidence: Vec<Span>,
    /// The rule or model head that made it, as `lexicon:line` or `head:name`.
    pub found_by: String,
    pub from: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    Event(u32),
    Statement(u32),
    Figure(u32),
    Tie(u32),
    Actor(u32),
    Place(u32),
    Time(u32),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub speaker: Option<ActorId>,
    /// The words that name the speaker.
    pub source: Option<Span>,
    pub stance: Option<Stance>,
    /// Nearest to the reader first.
    pub through: Vec<ActorId>,
    pub addressee: Option<ActorId>,
    pub cue: Option<Span>,
    pub content: Vec<Span>,
    pub form: Form,
    pub time: Option<EventTime>,
    pub provenance: Provenance,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EventTime {
    pub time: Option<TimeId>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub basis: TimeBasis,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub kind: EventType,
    pub quad: Quad,
    pub mode: Option<String>,
    pub contexts: Vec<String>,
    pub cameo: String,
    pub goldstein: f32,
    pub actors: Vec<ActorId>,
    pub recipients: Vec<ActorId>,
    /// The words that name each side where this act is told (same order as the ids).
    pub actor_spans: Vec<Span>,
    pub recipient_spans: Vec<Span>,
    /// The noun phrases in the two roles, whether or not they name a known actor.
    pub actor_phrases: Vec<Span>,
    pub recipient_phrases: Vec<Span>,
    /// The weapons of an assault.
    pub instruments: Vec<Span>,
    pub mutual: bool,
    pub time: Option<EventTime>,
    pub place: Option<PlaceId>,
    pub place_basis: Option<PlaceBasis>,
    pub status: Status,
    pub statement: Option<StatementId>,
    pub trigger: Span,
    pub trigger_word: WordId,
    pub confidence: f32,
    /// What speaks for it and against it; none for what a user's dictionary tells.
    pub signs: Vec<event::confidence::Sign>,
    pub basis: Option<event::confidence::Basis>,
    /// What the rest of the report says against it.
    pub against: Vec<String>,
    pub provenance: Provenance,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tie {
    pub kind: TieKind,
    pub from: ActorId,
    pub to: ActorId,
    /// The words that name each side here.
    pub spans: [Span; 2],
    pub trend: Option<Trend>,
    pub asymmetry: Option<ActorId>,
    pub commodity: Option<String>,
    pub statement: Option<StatementId>,
    pub confidence: f32,
    pub provenance: Provenance,
}

/// Who or what had a part in an attack.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    pub part: Part,
    pub name: String,
    pub mentions: Vec<Span>,
    pub actor: Option<ActorId>,
    pub event: EventId,
    pub confidence: f32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coding {
    pub statements: Vec<Statement>,
    pub events: Vec<Event>,
    pub participants: Vec<Participant>,
    pub ties: Vec<Tie>,
    /// What each figure is about.
    pub figure_about: Vec<(FigureId, Finding)>,
    /// The statement in which each figure stands.
    pub figure_statement: Vec<(FigureId, StatementId)>,
    /// What the rest of the report says against a figure.
    pub figure_against: Vec<(FigureId, String)>,
}

impl Coding {
    /// The innermost statement whose content holds the span and whose speaker vouches for it.
    pub fn statement_of(statements: &[Statement], span: Span) -> Option<StatementId> {
        statements
            .iter()
            .enumerate()
            .filter(|(_, s)| s.stance.is_some_and(Stance::vouches))
            .filter_map(|(i, s)| {
                let holding =
                    s.content.iter().filter(|c| c.contains(span)).map(|c| c.len()).min()?;
                Some((holding, i))
            })
            .min()
            .map(|(_, i)| StatementId(i as u32))
    }
}

/// The trained models of this room.
#[derive(Debug)]
pub struct Models {
    pub pair: event::pair::Model,
    pub trigger: Option<event::trigger::Model>,
    pub attack: attack::Model,
    pub confidence: event::confidence::Model,
    /// Event types of a user's ontology.
    pub own: event::own::Heads,
}

impl Models {
    /// Those that ship with this crate.
    pub fn builtin() -> Self {
        Models {
            pair: event::pair::Model::builtin(),
            trigger: Some(event::trigger::Model::builtin()),
            attack: attack::Model::builtin(),
            confidence: event::confidence::Model::builtin(),
            own: Vec::new(),
        }
    }

    /// The same, without what was trained on the rows of another ear than this.
    pub fn for_ear(mut self, version: &str) -> Self {
        self.pair = self.pair.for_ear(version);
        self.trigger = self.trigger.filter(|t| t.ear() == version);
        self
    }

    /// What names them beside the linear ones.
    pub fn version(&self) -> String {
        let trigger = self.trigger.as_ref().map_or("", |t| t.version());
        let all = [self.pair.version(), trigger.to_owned()];
        all.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The same with the deep tier asked of pairs.
    pub fn deep(mut self, deep: event::deep::Deep) -> Self {
        self.pair = self.pair.with_deep(deep);
        self.confidence = event::confidence::Model::deep();
        self
    }
}

pub fn code(doc: &Doc<'_>, mentions: &Mentions, lexicons: &Lexicons, models: &Models) -> Coding {
    let statements = statement::find(doc, mentions, lexicons);
    let events = event::find(doc, mentions, &statements, lexicons, models);
    let participants = attack::find(doc, mentions, &events, &lexicons.acts, &models.attack);
    let ties = tie::find(doc, mentions, &statements, &events, lexicons);
    let figure_statement = (0..mentions.figures.len())
        .filter_map(|i| {
            let statement = Coding::statement_of(&statements, mentions.figures[i].span)?;
            Some((FigureId(i as u32), statement))
        })
        .collect();
    let figure_about = about(doc, mentions, &events, &ties);
    let mut coding = Coding {
        statements,
        events,
        participants,
        ties,
        figure_about,
        figure_statement,
        figure_against: Vec::new(),
    };
    against::weigh(doc, mentions, &mut coding);
    coding
}

/// A figure is about the nearest event or tie of its own sentence: the one whose trigger governs
/// it in the tree at the least distance.
fn about(
    doc: &Doc<'_>,
    mentions: &Mentions,
    events: &[Event],
    ties: &[Tie],
) -> Vec<(FigureId, Finding)> {
    let mut found = Vec::new();
    for (i, figure) in mentions.figures.iter().enumerate() {
        let Some(last) = figure.words.clone().last() else { continue };
        let path: Vec<WordId> = doc.ancestors(last).collect();
        let distance = |word: WordId| {
            let shared = doc.ancestors(word).enumerate().find_map(|(up, ancestor)| {
                path.iter().position(|w| *w == ancestor).map(|down| up + down)
            });
            shared.unwrap_or(usize::MAX)
        };
        let sentence = doc.word(last).sentence;
        let event = events
            .iter()
            .enumerate()
            .filter(|(_, e)| doc.word(e.trigger_word).sentence == sentence)
            .map(|(j, e)| (distance(e.trigger_word), Finding::Event(j as u32)))
            .min();
        let tie = ties
            .iter()
            .position(|t| t.provenance.evidence.iter().any(|e| e.contains(figure.span)))
            .map(|j| (3, Finding::Tie(j as u32)));
        if let Some((_, finding)) = event.into_iter().chain(tie).min() {
            found.push((FigureId(i as u32), finding));
        }
    }
    found
}
