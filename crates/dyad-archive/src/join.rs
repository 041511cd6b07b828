//! Which tellings of acts are tellings of one happening.
//!
//! Tellings are taken in an order of their own ([`Mention::order`]); each joins the episode that it fits
//! best, or begins one. What one more telling changes is found without joining all anew: it can
//! only change the choice of tellings that come later in that order and are like it, or sit in an
//! episode that it enters or leaves, and these are asked again in the same order. The result is therefore the
//! same however reports come and go.

use crate::mention::{Blocks, Mention, SLACK};
use crate::score::{ENOUGH, forbids, score};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
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

/// The clusters, each sorted, in the order of their first telling's index.
pub(crate) fn join(mentions: &[Arc<Mention>]) -> Vec<Vec<usize>> {
    let mut shelf = Memory::default();
    let names: Vec<Name> = (0..mentions.len() as i64).map(|i| (i, 0)).collect();
    for (mention, &name) in mentions.iter().zip(&names) {
        shelf.file(name, mention.clone());
    }
    let Ok(()) = settle(&mut shelf, &names, false);
    let members = |e: BTreeSet<Name>| e.into_iter().map(|(i, _)| i as usize).collect();
    let mut episodes: Vec<Vec<usize>> = shelf.episodes.into_values().map(members).collect();
    episodes.retain(|e| !e.is_empty());
    episodes.sort();
    episodes
}

/// A shelf without a file.
#[derive(Default)]
struct Memory {
    mentions: HashMap<Name, (Arc<Mention>, Blocks)>,
    blocks: HashMap<i64, Vec<Name>>,
    places: HashMap<Name, (i64, f64)>,
    episodes: BTreeMap<i64, BTreeSet<Name>>,
}

impl Memory {
    fn file(&mut self, name: Name, mention: Arc<Mention>) {
        let blocks = mention.blocks();
        for &block in &blocks.filed {
            self.blocks.entry(block).or_default().push(name);
        }
        self.mentions.insert(name, (mention, blocks));
    }
}

impl Shelf for Memory {
    type Error = Infallible;

    fn mention(&mut self, name: Name) -> Result<Arc<Mention>, Infallible> {
        Ok(self.mentions[&name].0.clone())
    }

    fn near(&mut self, name: Name) -> Result<Vec<Name>, Infallible> {
        let (mention, blocks) = &self.mentions[&name];
        let met = blocks.looked.iter().filter_map(|b| self.blocks.get(b)).flatten().copied();
        let lets = |other: &Name| mention.sieve().lets(self.mentions[other].0.sieve());
        let met: BTreeSet<Name> = met.filter(lets).collect();
        Ok(met.into_iter().collect())
    }

    fn placed(&mut self, name: Name) -> Result<Option<Placed>, Infallible> {
        let place = self.places.get(&name);
        Ok(place.map(|(episode, fit)| (self.mentions[&name].0.clone(), *episode, *fit)))
    }

    fn put(&mut self, name: Name, place: Option<(i64, f64)>) -> Result<(), Infallible> {
        let old = match place {
            Some(place) => self.places.insert(name, place),
            None => self.places.remove(&name),
        };
        if let Some(members) = old.and_then(|(old, _)| self.episodes.get_mut(&old)) {
            members.remove(&name);
        }
        if let Some((episode, _)) = place {
            self.episodes.entry(episode).or_default().insert(name);
        }
        Ok(())
    }

    fn members(&mut self, episode: i64) -> Result<Vec<Name>, Infallible> {
        Ok(self.episodes.get(&episode).into_iter().flatten().copied().collect())
    }

