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

impl Outlines {
    const BITS: u32 = 20;
    const MUTUAL: u64 = 1 << 60;
    const FACELESS: u64 = 1 << 61;

    fn of(mention: &Mention) -> Outlines {
        let bits = |keys: &[Key]| keys.iter().fold(0, |bits, key| bits | key.bit(Outlines::BITS));
        let parts = [&mention.actors, &mention.recipients, &mention.scene];
        let parts = parts.iter().rev().fold(0, |all, keys| all << Outlines::BITS | bits(keys));
        let flag = |holds: bool, flag: u64| if holds { flag } else { 0 };
        let flags =
            flag(mention.mutual, Outlines::MUTUAL) | flag(mention.faceless, Outlines::FACELESS);
        Outlines((parts | flags) as i64)
    }

    /// False only where [`crate::score`] finds nobody whom both name.
    fn may_meet(self, other: Outlines) -> bool {
        let (a, b) = (self.0 as u64, other.0 as u64);
        let part = |of: u64, i: u32| of >> (i * Outlines::BITS) & ((1 << Outlines::BITS) - 1);
        let sides = |of: u64| part(of, 0) | part(of, 1);
        let named = |of: u64| sides(of) | part(of, 2);
        let mutual = (a | b) & Outlines::MUTUAL != 0;
        match mutual {
            true => sides(a) & sides(b) != 0,
            false => (sides(a) & named(b) | sides(b) & named(a) | a & b & Outlines::FACELESS) != 0,
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
