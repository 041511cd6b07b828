//! What the tables say of two states, year by year. docs/dependence.md gives each formula with its
//! source.

use crate::areas::{Area, Areas};
use crate::layout::Layout;
use crate::ledger::{Account, Flow, Grain, Key, Ledger, Product};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Who tells of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The state itself.
    Reported,
    /// Its partners, because the state does not tell.
    Mirror,
    /// Both, made to agree (BACI).
    Reconciled,
}

impl Basis {
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Reported => "reported",
            Basis::Mirror => "mirror",
            Basis::Reconciled => "reconciled",
        }
    }
}

/// One year of the pair.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Year {
    pub year: i16,
    pub source: Layout,
    /// Each state's dependence on the other, in the order asked for.
    pub sides: [Side; 2],
    /// √(trade share of one × trade share of the other).
    pub salience: Option<f64>,
    /// 1 − |difference of the trade shares|.
    pub symmetry: Option<f64>,
    /// Salience × symmetry.
    pub interdependence: Option<f64>,
    /// Trade share of the first state − trade share of the second.
    pub asymmetry: Option<f64>,
    /// The state that leans on the other more.
    pub leans: Option<String>,
}

/// The dependence of one state on the other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    pub state: String,
    pub on: String,
    pub exports: Option<Dependence>,
    pub imports: Option<Dependence>,
    /// Of all its trade, the part that it has with the other.
    pub trade_share: Option<f64>,
}

/// One direction of trade of one state with the other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dependence {
    pub value: f64,
    /// With all partners; none where the table does not tell it.
    pub total: Option<f64>,
    pub share: Option<f64>,
    pub basis: Basis,
    /// States that the table lists as partners.
    pub partners: u32,
    /// Herfindahl-Hirschman index of the partners' shares, 0 to 1.
    pub partner_concentration: Option<f64>,
    /// The same of the products' shares.
    pub product_concentration: Option<f64>,
    /// Digits of the product codes that it is taken over.
    pub product_level: Option<u8>,
    /// Months that the table holds, where it does not hold the whole year.
    pub months: Option<u32>,
    /// Other partners, the best first.
    pub alternatives: Vec<Alternative>,
}

/// Another state that buys or sells what passes between the two.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Alternative {
    pub state: String,
    /// Of the state's total.
    pub share: Option<f64>,
    /// Of the flow with the other state, the part that this one already matches with as much of
    /// the same four-digit goods; none where the table has no products.
    pub covers: Option<f64>,
}

/// How much of the total the listed partners must make up for shares among them to mean anything.
const COVERED: f64 = 0.9;

impl Ledger {
    /// Every year of which the tables tell something about the two, in order.
    pub fn years(&self, areas: &Areas, alternatives: usize) -> Vec<Year> {
        let mut years: Vec<i16> = self.accounts.keys().map(|k| k.year).collect();
        years.sort_unstable();
        years.dedup();
        let years = years.into_iter().map(|year| self.year(year, areas, alternatives));
        years.filter(|y| y.sides.iter().any(Side::tells)).collect()
    }

    fn year(&self, year: i16, areas: &Areas, alternatives: usize) -> Year {
        let sides = [0, 1].map(|side| self.side(side, year, areas, alternatives));
        let shares = sides[0].trade_share.zip(sides[1].trade_share);
        let asymmetry = shares.map(|(a, b)| a - b);
        let salience = shares.map(|(a, b)| (a * b).sqrt());
        let symmetry = asymmetry.map(|d| 1.0 - d.abs());
        let leans = match asymmetry {
            Some(d) if d > 0.0 => Some(sides[0].state.clone()),
            Some(d) if d < 0.0 => Some(sides[1].state.clone()),
            _ => None,
        };
        Year {
            year,
            source: self.layout.unwrap_or(Layout::Baci),
            sides,
            salience,
            symmetry,
            interdependence: salience.zip(symmetry).map(|(a, b)| a * b),
            asymmetry,
            leans,
        }
    }

    fn side(&self, side: usize, year: i16, areas: &Areas, alternatives: usize) -> Side {
        let flow = |flow| self.dependence(side, flow, year, areas, alternatives);
        let (exports, imports) = (flow(Flow::Exports), flow(Flow::Imports));
        let trade_share = match (&exports, &imports) {
            (Some(x), Some(m)) => x
                .total
                .zip(m.total)
                .and_then(|(all_x, all_m)| share(x.value + m.value, all_x + all_m)),
            _ => None,
        };
        let [state, on] = [side, 1 - side].map(|s| areas.code(self.pair[s]).to_owned());
        Side { state, on, exports, imports, trade_share }
    }

    /// The account of a flow: the state's own, or what its partners tell.
    fn account(&self, side: usize, flow: Flow, year: i16) -> Option<(&Account, Basis)> {
        let get = |mirror| self.accounts.get(&Key { side, flow, mirror, year });
        match (get(false), self.layout) {
            (Some(own), Some(Layout::Baci)) => Some((own, Basis::Reconciled)),
            (Some(own), _) => Some((own, Basis::Reported)),
            (None, _) => get(true).map(|told| (told, Basis::Mirror)),
        }
    }

