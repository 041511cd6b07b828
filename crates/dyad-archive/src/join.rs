//! Which tellings of acts are tellings of one happening.
//!
//! Tellings are taken in an order of their own ([`Mention::order`]); each joins the episode that it fits
//! best, or begins one. What one more telling changes is found without joining all anew: it can
//! only change the choice of tellings that come later in that order and are like it, or sit in an
//! episode that it enters or leaves, and these are asked again in the same order. The result is therefore the
//! same however reports come and go.

use crate::mention::{Mention, SLACK};
use crate::score::{ENOUGH, forbids, score};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A telling: its report and the event's number in it.
pub(crate) type Name = (i64, i64);

/// A telling with its episode and how well it fits the others there: 0 for one that began it.
pub(crate) type Placed = (Arc<Mention>, i64, f64);

/// Where tellings lie and which episode each is in.
pub(crate) trait Shelf {
    type Error;

    fn mention(&mut self, name: Name) -> Result<Arc<Mention>, Self::Error>;

    /// Those filed in the blocks where it looks that its sieve lets through, placed or not.
    fn near(&mut self, name: Name) -> Result<Vec<Name>, Self::Error>;

    /// `None` where it is in no episode yet.
    fn placed(&mut self, name: Name) -> Result<Option<Placed>, Self::Error>;

    fn put(&mut self, name: Name, place: Option<(i64, f64)>) -> Result<(), Self::Error>;

    fn members(&mut self, episode: i64) -> Result<Vec<Name>, Self::Error>;

    fn new_episode(&mut self) -> Result<i64, Self::Error>;
}

/// Takes out some tellings, or finds the place of some new ones, and of all whose place that changes.
pub(crate) fn settle<S: Shelf>(
    shelf: &mut S,
    names: &[Name],
    leaving: bool,
) -> Result<(), S::Error> {
    let mut queue = Queue::default();
    for &name in names {
        queue.push(shelf.mention(name)?, name);
    }
    let leaving: BTreeSet<Name> = names.iter().copied().filter(|_| leaving).collect();
    while let Some(name) = queue.pop() {
        let found = match leaving.contains(&name) {
            true => None,
            false => Some(choose(shelf, name)?),
        };
        move_to(shelf, name, found, &mut queue)?;
    }
    Ok(())
}

#[derive(Default)]
struct Queue(BTreeMap<Turn, Name>);

struct Turn(Arc<Mention>);

impl Ord for Turn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order().cmp(&other.0.order())
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Turn {}

impl Queue {
    fn push(&mut self, mention: Arc<Mention>, name: Name) {
        self.0.insert(Turn(mention), name);
    }

    fn pop(&mut self) -> Option<Name> {
        self.0.pop_first().map(|(_, name)| name)
    }
}

/// A placed telling that speaks for one, and how much.
struct Edge {
    name: Name,
    mention: Arc<Mention>,
    episode: i64,
    /// How well it fits there.
    fit: f64,
    score: f64,
}

struct Choice {
    /// `None` where no episode is good enough.
    episode: Option<i64>,
    fit: f64,
    /// Those that come later in the order.
    later: Vec<Edge>,
}

fn edges<S: Shelf>(shelf: &mut S, name: Name) -> Result<Vec<Edge>, S::Error> {
    let mention = shelf.mention(name)?;
    let mut edges = Vec::new();
    for other in shelf.near(name)? {
        if other == name {
            continue;
        }
        let Some((theirs, episode, fit)) = shelf.placed(other)? else { continue };
        let score = score(&mention, &theirs);
        if score >= ENOUGH {
            edges.push(Edge { name: other, mention: theirs, episode, fit, score });
        }
    }
    Ok(edges)
}

