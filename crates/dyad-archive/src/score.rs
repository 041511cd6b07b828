//! How much speaks for two tellings being of one happening.
//!
//! Act, sides, days, place and words together must speak for it. What one of two does not tell is
//! unknown, not different: a side missing here may stand elsewhere in the sentence. Some
//! differences forbid it whatever the rest says: another kind of act in other words, days too far
//! apart, sides that exclude each other. A plan, a threat or a refusal never joins the deed.

use crate::mention::{Mention, SLACK, Spot, WIDE, friendly, kin, may_meet};
use crate::names::Key;
use crate::story::of_one_story;

/// Act (2), both sides (2) and the very day (1.5) are enough; each of them in doubt needs words or
/// a place beside it.
pub(crate) const ENOUGH: f64 = 5.5;
/// What it adds that two reports tell one story.
const STORY: f64 = 0.5;
/// From here on the words of two tellings are alike.
const ALIKE: f64 = 0.4;
/// Two towns further apart than this are two scenes.
const FAR_KM: f64 = 60.0;

/// How much speaks for two tellings being of one happening; 0 where something forbids it.
pub fn score(a: &Mention, b: &Mention) -> f64 {
    if !may_meet(a.status, b.status) || friendly(a.kind) != friendly(b.kind) {
        return 0.0;
    }
    let gap = a.days.zip(b.days).map(|(x, y)| x.gap(y));
    if gap.is_some_and(|gap| gap > SLACK) {
        return 0.0;
    }
    let sides = sides(a, b);
    if matches!(sides, Sides::Apart) {
        return 0.0;
    }
    let own = alike(&a.words, &b.words);
    let words = (own + alike(&a.context, &b.context)) / 2.0;
    let elsewhere = a.report != b.report;
    let mut total = 3.0 * words;
    total += match a.kind == b.kind {
        true => 2.0,
        // What one report tells as two kinds of act are two acts.
        false if !elsewhere => return 0.0,
        false if kin(a.kind, b.kind) && matches!(sides, Sides::Same | Sides::Named) => 1.0,
        false if own >= ALIKE && a.kind.is_classed_with(b.kind) => 0.5,
        false => return 0.0,
    };
    total += match (&a.mode, &b.mode) {
        (Some(x), Some(y)) if x == y => 0.5,
        (Some(_), Some(_)) if a.kind == b.kind => -1.0,
        _ => 0.0,
    };
    total += match (a.days, b.days) {
        (Some(x), Some(y)) => match x.gap(y) {
            _ if x.width().max(y.width()) > WIDE => 0.25,
            0 if x.width().max(y.width()) == 0 => 1.5,
            0 => 1.0,
            _ => 0.75,
        },
        _ => 0.0,
    };
    let place = nearness(a.place.as_ref(), b.place.as_ref());
    total += place;
    // Many parties named together are seldom named together twice on a day.
    total += if elsewhere && shared(&a.scene, &b.scene) > 2 { 0.75 } else { 0.0 };
    let untold = matches!(sides, Sides::Nobody);
    total += match sides {
        Sides::Same => 2.0,
        Sides::Named => 1.75,
        Sides::Only => 1.5,
        Sides::Part => 1.0,
        Sides::Nobody if a.kind == b.kind && own >= ALIKE => 1.0,
        Sides::Conflict if place > 0.0 && words >= ALIKE => -0.5,
        Sides::Nobody | Sides::Conflict | Sides::Apart => return 0.0,
    };
    // Asked only where it tells something: it takes longer than all the rest.
    if !untold && total + STORY < ENOUGH {
        return total;
    }
    match elsewhere && one_story(a, b) {
        true => total + STORY,
        false if untold => 0.0,
        false => total,
    }
}

/// Reports of one story, or at least about the same two countries or more.
fn one_story(a: &Mention, b: &Mention) -> bool {
    (shared(&a.countries, &b.countries) > 1 && alike(&a.countries, &b.countries) >= 0.5)
        || of_one_story((&a.marks, a.published), (&b.marks, b.published))
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
        (Role::Same, Role::Other) if struck_alike(a, b) => Sides::Named,
        (Role::Same, Role::Missing) | (Role::Missing, Role::Same) => Sides::Part,
        (Role::Named, Role::Missing | Role::Untold) => Sides::Part,
        (Role::Missing | Role::Untold, Role::Named) => Sides::Part,
        (Role::Same, Role::Other) | (Role::Other, Role::Same) => Sides::Conflict,
        (Role::Untold, Role::Untold) if a.faceless && b.faceless => Sides::Nobody,
        _ => Sides::Apart,
    }
}

/// Whom a foreign power strikes in a country, one report calls rebels there and another the country.
fn struck_alike(a: &Mention, b: &Mention) -> bool {
    let of = |keys: &[Key]| keys.iter().filter_map(|k| k.country()).collect::<Vec<_>>();
    let (theirs, own) = (of(&b.recipients), of(&a.actors));
    of(&a.recipients).iter().any(|c| theirs.contains(c) && !own.contains(c))
}

/// Whether one forbids that the other belongs to an episode that it is in: a report tells its own
/// acts apart, and acts of two others are two.
pub(crate) fn forbids(a: &Mention, b: &Mention) -> bool {
    (a.report == b.report || done_by_others(a, b)) && score(a, b) == 0.0
}

fn done_by_others(a: &Mention, b: &Mention) -> bool {
    let told = !a.actors.is_empty() && !b.actors.is_empty();
    told && matches!(sides(a, b), Sides::Conflict | Sides::Apart)
}

/// The sides of acts of which one at least is joint, so that it does not matter who stands where.
fn parties(a: &Mention, b: &Mention) -> Sides {
    let (x, y) = (a.both_sides(), b.both_sides());
    // An organisation goes by several keys and is still one party.
    let both = x.iter().filter(|k| !k.is_name() && y.contains(k)).count();
    let both = both.max(usize::from(shared(&x, &y) > 0));
    let fewer = x.len().min(y.len());
    match both {
        0 => Sides::Apart,
        2.. if both >= fewer.min(2) => Sides::Same,
        _ if fewer == 1 => {
            let (one, scene, all) =
                if x.len() == 1 { (&x, &a.scene, &y) } else { (&y, &b.scene, &x) };
            match all.iter().any(|k| !one.contains(k) && scene.contains(k)) {
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

fn role(a: &Mention, b: &Mention, of: impl Fn(&Mention) -> (&Vec<Key>, &Vec<Key>)) -> Role {
    // Who stands alone on the other side of an act does not stand on this one too.
    let named = |told: &[Key], m: &Mention| {
        let (_, across) = of(m);
        let found = |k: &Key| told.contains(k) && m.scene.contains(k);
        told.iter().any(found) && (across.is_empty() || !across.iter().all(found))
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

fn shared(a: &[Key], b: &[Key]) -> usize {
    a.iter().filter(|key| b.contains(key)).count()
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
fn alike<T: Ord>(a: &[T], b: &[T]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut both) = (0, 0, 0u32);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        both += u32::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    2.0 * f64::from(both) / (a.len() + b.len()) as f64
}