    fn dependence(
        &self,
        side: usize,
        flow: Flow,
        year: i16,
        areas: &Areas,
        shown: usize,
    ) -> Option<Dependence> {
        let (account, basis) = self.account(side, flow, year)?;
        let (own, other) = (self.pair[side], self.pair[1 - side]);
        let (grain, listed) = account.listed()?;
        let summed: f64 = listed.values().sum();
        let states = listed.keys().filter(|a| matches!(a, Area::State(_))).count();
        // One partner alone is no total.
        let total = account.world().or((states > 1).then_some(summed)).filter(|t| *t > 0.0);
        let covered = total.is_some_and(|total| summed >= COVERED * total);
        let value = match listed.get(&Area::State(other)) {
            Some(value) => *value,
            // Who is not in a full list has no trade.
            None if covered => 0.0,
            None => return None,
        };
        let (product_concentration, product_level) = account.product_concentration().unzip();
        let squares = |total: f64| {
            let states = listed.iter().filter(|(a, _)| matches!(a, Area::State(_)));
            states.map(|(_, v)| (v / total).powi(2)).sum()
        };
        let mut alternatives: Vec<Alternative> = Vec::new();
        let basket = account.basket(other);
        for (area, traded) in &listed {
            let Area::State(state) = *area else { continue };
            if state == own || state == other || *traded <= 0.0 {
                continue;
            }
            alternatives.push(Alternative {
                state: areas.code(state).to_owned(),
                share: total.and_then(|total| share(*traded, total)),
                covers: basket.as_ref().map(|goods| account.covers(state, goods)),
            });
        }
        let rank = |a: &Alternative| (a.covers.unwrap_or(0.0), a.share.unwrap_or(0.0));
        alternatives
            .sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap_or(std::cmp::Ordering::Equal));
        alternatives.truncate(shown);
        Some(Dependence {
            value,
            total,
            share: total.and_then(|total| share(value, total)),
            basis,
            partners: states as u32,
            partner_concentration: total.filter(|_| covered).map(squares),
            product_concentration,
            product_level,
            months: (grain.partly && account.months != 0xfff).then(|| account.months.count_ones()),
            alternatives,
        })
    }

    /// Of what `buyer` imports in these goods, the part that comes from the other state.
    pub(crate) fn import_share(&self, buyer: usize, goods: &[Product], year: i16) -> Option<f64> {
        let (account, _) = self.account(buyer, Flow::Imports, year)?;
        account.share_in(self.pair[1 - buyer], goods)
    }
}

impl Side {
    fn tells(&self) -> bool {
        self.exports.is_some() || self.imports.is_some()
    }

    /// Exports and imports together.
    pub fn trade(&self) -> Option<f64> {
        Some(self.exports.as_ref()?.value + self.imports.as_ref()?.value)
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

impl Account {
    /// Whole years where the table has them, else its months.
    fn partly(&self) -> bool {
        self.partners.keys().all(|(grain, _)| grain.partly)
    }

    /// The coarsest rows of the partners: of totals and their parts the totals.
    fn listed(&self) -> Option<(Grain, BTreeMap<Area, f64>)> {
        let rows = || {
            self.partners
                .iter()
                .filter(|((g, a), _)| g.partly == self.partly() && *a != Area::World)
        };
        let grain = rows().map(|((g, _), _)| *g).min()?;
        let listed = rows().filter(|((g, _), _)| *g == grain).map(|((_, a), v)| (*a, *v));
        Some((grain, listed.collect()))
    }

    /// What the table itself gives as the total.
    fn world(&self) -> Option<f64> {
        let rows = self.partners.iter();
        let mut world = rows.filter(|((g, a), _)| g.partly == self.partly() && *a == Area::World);
        world.next().map(|(_, value)| *value)
    }

    /// Over the finest products; the world's rows where the table has them.
    fn product_concentration(&self) -> Option<(f64, u8)> {
        let partly = self.partly();
        let key = self
            .products
            .keys()
            .filter(|(g, _, _)| g.partly == partly)
            .map(|(g, world, _)| (*g, *world))
            .max()?;
        let rows = || self.products.iter().filter(|((g, w, _), _)| (*g, *w) == key);
        // Summed in one order, so that the same tables give the same digits.
        let mut values: Vec<f64> = rows().map(|(_, v)| *v).collect();
        values.sort_by(f64::total_cmp);
        let total: f64 = values.iter().sum();
        let squares = values.iter().map(|v| (v / total).powi(2)).sum();
        (total > 0.0).then_some((squares, key.0.level))
    }

    /// The finest rows by partner and heading.
    fn basket_grain(&self) -> Option<Grain> {
        let partly = self.partly();
        self.baskets.keys().map(|(g, _, _)| *g).filter(|g| g.partly == partly).max()
    }

    fn basket(&self, partner: u16) -> Option<BTreeMap<Product, f64>> {
        let grain = self.basket_grain()?;
        let rows = self.baskets.iter().filter(|((g, p, _), _)| *g == grain && *p == partner);
        let goods: BTreeMap<Product, f64> = rows.map(|((_, _, h), v)| (*h, *v)).collect();
        (!goods.is_empty()).then_some(goods)
    }

    fn covers(&self, partner: u16, goods: &BTreeMap<Product, f64>) -> f64 {
        let Some(grain) = self.basket_grain() else { return 0.0 };
        let of = |heading: &Product| self.baskets.get(&(grain, partner, *heading));
        let met: f64 = goods.iter().map(|(h, v)| of(h).map_or(0.0, |w| v.min(*w))).sum();
        share(met, goods.values().sum()).unwrap_or(0.0)
    }

    fn share_in(&self, partner: u16, goods: &[Product]) -> Option<f64> {
        let grain = self.basket_grain()?;
        let (mut part, mut whole) = (Vec::new(), Vec::new());
        for ((g, p, heading), value) in &self.baskets {
            if *g == grain && goods.iter().any(|good| heading.is_in(*good)) {
                whole.push(*value);
                if *p == partner {
                    part.push(*value);
                }
            }
        }
        let sum = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.iter().sum::<f64>()
        };
        share(sum(part), sum(whole))
    }
}
