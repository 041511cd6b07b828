//! Which tellings of acts are tellings of one happening. Pure, and the same for every order in
//! which equal inputs come.
//!
//! A telling joins an episode when act, sides, days, place and words together speak for it more
//! than [`ENOUGH`]. What one of two does not tell is unknown, not different: a side missing
//! here may stand elsewhere in the sentence. Some differences forbid it whatever the rest says:
//! another kind of act in other words, days too far apart, sides that exclude each other. A plan,
//! a threat or a refusal never joins the deed.

use dyad_record::{EventType, Quad, Status};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What joining looks at in one telling.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Tellings of one report have one number.
    pub report: usize,
    pub kind: EventType,
    pub mode: Option<String>,
    pub status: Status,
    /// Keys of the sides, sorted: a country's code where there is one, else a name.
    pub actors: Vec<String>,
    pub recipients: Vec<String>,
    /// Those that its sentence names, its sides among them.
    pub scene: Vec<String>,
    /// The number of its report's story ([`crate::stories`]).
    pub story: u32,
    /// The countries that its report is about.
    pub countries: Vec<String>,
    /// It befell people of whom nothing more is told: "two people", "civilians".
    pub faceless: bool,
    pub mutual: bool,
    pub days: Option<Days>,
    pub place: Option<Spot>,
    /// Words of its evidence, in what form is the caller's choice; sorted, each once.
    pub words: Vec<String>,
    /// Words of its sentence.
    pub context: Vec<String>,
}

impl Mention {
    /// What a telling of the same happening may share with it; the countries only where neither the
    /// sides nor the sentence tell anything.
    fn keys(&self) -> BTreeSet<&str> {
        let near = self.actors.iter().chain(&self.recipients).chain(&self.scene);
        let mut keys: BTreeSet<&str> = near.map(String::as_str).collect();
        if keys.is_empty() || self.faceless {
            keys.extend(self.countries.iter().map(String::as_str));
        }
        keys
    }

    fn both_sides(&self) -> Vec<String> {
        let mut all: Vec<String> = self.actors.iter().chain(&self.recipients).cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// First and last day on which it may have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Date,
    pub to: Date,
}

impl Days {
    /// Days from first to last: 0 for a single day.
    pub fn width(self) -> i32 {
        self.from.until(self.to).map_or(0, |span| span.get_days())
    }

    /// First and last week that it touches, with some days around it.
    fn weeks(self, around: i32) -> (i64, i64) {
        let day = |date: Date| date.duration_since(Date::ZERO).as_hours() / 24;
        let around = i64::from(around);
        ((day(self.from) - around).div_euclid(7), (day(self.to) + around).div_euclid(7))
    }