    fn new_episode(&mut self) -> Result<i64, Infallible> {
        let last = self.episodes.last_key_value().map_or(0, |(last, _)| *last);
        self.episodes.insert(last + 1, BTreeSet::new());
        Ok(last + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{Days, Spot};
    use dyad_record::{EventType, Status};
    use jiff::civil::Date;

    /// As so many events, numbered as they come.
    fn join(mentions: &[Mention]) -> Vec<Vec<usize>> {
        let numbered =
            mentions.iter().zip(0..).map(|(m, ordinal)| Mention { ordinal, ..m.clone() });
        super::join(&numbered.map(Arc::new).collect::<Vec<_>>())
    }

    fn strike(actors: &[&str], recipients: &[&str], day: &str) -> Mention {
        let date: Date = day.parse().unwrap();
        Mention {
            report: "0".to_owned(),
            ordinal: 0,
            published: None,
            kind: EventType::Assault,
            mode: None,
            status: Status::Happened,
            actors: actors.iter().map(|s| s.to_string()).collect(),
            recipients: recipients.iter().map(|s| s.to_string()).collect(),
            scene: vec![],
            marks: vec![],
            countries: vec![],
            faceless: false,
            mutual: false,
            days: Some(Days { from: date, to: date }),
            place: None,
            words: vec![],
            context: vec![],
        }
    }

    fn saying(words: &str, mention: Mention) -> Mention {
        let mut words: Vec<u32> = words.split(' ').map(crate::quote::word).collect();
        words.sort_unstable();
        Mention { words: words.clone(), context: words, ..mention }
    }

    #[test]
    fn act_sides_and_day_are_enough() {
        let a = strike(&["RUS"], &["UKR"], "2023-03-09");
        let b = strike(&["RUS"], &["UKR"], "2023-03-09");
        assert_eq!(join(&[a.clone(), b]), [[0, 1]]);
        let other_victim = strike(&["RUS"], &["POL"], "2023-03-09");
        assert_eq!(join(&[a, other_victim]), [[0], [1]]);
    }

    #[test]
    fn days_do_not_chain() {
        let days = ["2023-03-01", "2023-03-02", "2023-03-03", "2023-03-04"];
        let mentions = days.map(|d| saying("rockets hit", strike(&["RUS"], &["UKR"], d)));
        let episodes = join(&mentions);
        assert!(episodes.len() >= 2, "{episodes:?}");
        assert!(episodes.iter().all(|e| e.len() <= 3), "{episodes:?}");
    }

    #[test]
    fn a_plan_is_not_the_deed() {
        let deed = strike(&["RUS"], &["UKR"], "2023-03-09");
        let plan = Mention { status: Status::Planned, ..deed.clone() };
        let denial = Mention { status: Status::Denied, ..deed.clone() };
        assert_eq!(join(&[deed.clone(), plan]), [[0], [1]]);
        assert_eq!(join(&[deed, denial]), [[0, 1]]);
    }

    #[test]
    fn a_missing_side_needs_words_beside_it() {
        let a = strike(&["RUS"], &["UKR"], "2023-03-09");
        let b = strike(&[], &["UKR"], "2023-03-09");
        assert_eq!(join(&[a.clone(), b.clone()]).len(), 2);
        let (a, b) = (saying("rockets hit port", a), saying("port hit again", b));
        assert_eq!(join(&[a, b]).len(), 1);
    }

    #[test]
    fn two_scenes_are_two_happenings() {
        let spot = |key: &str, at| Spot {
            key: key.into(),
            country: Some("UKR".into()),
            whole_country: false,
            at: Some(at),
        };
        let mut a = strike(&["RUS"], &["UKR"], "2023-03-09");
        let mut b = a.clone();
        a.place = Some(spot("lviv", (49.84, 24.03)));
        b.place = Some(spot("odesa", (46.48, 30.73)));
        assert_eq!(join(&[a.clone(), b]).len(), 2);
        let mut c = a.clone();
        c.place = Some(Spot { whole_country: true, at: None, ..spot("ukr", (0.0, 0.0)) });
        assert_eq!(join(&[a, c]).len(), 1);
    }

    #[test]
    fn a_meeting_of_two_is_not_a_meeting_of_two_others() {
        let meet = |sides: &[&str]| Mention {
            kind: EventType::Consult,
            mutual: true,
            ..strike(sides, &[], "2022-12-30")
        };
        let episodes = join(&[meet(&["CHN", "RUS"]), meet(&["IND", "RUS"]), meet(&["CHN", "RUS"])]);
        assert_eq!(episodes, [vec![0, 2], vec![1]]);
    }

    #[test]
    fn two_kinds_of_act_in_one_report_are_two() {
        let a = saying("shells fell harbour", strike(&["RUS"], &["UKR"], "2023-03-09"));
        let b = Mention { kind: EventType::Coerce, ..a.clone() };
        assert_eq!(join(&[a.clone(), b.clone()]).len(), 2);
        assert_eq!(join(&[a, Mention { report: "1".to_owned(), ..b }]).len(), 1);
    }

    /// In a report about these countries, whose words no other shares.
    fn about(report: usize, countries: &[&str], mention: Mention) -> Mention {
        let countries = countries.iter().map(|s| s.to_string()).collect();
        Mention { report: report.to_string(), countries, ..mention }
    }

    #[test]
    fn a_missing_side_may_stand_in_the_sentence() {
        let scene = |keys: &[&str], m: Mention| Mention {
            scene: keys.iter().map(|s| s.to_string()).collect(),
            ..m
        };
        let whole = saying("rockets hit port early", strike(&["RUS"], &["UKR"], "2023-03-09"));
        let untold = saying("salvo hit docks soon", strike(&["RUS"], &[], "2023-03-09"));
        assert_eq!(join(&[whole.clone(), scene(&["RUS"], untold.clone())]).len(), 2);
        assert_eq!(join(&[whole, scene(&["RUS", "UKR"], untold)]).len(), 1);
        // Named as the one that did it, it is not also the one that suffered it.
        let back = saying("salvo hit docks soon", strike(&["UKR"], &[], "2023-03-09"));
        let struck = saying("salvo hit docks soon", strike(&[], &["UKR"], "2023-03-09"));
        let (back, struck) = (scene(&["UKR"], back), scene(&["UKR"], struck));
        assert_eq!(join(&[back, struck]).len(), 2);
    }

    #[test]
    fn kindred_acts_of_the_same_two_join_across_reports() {
        let pact = |kind, report, day, words| {
            let act = strike(&["IRN", "SAU"], &[], day);
            let act = Mention { kind, mutual: true, ..saying(words, act) };
            about(report, &["CHN", "IRN", "SAU"], act)
        };
        let agreed = pact(EventType::Agree, 0, "2023-03-10", "agreed restore ties");
        let signed = pact(EventType::Support, 1, "2023-03-10", "signed pact restore ties");
        assert_eq!(join(&[agreed.clone(), signed]).len(), 1);
        let later = pact(EventType::Support, 1, "2023-04-06", "signed pact restore ties");
        assert_eq!(join(&[agreed.clone(), later]).len(), 2);
        let trade = pact(EventType::Aid, 1, "2023-03-10", "lent wheat ship");
        assert_eq!(join(&[agreed, trade]).len(), 2, "another act on the same day");
    }

    #[test]
    fn the_dead_of_one_story_are_the_same_dead() {
        let dead = |report, countries: &[&str], day| {
            let killed = saying("people killed shelling", strike(&[], &[], day));
            about(report, countries, Mention { faceless: true, ..killed })
        };
        let a = dead(0, &["ARM", "AZE", "RUS"], "2023-09-20");
        let b = dead(1, &["ARM", "AZE", "FRA"], "2023-09-20");
        assert_eq!(join(&[a.clone(), b.clone()]).len(), 1);
        assert_eq!(join(&[a.clone(), dead(1, &["ARM", "AZE"], "2023-09-25")]).len(), 2);
        assert_eq!(join(&[a.clone(), dead(1, &["KEN", "SOM"], "2023-09-20")]).len(), 2);
        assert_eq!(
            join(&[a, Mention { report: "0".to_owned(), ..b }]).len(),
            2,
            "two losses in one report"
        );
    }

    #[test]
    fn a_telling_that_names_nobody_draws_no_two_acts_together() {
        let act = |report, actors: &[&str], mode: Option<&str>| {
            let act = saying("missile fell early", strike(actors, &["UKR"], "2023-03-09"));
            about(report, &["BLR", "RUS", "UKR"], Mention { mode: mode.map(Into::into), ..act })
        };
        let untold = act(1, &[], Some("heavy-weapons"));
        let salvo = act(0, &["RUS"], Some("heavy-weapons"));
        let shot = act(0, &["BLR"], None);
        assert_eq!(join(&[untold.clone(), shot.clone()]).len(), 1);
        assert_eq!(join(&[salvo.clone(), untold.clone(), shot.clone()]), [vec![0, 1], vec![2]]);
        let elsewhere = Mention { report: "2".to_owned(), ..shot };
        assert_eq!(join(&[salvo, untold, elsewhere]), [vec![0, 1], vec![2]]);
    }
}
