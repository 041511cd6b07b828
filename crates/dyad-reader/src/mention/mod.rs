//! Syntax to mentions: actors, places, times and figures, each resolved.

pub mod actor;
#[cfg(test)]
mod cases;
pub mod figure;
pub(crate) mod linear;
mod pieces;
pub mod place;
pub mod time;

use crate::doc::{Doc, WordId};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_record::{ActorKind, Casualty, Change, How, Sector};
use jiff::civil::Date;
use smol_str::SmolStr;
use std::ops::Range;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);)+
    };
}
ids! {
    /// Index into [`Mentions::actors`].
    ActorId,
    /// Index into [`Mentions::places`].
    PlaceId,
    /// Index into [`Mentions::times`].
    TimeId,
    /// Index into [`Mentions::figures`].
    FigureId,
}

/// Someone or something that acts, speaks or is acted on.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    pub name: String,
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-3.
    pub country: Option<SmolStr>,
    pub organisation: Option<SmolStr>,
    pub sector: Sector,
    /// PLOVER/CAMEO style, as `RUS GOV`.
    pub code: String,
    /// The office held on the report's date.
    pub role: Option<String>,
}

/// The words that name an actor.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorMention {
    pub actor: ActorId,
    pub span: Span,
    /// The words of the mention; `head` is the one that governs the others.
    pub words: Range<u32>,
    pub head: WordId,
    pub how: How,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub name: String,
    pub country: Option<SmolStr>,
    pub admin1: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub gazetteer_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PlaceMention {
    pub place: PlaceId,
    pub span: Span,
    pub words: Range<u32>,
    pub head: WordId,
}

/// TIMEX3 types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    pub span: Span,
    pub words: Range<u32>,
    pub kind: TimeKind,
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// TIMEX3 value.
    pub value: Option<String>,
    /// `day`, `week`, `month`, `season`, `quarter`, `year`, `decade`, `century`, `hour`, …
    pub granularity: &'static str,
    /// The rule that read it.
    pub found_by: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    pub span: Span,
    pub words: Range<u32>,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The whole, for "54 of 69".
    pub of: Option<f64>,
    pub unit: Option<String>,
    pub counted: Option<String>,
    pub casualty: Option<Casualty>,
    pub approximate: bool,
    pub change: Option<Change>,
    /// The words that make the number, and the rule that read it.
    pub found_by: &'static str,
}

/// Everything that the report names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mentions {
    pub actors: Vec<Actor>,
    /// In text order; mentions may nest ("Norway's foreign minister" holds "Norway").
    pub actor_mentions: Vec<ActorMention>,
    pub places: Vec<Place>,
    pub place_mentions: Vec<PlaceMention>,
    /// Names that are places only if an act took place there.
    pub possible_places: Vec<PlaceMention>,
    pub times: Vec<Time>,
    pub figures: Vec<Figure>,
    /// For each word the outermost actor mention that it heads, as an index.
    by_head: Vec<Option<u32>>,
}

impl Mentions {
    pub fn actor(&self, id: ActorId) -> &Actor {
        &self.actors[id.0 as usize]
    }

    /// The actor mention that this word heads.
    pub fn headed_by(&self, word: WordId) -> Option<&ActorMention> {
        let i = (*self.by_head.get(word as usize)?)?;
        Some(&self.actor_mentions[i as usize])
    }

    fn index_heads(&mut self, words: usize) {
        self.by_head = vec![None; words];
        for (i, mention) in self.actor_mentions.iter().enumerate() {
            let slot = &mut self.by_head[mention.head as usize];
            let wider = slot.is_none_or(|j: u32| {
                self.actor_mentions[j as usize].span.len() < mention.span.len()
            });
            if wider {
                *slot = Some(i as u32);
            }
        }
    }
}

/// Finds and resolves everything that the report names: times first, since offices are held by
/// date; then places, actors and figures.
pub fn find(doc: &Doc<'_>, lexicons: &Lexicons) -> Mentions {
    let times = time::find(doc, lexicons);
    let found = place::find(doc, lexicons);
    let (actors, actor_mentions) = actor::find(doc, lexicons, &found.places, &found.mentions);
    let figures = figure::find(doc, lexicons, &times);
    let mut mentions = Mentions {
        actors,
        actor_mentions,
        places: found.places,
        place_mentions: found.mentions,
        possible_places: found.possible,
        times,
        figures,
        by_head: Vec::new(),
    };
    mentions.index_heads(doc.words.len());
    mentions
}
