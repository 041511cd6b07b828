//! What tells quickly that two tellings cannot be joined, without looking at either.

use crate::mention::{Act, Mention, SLACK, kin, may_meet};
use crate::names::Key;
use dyad_record::{EventType, Quad, Status};

impl Mention {
    /// What tells quickly that two cannot be joined.
    pub fn sieve(&self) -> Sieve {
        let days = self.days;
        Sieve {
            kind: self.kind.of_plover().map(|_| self.kind),
            act: Act::of(self.kind, self.status, self.kind.quad().unwrap_or(Quad::ALL[0])).0,
            status: self.status,
            days: days.map(|d| (d.from, d.to)),
            sides: Outlines::of(self),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sieve {
    /// None for an own type, of which a block's row has only the number.
    pub kind: Option<EventType>,
    pub act: i64,
    pub status: Status,
    pub days: Option<(i32, i32)>,
    pub sides: Outlines,
}

impl Sieve {
    pub fn new(act: i64, days: Option<(i32, i32)>, sides: i64) -> Sieve {
        let (kind, status, _) = Act(act).parts();
        Sieve { kind, act, status, days, sides: Outlines(sides) }
    }

    /// False only where [`crate::score::score`] is 0.
    pub fn lets(self, other: Sieve) -> bool {
        let far = match (self.days, other.days) {
            (Some(a), Some(b)) => b.0 - a.1 > SLACK || a.0 - b.1 > SLACK,
            _ => false,
        };
        !far && may_meet(self.status, other.status)
            && match (self.kind, other.kind) {
                (Some(a), Some(b)) => a.is_classed_with(b) || kin(a, b),
                (None, None) => self.act / Act::WAYS == other.act / Act::WAYS,
                _ => false,
            }
            && self.sides.may_meet(other.sides)
    }
}

/// Who takes part, roughly: a few bits each for who acts, whom it befalls and whom the sentence names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlines(pub i64);

/// What one of two that might be the same knows of a side.
#[derive(PartialEq)]
enum Might {
    Agree,
    BeNamed,
    Missing,
    Untold,
    Differ,
}

impl Outlines {
    const BITS: u32 = 20;
    const MUTUAL: u64 = 1 << 60;
    const FACELESS: u64 = 1 << 61;
    const PLACED: u64 = 1 << 62;

    fn of(mention: &Mention) -> Outlines {
        let bits = |keys: &[Key]| keys.iter().fold(0, |bits, key| bits | key.bit(Outlines::BITS));
        let parts = [&mention.actors, &mention.recipients, &mention.scene];
        let parts = parts.iter().rev().fold(0, |all, keys| all << Outlines::BITS | bits(keys));
        let flag = |holds: bool, flag: u64| if holds { flag } else { 0 };
        let flags = flag(mention.mutual, Outlines::MUTUAL)
            | flag(mention.faceless, Outlines::FACELESS)
            | flag(mention.place.is_some(), Outlines::PLACED);
        Outlines((parts | flags) as i64)
    }

    /// False only where [`crate::score`] tells the sides apart.
    fn may_meet(self, other: Outlines) -> bool {
        let (a, b) = (self.0 as u64, other.0 as u64);
        let both = |flag: u64| a & b & flag != 0;
        let part = |of: u64, i: u32| of >> (i * Outlines::BITS) & ((1 << Outlines::BITS) - 1);
        if (a | b) & Outlines::MUTUAL != 0 {
            return (part(a, 0) | part(a, 1)) & (part(b, 0) | part(b, 1)) != 0;
        }
        let role = |i: u32| match (part(a, i), part(b, i)) {
            (0, 0) => Might::Untold,
            (0, told) if told & part(a, 2) != 0 => Might::BeNamed,
            (told, 0) if told & part(b, 2) != 0 => Might::BeNamed,
            (0, _) | (_, 0) => Might::Missing,
            (x, y) if x & y != 0 => Might::Agree,
            _ => Might::Differ,
        };
        match (role(0), role(1)) {
            // Then only one scene speaks for them.
            (Might::Agree, Might::Differ) | (Might::Differ, Might::Agree) => both(Outlines::PLACED),
            (Might::Agree, _) | (_, Might::Agree) => true,
            (Might::Differ, _) | (_, Might::Differ) => false,
            (Might::BeNamed, _) | (_, Might::BeNamed) => true,
            (Might::Untold, Might::Untold) => both(Outlines::FACELESS),
            _ => false,
        }
    }
}

#[cfg(test)]
#[path = "../tests/made/mod.rs"]
mod made;

#[cfg(test)]
mod tests {
    use super::made::Press;
    use crate::score::score;
    use crate::told::told;

    #[test]
    fn what_the_sieve_keeps_out_would_not_be_joined() {
        let mut press = Press::new(3, 30);
        let all: Vec<_> = (0..120).flat_map(|_| told(&press.next_report())).collect();
        let (mut kept_out, mut alike) = (0, 0);
        for a in &all {
            for b in &all {
                let lets = a.mention.sieve().lets(b.mention.sieve());
                let score = score(&a.mention, &b.mention);
                assert!(lets || score == 0.0, "{score}: {:?} {:?}", a.mention, b.mention);
                kept_out += usize::from(!lets);
                alike += usize::from(score > 0.0);
            }
        }
        assert!(alike > all.len() && kept_out > all.len());
    }
}
