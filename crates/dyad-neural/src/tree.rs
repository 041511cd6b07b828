//! The best tree with one root under arc scores (Chu and Liu, Edmonds).

/// Heads for `scores[word][head]`, head 0 being the root: one root, no cycle, whatever the scores.
pub(crate) fn decode(scores: &[f32], length: usize, heads: &mut Vec<u32>) {
    let width = length + 1;
    heads.clear();
    heads.extend(scores.chunks_exact(width).map(|row| best(row) as u32));
    let roots = heads.iter().filter(|h| **h == 0).count();
    if roots == 1 && find_cycle(&with_root(heads)).is_none() {
        return;
    }
    // every arc from the root costs more than a tree can gain by a second one
    const ROOT_COST: f64 = 1e9;
    let mut full = vec![f64::NEG_INFINITY; width * width];
    for (d, row) in scores.chunks_exact(width).enumerate() {
        for (h, score) in row.iter().enumerate() {
            if h != d + 1 {
                // a score that is no number must not spoil the whole tree
                let score = if score.is_finite() { f64::from(*score) } else { -1e6 };
                full[(d + 1) * width + h] = if h == 0 { score - ROOT_COST } else { score };
            }
        }
    }
    let found = spanning(&full, width);
    heads.clear();
    heads.extend(found[1..].iter().map(|h| *h as u32));
}

fn with_root(heads: &[u32]) -> Vec<usize> {
    std::iter::once(0).chain(heads.iter().map(|h| *h as usize)).collect()
}

/// Index of the greatest, the first of equals.
pub(crate) fn best<T: PartialOrd + Copy>(row: &[T]) -> usize {
    let mut at = 0;
    for (i, value) in row.iter().enumerate() {
        if *value > row[at] {
            at = i;
        }
    }
    at
}

fn find_cycle(heads: &[usize]) -> Option<Vec<usize>> {
    let mut seen = vec![0; heads.len()];
    for start in 1..heads.len() {
        let mut at = start;
        while at != 0 && seen[at] == 0 {
            seen[at] = start;
            at = heads[at];
        }
        if at != 0 && seen[at] == start {
            let mut cycle = vec![at];
            let mut next = heads[at];
            while next != at {
                cycle.push(next);
                next = heads[next];
            }
            return Some(cycle);
        }
    }
    None
}

/// The best arborescence over `n` nodes, node 0 the root; `scores[d * n + h]`.
fn spanning(scores: &[f64], n: usize) -> Vec<usize> {
    let mut heads: Vec<usize> = scores.chunks_exact(n).map(best).collect();
    heads[0] = 0;
    let Some(cycle) = find_cycle(&heads) else {
        return heads;
    };
    let mut inside = vec![false; n];
    for node in &cycle {
        inside[*node] = true;
    }
    let outer: Vec<usize> = (0..n).filter(|i| !inside[*i]).collect();
    let small_n = outer.len() + 1;
    let mut small = vec![f64::NEG_INFINITY; small_n * small_n];
    let mut enters = vec![cycle[0]; outer.len()];
    let mut leaves = vec![cycle[0]; outer.len()];
    for (i, node) in outer.iter().enumerate() {
        for (j, other) in outer.iter().enumerate() {
            small[i * small_n + j] = scores[node * n + other];
        }
        let gain = |c: usize| scores[c * n + node] - scores[c * n + heads[c]];
        let cost = |c: usize| scores[node * n + c];
        for c in &cycle {
            if gain(*c) > gain(enters[i]) {
                enters[i] = *c;
            }
            if cost(*c) > cost(leaves[i]) {
                leaves[i] = *c;
            }
        }
        small[(small_n - 1) * small_n + i] = gain(enters[i]);
        small[i * small_n + small_n - 1] = cost(leaves[i]);
    }
    let solved = spanning(&small, small_n);
    for i in 1..outer.len() {
        let head = solved[i];
        heads[outer[i]] = if head == outer.len() { leaves[i] } else { outer[head] };
    }
    let source = solved[outer.len()];
    heads[enters[source]] = outer[source];
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_tree(heads: &[u32]) -> bool {
        heads.iter().filter(|h| **h == 0).count() == 1 && find_cycle(&with_root(heads)).is_none()
    }

    /// Every tree of one root, by brute force.
    fn best_by_trying(scores: &[f32], n: usize) -> f32 {
        let mut best = f32::NEG_INFINITY;
        let mut heads = vec![0u32; n];
        for code in 0..(n + 1).pow(n as u32) {
            let mut rest = code;
            for h in &mut heads {
                *h = (rest % (n + 1)) as u32;
                rest /= n + 1;
            }
            if is_tree(&heads) {
                best = best.max(total(scores, n, &heads));
            }
        }
        best
    }

    fn total(scores: &[f32], n: usize, heads: &[u32]) -> f32 {
        heads.iter().enumerate().map(|(d, h)| scores[d * (n + 1) + *h as usize]).sum()
    }

    #[test]
    fn finds_the_best_tree() {
        let mut state = 12345u32;
        for n in [1, 2, 3, 4] {
            for _ in 0..60 {
                let scores: Vec<f32> = (0..n * (n + 1))
                    .map(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (state >> 20) as f32 / 16.0
                    })
                    .collect();
                let mut heads = Vec::new();
                decode(&scores, n, &mut heads);
                assert!(is_tree(&heads), "{heads:?}");
                assert_eq!(total(&scores, n, &heads), best_by_trying(&scores, n));
            }
        }
    }

    #[test]
    fn a_tree_comes_of_anything() {
        for fill in [0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for n in [1, 2, 7, 40] {
                let mut heads = Vec::new();
                decode(&vec![fill; n * (n + 1)], n, &mut heads);
                assert!(is_tree(&heads), "{fill} {n} {heads:?}");
            }
        }
    }
}
