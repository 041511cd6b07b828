//! What is kept of the tables: the trade of two states with everyone, by year. What third states
//! trade with each other is passed over, so that a table of any size can stream by.

use crate::areas::Area;
use crate::layout::Layout;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    Exports,
    Imports,
}

impl Flow {
    pub fn other(self) -> Flow {
        match self {
            Flow::Exports => Flow::Imports,
            Flow::Imports => Flow::Exports,
        }
    }
}

/// How fine a row is. Tables hold totals beside their parts, which must not be added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Grain {
    /// A part of a year.
    pub partly: bool,
    /// Letters of the product's code; 0 for all goods.
    pub level: u8,
}

/// The code of a product, up to six letters or digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Product {
    packed: u32,
    pub level: u8,
}

impl Product {
    /// All goods.
    pub const ALL: Product = Product { packed: 0, level: 0 };

    const LONGEST: usize = 6;

    /// `None` where the code holds anything but letters and digits.
    pub fn parse(code: &str) -> Option<Product> {
        if code.is_empty() || code.eq_ignore_ascii_case("TOTAL") {
            return Some(Product::ALL);
        }
        let mut packed = 0;
        let mut level = 0;
        for c in code.chars().filter(|c| *c != '.').take(Product::LONGEST) {
            packed = packed * 36 + c.to_digit(36)?;
            level += 1;
        }
        Some(Product { packed, level })
    }

    /// The four-digit heading of a longer code.
    pub(crate) fn heading(self) -> Product {
        let cut = u32::from(self.level.saturating_sub(4));
        Product { packed: self.packed / 36_u32.pow(cut), level: self.level.min(4) }
    }

    pub fn is_in(self, part: Product) -> bool {
        self.level >= part.level
            && self.packed / 36_u32.pow(u32::from(self.level - part.level)) == part.packed
    }
}

/// One cell of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub reporter: Area,
    pub partner: Area,
    pub flow: Flow,
    pub year: i16,
    /// Bits of the months; 0 for the whole year.
    pub months: u16,
    pub product: Product,
    /// In US dollars, or in the table's unit where it does not tell it.
    pub value: f64,
}

/// One direction of one state's trade in one year.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// By partner; the sums over products of one grain.
    pub partners: BTreeMap<(Grain, Area), f64>,
    /// By product; `true` where the table gives the world's row.
    pub products: FxHashMap<(Grain, bool, Product), f64>,
    /// By partner and four-digit heading.
    pub baskets: FxHashMap<(Grain, u16, Product), f64>,
    pub months: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub side: usize,
    pub flow: Flow,
    /// Told by the partners rather than by the state itself.
    pub mirror: bool,
    pub year: i16,
}

/// The trade of two states, filled by [`Ledger::read`].
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) pair: [u16; 2],
    pub(crate) accounts: BTreeMap<Key, Account>,
    pub(crate) layout: Option<Layout>,
    pub(crate) goods: Vec<Product>,
    pub(crate) years: RangeInclusive<i16>,
}

impl Ledger {
    /// For two states, as [`crate::Areas::state`] gives them.
    pub fn new(a: u16, b: u16) -> Ledger {
        Ledger {
            pair: [a, b],
            accounts: BTreeMap::new(),
            layout: None,
            goods: Vec::new(),
            years: i16::MIN..=i16::MAX,
        }
    }

    /// Only trade in these products and what is under them.
    pub fn only_goods(mut self, goods: Vec<Product>) -> Ledger {
        self.goods = goods;
        self
    }

    pub fn only_years(mut self, years: RangeInclusive<i16>) -> Ledger {
        self.years = years;
        self
    }

    pub fn layout(&self) -> Option<Layout> {
        self.layout
    }

    /// Whether the trade between the two can stand in the ledger.
    pub(crate) fn concerns(&self, reporter: Area, partner: Area) -> bool {
        self.pair.iter().any(|s| [reporter, partner].contains(&Area::State(*s)))
    }

    pub(crate) fn wants(&self, year: i16, product: Product) -> bool {
        self.years.contains(&year)
            && (self.goods.is_empty() || self.goods.iter().any(|g| product.is_in(*g)))
    }

    pub(crate) fn add(&mut self, entry: &Entry) {
        for side in 0..2 {
            let state = Area::State(self.pair[side]);
            if entry.reporter == state {
                let key = Key { side, flow: entry.flow, mirror: false, year: entry.year };
                self.accounts.entry(key).or_default().add(entry, entry.partner);
            }
            let told_by_both = self.layout == Some(Layout::Baci);
            if entry.partner == state && !told_by_both && matches!(entry.reporter, Area::State(_)) {
                let flow = entry.flow.other();
                let key = Key { side, flow, mirror: true, year: entry.year };
                self.accounts.entry(key).or_default().add(entry, entry.reporter);
            }
        }
    }
}

impl Account {
    fn add(&mut self, entry: &Entry, partner: Area) {
        if partner == Area::Group {
            return;
        }
        let grain = Grain { partly: entry.months != 0, level: entry.product.level };
        self.months |= entry.months;
        *self.partners.entry((grain, partner)).or_default() += entry.value;
        if grain.level == 0 {
            return;
        }
        let world = partner == Area::World;
        *self.products.entry((grain, world, entry.product)).or_default() += entry.value;
        if let Area::State(partner) = partner {
            let key = (grain, partner, entry.product.heading());
            *self.baskets.entry(key).or_default() += entry.value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_lies_under_its_heading() {
        let oil = Product::parse("270900").unwrap();
        assert_eq!(oil.heading(), Product::parse("2709").unwrap());
        assert!(oil.is_in(Product::parse("27").unwrap()) && oil.is_in(oil));
        assert!(!oil.is_in(Product::parse("28").unwrap()));
        assert!(oil.is_in(Product::ALL) && !Product::ALL.is_in(oil));
        assert_eq!(Product::parse("TOTAL"), Some(Product::ALL));
        assert_eq!(Product::parse("01").unwrap().level, 2);
        assert_eq!(Product::parse("9999AA").unwrap().level, 6);
        assert_eq!(Product::parse("27/9"), None);
    }
}
