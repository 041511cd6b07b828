//! How much speaks for two tellings being of one happening.
//!
//! Act, sides, days, place and words together must speak for it. What one of two does not tell is
//! unknown, not different: a side missing here may stand elsewhere in the sentence. Some
//! differences forbid it whatever the rest says: another class of act, days too far apart, nobody
//! whom both name. A plan, a threat or a refusal never joins the deed.
//!
//! The weights are near those of a logistic regression over pairs of tellings: those of
//! `cases/episodes/dev.txt`, and nine hundred reports of one election campaign, whose acts are alike
//! and seldom the same. What these cannot tell (two towns, two states struck on one day) is set by
//! hand, on the side of keeping apart.

use crate::mention::{Mention, SLACK, Spot, friendly, kin, may_meet};
use crate::names::Key;
use crate::story::likeness;
use dyad_record::{EventType, Quad};

pub(crate) const ENOUGH: f64 = 7.0;
/// What all that may meet have, so that only what is forbidden scores nothing.
const LEAST: f64 = 0.01;
/// Two towns further apart than this are two scenes.
const FAR_KM: f64 = 60.0;
/// What like words of the two acts, of their sentences and of their reports add at most.
const WORDS: f64 = 1.5;
const SENTENCE: f64 = 0.75;
const STORY: f64 = 1.5;
/// What it adds that both name the one whom force befell.
const NAMED: f64 = 0.75;
/// From this likeness on two reports surely tell one story.
const ONE_STORY: f64 = 0.3;
/// From here on the words of two tellings are alike.
const ALIKE: f64 = 0.4;

/// How much speaks for two tellings being of one happening; 0 where something forbids it.
pub fn score(a: &Mention, b: &Mention) -> f64 {
    if !may_meet(a.status, b.status) || friendly(a.kind) != friendly(b.kind) {
        return 0.0;
    }
    let gap = a.days.zip(b.days).map(|(x, y)| x.gap(y));
    if gap.is_some_and(|gap| gap > SLACK) {
        return 0.0;
    }
    let Some(sides) = sides(a, b) else { return 0.0 };
    // What one report tells as two kinds of act, or of other sides, are two acts.
    if a.report == b.report && (a.kind != b.kind || sides.clash) {
        return 0.0;
    }
    let very_day = gap == Some(0) && [a.days, b.days].iter().flatten().all(|d| d.width() == 0);
    let mut total = sides.weight;
    total += match a.kind == b.kind {
        true => 2.75,
        false if kin(a.kind, b.kind) => 1.5,
        false if a.kind.is_classed_with(b.kind) => 1.25,
        false => return 0.0,
    };
    total += if a.mode.is_some() && a.mode == b.mode { 0.75 } else { 0.0 };
    total += if a.status == b.status { 1.75 } else { 0.0 };
    total += match gap {
        Some(0) if very_day => 1.5,
        Some(1) => -1.75,
        _ => 0.0,
    };
    total += 0.5 * shared(&a.scene, &b.scene).min(3) as f64;
    total += nearness(a.place.as_ref(), b.place.as_ref());
    // Whoever was struck or held goes by name in both.
    let named = a.recipients.iter().any(|k| k.is_name() && b.recipients.contains(k));
    total += if named && is_force(a.kind) && is_force(b.kind) { NAMED } else { 0.0 };
    // Words are looked at only where they may decide: that takes longer than all the rest.
    if total + WORDS + SENTENCE + STORY < ENOUGH {
        return total.max(LEAST);
    }
    let own = alike(&a.words, &b.words);
    total += WORDS * own + SENTENCE * alike(&a.context, &b.context);
    let elsewhere = a.report != b.report;
    if sides.nobody && !(elsewhere && a.kind == b.kind && own >= ALIKE && one_story(a, b)) {
        return 0.0;
    }
    let story = if elsewhere { story(a, b) / ONE_STORY } else { 0.0 };
    (total + STORY * story.min(1.0)).max(LEAST)
}

fn is_force(kind: EventType) -> bool {
    kind.quad() == Some(Quad::MaterialConflict)
}

/// Reports of one story, or at least about the same two countries or more.
fn one_story(a: &Mention, b: &Mention) -> bool {
    (shared(&a.countries, &b.countries) > 1 && alike(&a.countries, &b.countries) >= 0.5)
        || story(a, b) >= 0.2
}