    /// Days between the two: 0 where they overlap.
    pub fn gap(self, other: Days) -> i32 {
        let between = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |span| span.get_days());
        between(self.to, other.from).max(between(other.to, self.from)).max(0)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Gazetteer id where there is one, else the name in lower case.
    pub key: String,
    pub country: Option<String>,
    /// The whole country, which every place in it agrees with.
    pub whole_country: bool,
    pub at: Option<(f64, f64)>,
}

/// Act (2), both sides (2) and the very day (1.5) are enough; each of them in doubt needs words or
/// a place beside it.
const ENOUGH: f64 = 5.5;
/// Marks a key that is a name in lower case, where codes are the other keys.
pub const NAME: char = '~';
/// From here on the words of two tellings are alike.
const ALIKE: f64 = 0.4;
/// Days by which outlets in several time zones may date one act apart.
const SLACK: i32 = 1;
/// Two towns further apart than this are two scenes.
const FAR_KM: f64 = 60.0;
/// A span of days wider than this says little.
const WIDE: i32 = 10;

/// The clusters, each sorted, in the order of their first telling's index.
pub fn join(mentions: &[Mention]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    // Sharp dates first: they make the episodes that vaguer tellings then find.
    order.sort_by_key(|&i| {
        let days = mentions[i].days;
        (days.is_none(), days.map(Days::width), days.map(|d| d.from), i)
    });
    let mut episodes: Vec<Vec<usize>> = Vec::new();
    let mut blocks = Blocks::default();
    for i in order {
        let mention = &mentions[i];
        let mut best: Option<(f64, usize)> = None;
        for episode in blocks.near(mention) {
            let score = fit(mentions, &episodes[episode], mention);
            if score >= ENOUGH && best.is_none_or(|(top, _)| score > top) {
                best = Some((score, episode));
            }
        }
        let episode = best.map_or(episodes.len(), |(_, episode)| episode);
        if episode == episodes.len() {
            episodes.push(Vec::new());
        }
        episodes[episode].push(i);
        blocks.add(mention, episode);
    }
    for episode in &mut episodes {
        episode.sort_unstable();
    }
    episodes.sort();
    episodes
}

/// Which episodes a telling may belong to at all: of cooperation or of conflict, those
/// that share a side and lie near in time. Keeps the joining of one more telling from looking at all that went before.
#[derive(Default)]
struct Blocks<'m> {
    /// Episodes by side, and by the weeks that their tellings' days touch.
    weeks: BTreeMap<(bool, &'m str, i64), Vec<usize>>,
    /// Episodes with a telling of no day or of a long span.
    vague: BTreeMap<(bool, &'m str), Vec<usize>>,
}

impl<'m> Blocks<'m> {
    fn near(&self, mention: &Mention) -> Vec<usize> {
        let friendly = friendly(mention.kind);
        let (from, to) = match mention.days {
            Some(days) => days.weeks(SLACK),
            None => (i64::MIN, i64::MAX),
        };
        let mut near = Vec::new();
        for key in mention.keys() {
            let range = (friendly, key, from)..=(friendly, key, to);
            near.extend(self.weeks.range(range).flat_map(|(_, episodes)| episodes));
            near.extend(self.vague.get(&(friendly, key)).into_iter().flatten());
        }
        near.sort_unstable();
        near.dedup();
        near
    }

    fn add(&mut self, mention: &'m Mention, episode: usize) {
        let friendly = friendly(mention.kind);
        let sharp = mention.days.filter(|days| days.width() <= WIDE);
        for key in mention.keys() {
            let put = |block: &mut Vec<usize>| {
                if !block.contains(&episode) {
                    block.push(episode);
                }
            };
            match sharp.map(|days| days.weeks(0)) {
                Some((from, to)) => (from..=to)
                    .for_each(|week| put(self.weeks.entry((friendly, key, week)).or_default())),
                None => put(self.vague.entry((friendly, key)).or_default()),
            }
        }
    }
}

/// How well a telling fits an episode: as well as its best partner in it, provided that the
/// sharpest of the episode's dates allows it. Without that, a war would chain into one episode
/// day by day. Nor may a telling that names nobody draw together what others did: a report tells
/// its own acts apart, and acts of two others are two.
fn fit(mentions: &[Mention], episode: &[usize], mention: &Mention) -> f64 {
    let core = episode.iter().filter_map(|&j| mentions[j].days).min_by_key(|d| (d.width(), d.from));
    if let (Some(core), Some(days)) = (core, mention.days)
        && core.gap(days) > SLACK
    {
        return 0.0;
    }
    let mut best = 0.0;
    for &j in episode {
        let other = &mentions[j];
        let score = score(other, mention);
        if score == 0.0 && (other.report == mention.report || done_by_others(other, mention)) {
            return 0.0;
        }
        best = f64::max(best, score);
    }
    best
}

fn friendly(kind: EventType) -> bool {
    matches!(kind.quad(), Quad::VerbalCooperation | Quad::MaterialCooperation)
}

/// Kinds between which coders of one act waver: a pact signed is an agreement, a declaration of
/// support or the outcome of talks; a ban is a sanction or coercion.
fn kin(a: EventType, b: EventType) -> bool {
    use EventType::*;
    let pact = |k| matches!(k, Agree | Support | Consult | Cooperate);
    let yielding = |k| matches!(k, Agree | Concede | Retreat);
    let help = |k| matches!(k, Support | Cooperate | Aid);
    let ban = |k| matches!(k, Sanction | Coerce);
    let rebuff = |k| matches!(k, Accuse | Reject);
    a == b
        || (pact(a) && pact(b))
        || (yielding(a) && yielding(b))
        || (help(a) && help(b))
        || (ban(a) && ban(b))
        || (rebuff(a) && rebuff(b))
}

/// How much speaks for two tellings being of one happening; 0 where something forbids it.
pub fn score(a: &Mention, b: &Mention) -> f64 {
    if !may_meet(a.status, b.status) || friendly(a.kind) != friendly(b.kind) {
        return 0.0;
    }
    let own = alike(&a.words, &b.words);
    let words = (own + alike(&a.context, &b.context)) / 2.0;
    let sides = sides(a, b);
    let elsewhere = a.report != b.report;
    let mut total = 3.0 * words;
    total += match a.kind == b.kind {
        true => 2.0,
        // What one report tells as two kinds of act are two acts.
        false if !elsewhere => return 0.0,
        false if kin(a.kind, b.kind) && matches!(sides, Sides::Same | Sides::Named) => 1.0,
        false if own >= ALIKE && a.kind.quad() == b.kind.quad() => 0.5,
        false => return 0.0,
    };
    total += match (&a.mode, &b.mode) {
        (Some(x), Some(y)) if x == y => 0.5,
        (Some(_), Some(_)) if a.kind == b.kind => -1.0,
        _ => 0.0,
    };
    total += match (a.days, b.days) {
        (Some(x), Some(y)) => match x.gap(y) {
            gap if gap > SLACK => return 0.0,
            _ if x.width().max(y.width()) > WIDE => 0.25,
            0 if x.width().max(y.width()) == 0 => 1.5,
            0 => 1.0,
            _ => 0.75,
        },
        _ => 0.0,
    };
    let place = nearness(a.place.as_ref(), b.place.as_ref());
    total += place;
    let one_story = elsewhere && one_story(a, b);
    total += if one_story { 0.5 } else { 0.0 };
    // Many parties named together are seldom named together twice on a day.
    total += if elsewhere && shared(&a.scene, &b.scene) > 2 { 0.75 } else { 0.0 };
    match sides {
        Sides::Same => total += 2.0,
        Sides::Named => total += 1.75,
        Sides::Only => total += 1.5,
        Sides::Part => total += 1.0,
        Sides::Nobody if one_story && a.kind == b.kind && own >= ALIKE => total += 1.0,
        Sides::Conflict if place > 0.0 && words >= ALIKE => total -= 0.5,
        Sides::Nobody | Sides::Conflict | Sides::Apart => return 0.0,
    }
    total
}

/// Reports of one story, or at least about the same two countries or more.
fn one_story(a: &Mention, b: &Mention) -> bool {
    a.story == b.story
        || (shared(&a.countries, &b.countries) > 1 && alike(&a.countries, &b.countries) >= 0.5)
}

/// Whether two states of an act can be told of one happening: a denial disputes the deed itself,
/// while a plan or a call is another thing than the deed.
fn may_meet(a: Status, b: Status) -> bool {
    let claims =
        |s| matches!(s, Status::Happened | Status::Ongoing | Status::Denied | Status::Supposed);
    a == b || (claims(a) && claims(b))
}

enum Sides {
    Same,
    /// One side is the same; the other is missing in one of the two, whose sentence names it.
    Named,
    /// One side is the same, and neither tells the other.
    Only,
    /// One side is the same or named in the sentence, the other is missing in one of the two.
    Part,
    /// Neither tells who did it, and both tell that it befell people of no known side.
    Nobody,
    /// One side is the same, the other is told differently.
    Conflict,
    Apart,
}

fn sides(a: &Mention, b: &Mention) -> Sides {
    if a.mutual || b.mutual {
        return parties(a, b);
    }
    let actors = role(a, b, |m| (&m.actors, &m.recipients));
    let recipients = role(a, b, |m| (&m.recipients, &m.actors));
    match (actors, recipients) {
        (Role::Same, Role::Same) => Sides::Same,
        (Role::Same, Role::Named) | (Role::Named, Role::Same) => Sides::Named,
        (Role::Same, Role::Untold) | (Role::Untold, Role::Same) => Sides::Only,
        (Role::Named, Role::Named) => Sides::Only,
        (Role::Same, Role::Missing) | (Role::Missing, Role::Same) => Sides::Part,
        (Role::Named, Role::Missing | Role::Untold) => Sides::Part,
        (Role::Missing | Role::Untold, Role::Named) => Sides::Part,
        (Role::Same, Role::Other) | (Role::Other, Role::Same) => Sides::Conflict,
        (Role::Untold, Role::Untold) if a.faceless && b.faceless => Sides::Nobody,
        _ => Sides::Apart,
    }
}

fn done_by_others(a: &Mention, b: &Mention) -> bool {
    let told = !a.actors.is_empty() && !b.actors.is_empty();
    told && matches!(sides(a, b), Sides::Conflict | Sides::Apart)
}

/// The sides of acts of which one at least is joint, so that it does not matter who stands where.
fn parties(a: &Mention, b: &Mention) -> Sides {
    let (x, y) = (a.both_sides(), b.both_sides());
    // An organisation goes by several keys and is still one party.
    let both = x.iter().filter(|k| !is_name(k) && y.binary_search(k).is_ok()).count();
    let both = both.max(usize::from(shared(&x, &y) > 0));
    let fewer = x.len().min(y.len());
    match both {
        0 => Sides::Apart,
        2.. if both >= fewer.min(2) => Sides::Same,
        _ if fewer == 1 => {
            let (one, scene, all) =
                if x.len() == 1 { (&x, &a.scene, &y) } else { (&y, &b.scene, &x) };
            match all.iter().any(|k| !one.contains(k) && scene.binary_search(k).is_ok()) {
                true => Sides::Named,
                false => Sides::Part,
            }
        }
        _ => Sides::Apart,
    }
}

enum Role {
    Same,
    /// One of the two does not tell it, but names it in the sentence.
    Named,
    Missing,
    /// Neither tells it.
    Untold,
    Other,
}

fn role(a: &Mention, b: &Mention, of: impl Fn(&Mention) -> (&Vec<String>, &Vec<String>)) -> Role {
    // Who stands alone on the other side of an act does not stand on this one too.
    let named = |told: &[String], m: &Mention| {
        let (_, across) = of(m);
        let found: Vec<&String> =
            told.iter().filter(|k| m.scene.binary_search(k).is_ok()).collect();
        !found.is_empty() && (across.is_empty() || across.iter().any(|k| !found.contains(&k)))
    };
    let ((x, _), (y, _)) = (of(a), of(b));
    match (x.is_empty(), y.is_empty()) {
        (true, true) => Role::Untold,
        (false, false) if shared(x, y) > 0 => Role::Same,
        (false, false) => Role::Other,
        (true, false) if named(y, a) => Role::Named,
        (false, true) if named(x, b) => Role::Named,
        _ => Role::Missing,
    }
}

/// The key is an organisation's name, beside which its code may stand.
fn is_name(key: &str) -> bool {
    key.starts_with(NAME)
}

fn shared(a: &[String], b: &[String]) -> usize {
    a.iter().filter(|key| b.binary_search(key).is_ok()).count()
}

fn nearness(a: Option<&Spot>, b: Option<&Spot>) -> f64 {
    let (Some(a), Some(b)) = (a, b) else { return 0.0 };
    if a.key == b.key {
        return 1.0;
    }
    match places_differ(a, b) {
        true => -1.5,
        false => 0.0,
    }
}

/// Two places that cannot both be the scene.
pub(crate) fn places_differ(a: &Spot, b: &Spot) -> bool {
    if a.country.is_some() && b.country.is_some() && a.country != b.country {
        return true;
    }
    if a.key == b.key || a.whole_country || b.whole_country {
        return false;
    }
    match (a.at, b.at) {
        (Some(x), Some(y)) => kilometres(x, y) > FAR_KM,
        _ => true,
    }
}

fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

/// Dice similarity of two sorted sets.
fn alike(a: &[String], b: &[String]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let both = a.iter().filter(|w| b.binary_search(w).is_ok()).count();
    2.0 * both as f64 / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike(actors: &[&str], recipients: &[&str], day: &str) -> Mention {
        let date: Date = day.parse().unwrap();
        Mention {
            report: 0,
            kind: EventType::Assault,
            mode: None,
            status: Status::Happened,
            actors: actors.iter().map(|s| s.to_string()).collect(),
            recipients: recipients.iter().map(|s| s.to_string()).collect(),
            scene: vec![],
            story: 0,
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
        let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        words.sort();
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
        assert_eq!(join(&[a, Mention { report: 1, ..b }]).len(), 1);
    }

    /// In a report about these countries, each of a story of its own.
    fn about(report: usize, countries: &[&str], mention: Mention) -> Mention {
        let countries = countries.iter().map(|s| s.to_string()).collect();
        Mention { report, story: report as u32, countries, ..mention }
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
        assert_eq!(join(&[a, Mention { report: 0, ..b }]).len(), 2, "two losses in one report");
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
        let elsewhere = Mention { report: 2, ..shot };
        assert_eq!(join(&[salvo, untold, elsewhere]), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn gaps_between_days() {
        let days = |a: &str, b: &str| Days { from: a.parse().unwrap(), to: b.parse().unwrap() };
        assert_eq!(days("2023-01-01", "2023-01-03").gap(days("2023-01-03", "2023-01-09")), 0);
        assert_eq!(days("2023-02-27", "2023-02-28").gap(days("2023-03-02", "2023-03-02")), 2);
        assert_eq!(days("2023-01-01", "2023-01-31").width(), 30);
    }
}
