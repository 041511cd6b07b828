//! The number itself: its value or bounds, in digits or words, with what makes it a sum of money,
//! a percentage or a share. Reads pieces; knows nothing of what is counted.

use crate::mention::pieces::{Kind, Piece, number_in_words};
use dyad_lexicon::Lexicons;
use dyad_lexicon::amounts::Around;

/// A number as it is written, before what it counts is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Pieces, from the first that belongs to the number to the one after its last.
    pub start: usize,
    pub end: usize,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub of: Option<f64>,
    pub approximate: bool,
    pub unit: Option<String>,
    pub rule: &'static str,
}

/// A number with its scale, as `value` and the piece after it.
struct Bare {
    value: f64,
    end: usize,
    vague: bool,
}

pub struct Scanner<'a> {
    pub pieces: &'a [Piece],
    pub lexicons: &'a Lexicons,
}

impl Scanner<'_> {
    fn words(&self, at: usize) -> impl Iterator<Item = &str> + Clone {
        self.pieces.get(at..).unwrap_or_default().iter().map(|p| p.lower.as_str())
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.pieces.get(at).is_some_and(|p| words.iter().any(|w| p.is(w)))
    }

    pub fn around(&self, class: Around, at: usize) -> Option<(usize, &str)> {
        self.lexicons.amounts.around(class, self.words(at))
    }

    /// What a single word says, where it is of that class.
    pub fn says(&self, class: Around, word: &str) -> Option<&str> {
        Some(self.lexicons.amounts.around(class, std::iter::once(word))?.1)
    }

    /// The phrase of that class that ends where `end` begins.
    pub fn before(&self, class: Around, end: usize) -> Option<usize> {
        let longest = 4.min(end);
        (1..=longest)
            .rev()
            .map(|n| end - n)
            .find(|start| self.around(class, *start).is_some_and(|(len, _)| start + len == end))
    }

    /// The amount that begins at this piece.
    pub fn read(&self, at: usize) -> Option<Amount> {
        let mut amount = self.vague(at).or_else(|| self.share(at)).or_else(|| self.exact(at))?;
        self.bounds(&mut amount);
        Some(amount)
    }

    fn vague(&self, at: usize) -> Option<Amount> {
        let (len, low) = self.around(Around::Vague, at)?;
        let low: f64 = low.parse().ok()?;
        let mut amount = blank(at, at + len, "figure:vague");
        amount.low = Some(low);
        amount.approximate = true;
        Some(amount)
    }

    /// "a third", "two thirds", "half of".
    fn share(&self, at: usize) -> Option<Amount> {
        let (count, next) = if self.is(at, &["a", "one"]) {
            (1.0, at + 1)
        } else if let Some((n, end, false)) =
            number_in_words(self.pieces, at, &self.lexicons.numbers)
        {
            (n, end)
        } else {
            (1.0, at)
        };
        let next = if next > at && self.is(next, &["-"]) { next + 1 } else { next };
        let (len, part) = self.around(Around::Share, next)?;
        let end = next + len;
        let bare_half = next == at && self.is(at, &["half"]);
        let whole =
            self.is(end, &["of"]) || bare_half && self.is(end, &["the", "its", "their", "a"]);
        // "fell by a third"; but "half a million" is a number.
        let by = at > 0 && self.is(at - 1, &["by"]) && self.moves(at - 1);
        let whole = (whole || by)
            && !(bare_half
                && self.is(end, &["a"])
                && self.around(Around::Times, end + 1).is_some());
        if !whole || next == at && !bare_half {
            return None;
        }
        let mut amount = blank(at, end, "figure:share");
        amount.value = Some(count * part.parse::<f64>().ok()?);
        amount.unit = Some("share".to_owned());
        Some(amount)
    }

    fn exact(&self, at: usize) -> Option<Amount> {
        let sign = self.lexicons.amounts.currency(self.words(at)).filter(|(len, _)| {
            self.pieces[at + len - 1].kind == Kind::Mark || self.pieces[at].lower.len() == 3
        });
        let first = at + sign.map_or(0, |(len, _)| len);
        let bare = self.bare(first)?;
        let mut amount = blank(at, bare.end, "figure:count");
        amount.value = Some(bare.value);
        amount.approximate = bare.vague;
        if let Some((_, code)) = sign {
            amount.unit = Some(code.to_owned());
            amount.rule = "figure:money";
        }
        self.second(&mut amount, bare.value);
        if amount.unit.is_none() {
            self.measure(&mut amount);
        }
        Some(amount)
    }

    /// "54 of 69", "10 to 20", "10-20", "10 or 20".
    fn second(&self, amount: &mut Amount, first: f64) {
        let joint = amount.end;
        if self.is(joint, &["of"]) || self.is(joint, &["out"]) && self.is(joint + 1, &["of"]) {
            let mut next = joint + if self.is(joint, &["of"]) { 1 } else { 2 };
            if self.is(next, &["the", "some", "about"]) {
                next += 1;
            }
            if let Some(whole) = self.bare(next).filter(|b| b.value >= first) {
                amount.of = Some(whole.value);
                amount.end = whole.end;
                amount.rule = "figure:part";
            }
            return;
        }
        if !self.is(joint, &["to", "-", "or", "and"]) {
            return;
        }
        let between = amount.start > 0 && self.is(amount.start - 1, &["between"]);
        if self.is(joint, &["and"]) && !between {
            return;
        }
        // "rose from 10 to 20" holds two figures, "from 10 to 20 ships" one.
        let from = amount.start > 0 && self.is(amount.start - 1, &["from"]);
        if from && self.moves(amount.start - 1) {
            return;
        }
        let sign = self.lexicons.amounts.currency(self.words(joint + 1));
        let sign = sign.filter(|(len, _)| self.pieces[joint + len].kind == Kind::Mark);
        let Some(last) = self.bare(joint + 1 + sign.map_or(0, |(len, _)| len)) else { return };
        let mut low = first;
        if low < last.value && low < 1000.0 && last.value >= 1e6 {
            // "2 to 3 million": both are millions.
            let scale = 1000f64.powi((last.value.log10() / 3.0).floor() as i32);
            low *= scale;
        }
        if low >= last.value || self.is(joint, &["or"]) && last.value > 2.0 * low {
            return;
        }
        amount.value = None;
        amount.low = Some(low);
        amount.high = Some(last.value);
        amount.end = last.end;
        amount.rule = "figure:range";
    }

    /// Whether a word of rising or falling stands just before.
    fn moves(&self, at: usize) -> bool {
        use dyad_lexicon::ties::TiePos;
        at.checked_sub(1).is_some_and(|i| {
            let word = &self.pieces[i].lower;
            let stem = |suffix: &str| word.strip_suffix(suffix).map(str::to_owned);
            let stems = [Some(word.to_string()), stem("s"), stem("ed"), stem("d"), stem("ing")];
            stems.into_iter().flatten().any(|w| {
                self.lexicons.ties.trend(TiePos::Verb, &w).is_some()
                    || self.lexicons.ties.trend(TiePos::Noun, &w).is_some()
            }) || self.says(Around::Rose, word).is_some()
                || self.says(Around::Fell, word).is_some()
                || self.around(Around::Up, i).is_some()
                || self.around(Around::Down, i).is_some()
        })
    }

    /// What stands right after: per cent, a currency, a unit.
    fn measure(&self, amount: &mut Amount) {
        let at = amount.end;
        let hyphen = usize::from(self.is(at, &["-"]));
        let at = at + hyphen;
        if let Some((len, _)) = self.around(Around::Points, at) {
            amount.unit = Some("percentage point".to_owned());
            amount.end = at + len;
            amount.rule = "figure:percent";
        } else if let Some((len, _)) = self.around(Around::Percent, at) {
            amount.unit = Some("percent".to_owned());
            amount.end = at + len;
            amount.rule = "figure:percent";
        } else if let Some((len, unit, factor)) = self.lexicons.amounts.unit(self.words(at)) {
            amount.unit = Some(unit.to_owned());
            amount.end = at + len;
            for value in
                [&mut amount.value, &mut amount.low, &mut amount.high].into_iter().flatten()
            {
                *value *= factor;
            }
            amount.rule = "figure:measure";
        } else if let Some((len, code)) = self.lexicons.amounts.currency(self.words(at)) {
            amount.unit = Some(code.to_owned());
            amount.end = at + len;
            amount.rule = "figure:money";
        }
    }

    /// Digits or words, with "million", "bn" or "dozen".
    fn bare(&self, at: usize) -> Option<Bare> {
        let piece = self.pieces.get(at)?;
        let (mut value, mut end, vague) = match piece.kind {
            Kind::Number(value) => (value, at + 1, false),
            Kind::Word => match number_in_words(self.pieces, at, &self.lexicons.numbers) {
                Some((value, end, false)) => (value, end, false),
                Some(_) => return None,
                None if self.is(at, &["a"]) && self.around(Around::Times, at + 1).is_some() => {
                    (1.0, at + 1, false)
                }
                None if self.is(at, &["half"]) && self.is(at + 1, &["a"]) => {
                    let (len, times) = self.around(Around::Times, at + 2)?;
                    return Some(Bare {
                        value: 0.5 * times.parse::<f64>().ok()?,
                        end: at + 2 + len,
                        vague: false,
                    });
                }
                None => return None,
            },
            Kind::Mark => return None,
        };
        let hyphen = usize::from(self.is(end, &["-"]));
        if let Some((len, times)) = self.around(Around::Times, end + hyphen) {
            // A lone "m" or "b" means a million only when it sticks to its digits.
            let short = self.pieces[end + hyphen].lower.len() == 1;
            if !short || !self.pieces[end + hyphen].spaced && hyphen == 0 {
                value *= times.parse::<f64>().ok()?;
                end += hyphen + len;
            }
        }
        Some(Bare { value, end, vague })
    }

    /// "more than", "nearly" before it; "or more", "or so" after it.
    fn bounds(&self, amount: &mut Amount) {
        let value = amount.value;
        let mut start = amount.start;
        for _ in 0..2 {
            // The longest: "no more than" holds "more than".
            let classes = [Around::Low, Around::High, Around::Approx];
            let found = classes.map(|class| self.before(class, start));
            let Some(at) = found.into_iter().flatten().min() else { break };
            match found.iter().position(|f| *f == Some(at)) {
                Some(0) => amount.low = amount.low.or(value),
                Some(1) => amount.high = amount.high.or(value),
                _ => amount.approximate = true,
            }
            start = at;
        }
        if let Some((len, _)) = self.around(Around::AfterLow, amount.end) {
            amount.low = amount.low.or(value);
            amount.end += len;
        } else if let Some((len, _)) = self.around(Around::AfterHigh, amount.end) {
            amount.high = amount.high.or(value);
            amount.end += len;
        } else if let Some((len, _)) = self.around(Around::After, amount.end) {
            amount.approximate = true;
            amount.end += len;
        }
    }

    /// A number that is part of a name, an ordinal, a score, a list's mark or a code.
    pub fn is_name(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        let before = at.checked_sub(1).map(|i| &self.pieces[i]);
        let after = self.pieces.get(at + 1);
        let digits = matches!(piece.kind, Kind::Number(_));
        if !digits {
            return before.is_some_and(|p| p.is("-") && !piece.spaced);
        }
        let stuck_before = !piece.spaced
            && before.is_some_and(|p| {
                p.kind == Kind::Word || matches!(&*p.lower, "-" | "/" | ":" | "_" | "#")
            });
        let stuck_after = after.is_some_and(|p| {
            !p.spaced
                && match p.kind {
                    Kind::Word => {
                        self.around(Around::Times, at + 1).is_none()
                            && self.lexicons.amounts.unit(self.words(at + 1)).is_none()
                    }
                    _ => {
                        matches!(&*p.lower, "/" | ":" | "_")
                            || p.is("-")
                                && self.pieces.get(at + 2).is_some_and(|q| {
                                    matches!(q.kind, Kind::Number(_)) && self.is(at + 3, &["-"])
                                })
                    }
                }
        });
        let range = before.is_some_and(|p| p.is("-"))
            && at >= 2
            && matches!(self.pieces[at - 2].kind, Kind::Number(_));
        let list = at == 0 && after.is_some_and(|p| matches!(&*p.lower, "." | ")"));
        let labelled = self.before(Around::Label, at).is_some();
        stuck_before && !range || stuck_after || list || labelled
    }
}

fn blank(start: usize, end: usize, rule: &'static str) -> Amount {
    Amount {
        start,
        end,
        value: None,
        low: None,
        high: None,
        of: None,
        approximate: false,
        unit: None,
        rule,
    }
}