fn story(a: &Mention, b: &Mention) -> f64 {
    likeness((&a.marks, a.published), (&b.marks, b.published))
}

/// How the sides of two acts stand to each other.
struct Sides {
    weight: f64,
    /// One at least is told otherwise.
    clash: bool,
    /// Other people did it.
    others: bool,
    /// Neither tells who did it, and both tell that it befell people of no known side.
    nobody: bool,
}

/// `None` where no one whom the one is about is named by the other.
fn sides(a: &Mention, b: &Mention) -> Option<Sides> {
    if a.mutual || b.mutual {
        return parties(a, b);
    }
    let actors = role(a, b, |m| (&m.actors, &m.recipients));
    let recipients = role(a, b, |m| (&m.recipients, &m.actors));
    let nobody = matches!((&actors, &recipients), (Role::Untold, Role::Untold));
    if !(nobody && a.faceless && b.faceless || meet(a, b)) {
        return None;
    }
    let same = |role: &Role| matches!(role, Role::Same | Role::Named);
    let clash = [&actors, &recipients].iter().any(|role| matches!(role, Role::Other));
    // Named as the one that did it, somebody is not also the one that suffered it.
    let turned = || shared(&a.actors, &b.recipients) + shared(&a.recipients, &b.actors) > 0;
    if !same(&actors) && !same(&recipients) && (clash || turned()) {
        return None;
    }
    let weight = match actors {
        Role::Same => 0.5,
        Role::Untold => 1.0,
        Role::Missing => -0.25,
        Role::Named => 0.0,
        Role::Other if strangers(&a.actors, &b.actors) => -3.0,
        Role::Other => -2.0,
    };
    let weight = weight
        + match recipients {
            Role::Same | Role::Untold => 0.5,
            Role::Missing => -0.25,
            // Another state than the one struck, or one of several who were in the way.
            Role::Other if strangers(&a.recipients, &b.recipients) => -1.5,
            Role::Other => -0.5,
            Role::Named => 0.0,
        };
    let others = matches!(actors, Role::Other);
    Some(Sides { weight, clash, others, nobody })
}

/// Somebody on a side of the one stands on a side of the other or in its sentence.
fn meet(a: &Mention, b: &Mention) -> bool {
    let (x, y) = (a.both_sides(), b.both_sides());
    shared(&x, &y) > 0 || shared(&x, &b.scene) > 0 || shared(&y, &a.scene) > 0
}

/// Both are of states, and of no state in common.
fn strangers(a: &[Key], b: &[Key]) -> bool {
    let of = |keys: &[Key]| keys.iter().filter_map(|k| k.country()).collect::<Vec<_>>();
    let (x, y) = (of(a), of(b));
    !x.is_empty() && !y.is_empty() && !x.iter().any(|c| y.contains(c))
}

/// Whether one forbids that the other belongs to an episode that it is in: a report tells its own
/// acts apart, and acts of two others are two.
pub(crate) fn forbids(a: &Mention, b: &Mention) -> bool {
    match a.report == b.report {
        true => score(a, b) == 0.0,
        false => done_by_others(a, b) && score(a, b) < ENOUGH,
    }
}

fn done_by_others(a: &Mention, b: &Mention) -> bool {
    let told = !a.actors.is_empty() && !b.actors.is_empty();
    told && sides(a, b).is_none_or(|sides| sides.others)
}

/// The sides of acts of which one at least is joint, so that it does not matter who stands where.
fn parties(a: &Mention, b: &Mention) -> Option<Sides> {
    let (x, y) = (a.both_sides(), b.both_sides());
    // An organisation goes by several keys and is still one party.
    let both = x.iter().filter(|k| !k.is_name() && y.contains(k)).count();
    let both = both.max(usize::from(shared(&x, &y) > 0));
    let fewer = x.len().min(y.len());
    let (weight, agree) = match both {
        0 => return None,
        2.. if both >= fewer.min(2) => (1.0, true),
        _ if fewer == 1 => {
            let (one, scene, all) =
                if x.len() == 1 { (&x, &a.scene, &y) } else { (&y, &b.scene, &x) };
            match all.iter().any(|k| !one.contains(k) && scene.contains(k)) {
                true => (0.25, true),
                false => (-0.25, false),
            }
        }
        _ => (-0.25, false),
    };
    let others = !agree && fewer > 1;
    Some(Sides { weight, clash: others, others, nobody: false })
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
        return if a.whole_country { 0.25 } else { 1.0 };
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
