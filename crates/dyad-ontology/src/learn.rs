//! Logistic regression over named features. No chance and no clock: the same instances give the same
//! weights.

use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Steps of the descent.
const STEPS: usize = 400;

/// What is learned from: features by number, and whether they are of the type.
#[derive(Clone, Debug)]
pub struct Instance {
    pub features: Vec<u32>,
    pub yes: bool,
}

/// Numbers for names of features.
#[derive(Clone, Debug, Default)]
pub struct Names {
    numbers: BTreeMap<SmolStr, u32>,
}

impl Names {
    pub fn numbers(&mut self, features: &[SmolStr]) -> Vec<u32> {
        let next = |names: &mut Self, name: &SmolStr| {
            let next = names.numbers.len() as u32;
            *names.numbers.entry(name.clone()).or_insert(next)
        };
        features.iter().map(|f| next(self, f)).collect()
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, u32)> {
        self.numbers.iter().map(|(name, number)| (name, *number))
    }
}

#[derive(Clone, Debug)]
pub struct Weights {
    pub of: Vec<f64>,
    pub bias: f64,
}

impl Weights {
    pub fn odds(&self, features: &[u32]) -> f64 {
        let sum: f64 = features.iter().map(|f| self.of[*f as usize]).sum();
        self.bias + sum / (features.len().max(1) as f64).sqrt()
    }
}

pub fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Accelerated descent on the mean loss of weighed instances with a quadratic penalty; the bias bears none.
pub fn train(instances: &[(&Instance, f64)], features: usize, penalty: f64) -> Weights {
    let total: f64 = instances.iter().map(|(_, weight)| weight).sum::<f64>().max(1e-9);
    // Every row has length 1, and the bias adds as much.
    let step = 1.0 / (0.5 + penalty);
    let mut now = Weights { of: vec![0.0; features], bias: 0.0 };
    let mut ahead = now.clone();
    let mut speed = 1.0f64;
    for _ in 0..STEPS {
        let mut slope: Vec<f64> = ahead.of.iter().map(|w| w * penalty).collect();
        let mut slope_bias = 0.0;
        for (instance, weight) in instances {
            let off =
                probability(ahead.odds(&instance.features)) - f64::from(u8::from(instance.yes));
            let off = off * weight / total;
            slope_bias += off;
            let share = off / (instance.features.len().max(1) as f64).sqrt();
            for feature in &instance.features {
                slope[*feature as usize] += share;
            }
        }
        let next = Weights {
            of: ahead.of.iter().zip(&slope).map(|(w, s)| w - step * s).collect(),
            bias: ahead.bias - step * slope_bias,
        };
        let faster = (1.0 + (1.0 + 4.0 * speed * speed).sqrt()) / 2.0;
        let along = (speed - 1.0) / faster;
        ahead = Weights {
            of: next.of.iter().zip(&now.of).map(|(n, w)| n + along * (n - w)).collect(),
            bias: next.bias + along * (next.bias - now.bias),
        };
        (now, speed) = (next, faster);
    }
    now
}

/// Slope and shift that make probabilities of odds (Platt's scaling, with his targets that keep few
/// examples from certainty).
pub fn calibrate(odds: &[(f64, bool)]) -> (f64, f64) {
    let yes = odds.iter().filter(|(_, yes)| *yes).count() as f64;
    let no = odds.len() as f64 - yes;
    let (high, low) = ((yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0));
    let (mut slope, mut shift) = (1.0, 0.0);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0; 2], [1e-6, 0.0, 1e-6]);
        for (x, is) in odds {
            let p = probability(slope * x + shift);
            let off = p - if *is { high } else { low };
            let curve = (p * (1.0 - p)).max(1e-9);
            g[0] += off * x;
            g[1] += off;
            h[0] += curve * x * x;
            h[1] += curve * x;
            h[2] += curve;
        }
        let det = h[0] * h[2] - h[1] * h[1];
        if det.abs() < 1e-12 {
            break;
        }
        let (a, b) = ((h[2] * g[0] - h[1] * g[1]) / det, (h[0] * g[1] - h[1] * g[0]) / det);
        // Steps are bounded, so that a set that can be told apart wholly does not run away.
        slope = (slope - a.clamp(-1.0, 1.0)).clamp(0.2, 5.0);
        shift = (shift - b.clamp(-1.0, 1.0)).clamp(-8.0, 8.0);
    }
    (slope, shift)
}

/// How far probabilities lie from what came true, over ten bands of equal width.
pub fn calibration_error(told: &[(f64, bool)]) -> f64 {
    let mut bands = [(0.0, 0.0, 0usize); 10];
    for (p, yes) in told {
        let band = &mut bands[((p * 10.0) as usize).min(9)];
        band.0 += p;
        band.1 += f64::from(u8::from(*yes));
        band.2 += 1;
    }
    bands.iter().map(|(p, yes, _)| (p - yes).abs()).sum::<f64>() / told.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(features: &[u32], yes: bool) -> Instance {
        Instance { features: features.to_vec(), yes }
    }

    #[test]
    fn what_tells_apart_gets_the_weight() {
        let all = [
            instance(&[0, 1], true),
            instance(&[0, 2], true),
            instance(&[3, 1], false),
            instance(&[3, 2], false),
        ];
        let all: Vec<(&Instance, f64)> = all.iter().map(|i| (i, 1.0)).collect();
        let weights = train(&all, 4, 1e-3);
        assert!(weights.of[0] > 1.0 && weights.of[3] < -1.0);
        assert!(weights.of[1].abs() < 0.1 && weights.of[2].abs() < 0.1);
        assert!(probability(weights.odds(&[0])) > 0.9);
        let again = train(&all, 4, 1e-3);
        assert_eq!(weights.of, again.of);
    }

    #[test]
    fn probabilities_are_drawn_to_what_came_true() {
        // Odds of 4 that come true three times in four.
        let odds: Vec<(f64, bool)> = (0..200)
            .map(|i| if i % 2 == 0 { (4.0, i % 8 != 0) } else { (-4.0, i % 8 == 1) })
            .collect();
        let told = |(a, b): (f64, f64)| -> Vec<(f64, bool)> {
            odds.iter().map(|(x, yes)| (probability(a * x + b), *yes)).collect()
        };
        let raw = calibration_error(&told((1.0, 0.0)));
        let mended = calibration_error(&told(calibrate(&odds)));
        assert!(raw > 0.2 && mended < 0.05, "{raw} {mended}");
    }
}