/// The episode that a telling fits best, of those that the tellings before it make: as well as its
/// best partner there, provided that the sharpest of the episode's dates, that of its first
/// telling, allows it. Without that, a war would chain into one episode day by day. Nor may a telling that
/// names nobody draw together what others did.
fn choose<S: Shelf>(shelf: &mut S, name: Name) -> Result<Choice, S::Error> {
    let mention = shelf.mention(name)?;
    let (before, later): (Vec<Edge>, Vec<Edge>) =
        edges(shelf, name)?.into_iter().partition(|e| e.mention.order() < mention.order());
    let mut fits: BTreeMap<i64, f64> = BTreeMap::new();
    for edge in before {
        let fit = fits.entry(edge.episode).or_default();
        *fit = fit.max(edge.score);
    }
    let mut best: Option<(f64, Turn, i64)> = None;
    for (episode, fit) in fits {
        if best.as_ref().is_some_and(|(top, ..)| fit < *top) {
            continue;
        }
        let mut first: Option<Turn> = None;
        let mut forbidden = false;
        for member in shelf.members(episode)? {
            let member = shelf.mention(member)?;
            if member.order() >= mention.order() {
                continue;
            }
            forbidden |= forbids(&member, &mention);
            if first.as_ref().is_none_or(|first| member.order() < first.0.order()) {
                first = Some(Turn(member));
            }
        }
        let Some(first) = first.filter(|_| !forbidden) else { continue };
        if first.0.days.zip(mention.days).is_some_and(|(core, days)| core.gap(days) > SLACK) {
            continue;
        }
        // Of equals that which began first.
        if best.as_ref().is_none_or(|(top, began, _)| fit > *top || first < *began) {
            best = Some((fit, first, episode));
        }
    }
    let fit = best.as_ref().map_or(0.0, |(fit, ..)| *fit);
    Ok(Choice { episode: best.map(|(.., episode)| episode), fit, later })
}

/// Puts a telling where it chose to be, or nowhere, and queues those whose choice that may change.
fn move_to<S: Shelf>(
    shelf: &mut S,
    name: Name,
    choice: Option<Choice>,
    queue: &mut Queue,
) -> Result<(), S::Error> {
    let old = shelf.placed(name)?.map(|(_, episode, _)| episode);
    let Some(choice) = choice else {
        shelf.put(name, None)?;
        return match old {
            Some(old) => left(shelf, name, old, queue),
            None => Ok(()),
        };
    };
    let episode = match (choice.episode, old) {
        (Some(episode), _) => episode,
        // It began its episode and still does.
        (None, Some(old)) if begins(shelf, name, old)? => old,
        (None, _) => shelf.new_episode()?,
    };
    shelf.put(name, Some((episode, choice.fit)))?;
    if old == Some(episode) {
        return Ok(());
    }
    if let Some(old) = old {
        left(shelf, name, old, queue)?;
    }
    for edge in choice.later {
        if edge.episode == episode {
            shelf.put(edge.name, Some((episode, edge.fit.max(edge.score))))?;
        } else if edge.score >= edge.fit {
            queue.push(edge.mention, edge.name);
        }
    }
    let mention = shelf.mention(name)?;
    for member in shelf.members(episode)? {
        let theirs = shelf.mention(member)?;
        if theirs.order() > mention.order() && forbids(&mention, &theirs) {
            queue.push(theirs, member);
        }
    }
    Ok(())
}

fn begins<S: Shelf>(shelf: &mut S, name: Name, episode: i64) -> Result<bool, S::Error> {
    let mention = shelf.mention(name)?;
    for member in shelf.members(episode)? {
        if shelf.mention(member)?.order() < mention.order() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Queues whom it concerns that a telling has left an episode: those that came to it later, and
/// those that it, or the days with which it began it, kept out.
fn left<S: Shelf>(
    shelf: &mut S,
    name: Name,
    episode: i64,
    queue: &mut Queue,
) -> Result<(), S::Error> {
    let mention = shelf.mention(name)?;
    let members = shelf.members(episode)?;
    let mut began = true;
    for &member in &members {
        let theirs = shelf.mention(member)?;
        began &= mention.order() < theirs.order();
        if theirs.order() > mention.order() {
            queue.push(theirs, member);
        }
    }
    for member in members {
        let theirs = shelf.mention(member)?;
        let since = mention.order().max(theirs.order());
        for edge in edges(shelf, member)? {
            let kept_out = edge.mention.order() > since && edge.episode != episode;
            let drawn = kept_out && edge.score >= edge.fit;
            if drawn && (began || forbids(&mention, &edge.mention)) {
                queue.push(edge.mention, edge.name);
            }
        }
    }
    Ok(())
}
