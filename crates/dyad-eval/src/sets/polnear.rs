//! Who said what: attributions are paired, then their roles are compared word by word.

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally, matching};
use crate::{EvalError, Set, data};
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    spans: BTreeMap<String, Annotation>,
    /// `Attribution:T4 Content:T3 Cue:T2 Source:T1`.
    relations: Vec<String>,
}

#[derive(Deserialize)]
struct Annotation {
    spans: Vec<(usize, usize)>,
}

const ROLES: [&str; 3] = ["Source", "Cue", "Content"];

/// The words of each role, as bytes at which words begin.
type Attribution = [BTreeSet<u32>; 3];

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Polnear, file)?;
    let mut worker = reader.worker();
    let mut roles = [Counts::default(); 3];
    let (mut whole, mut cues) = (Counts::default(), Counts::default());
    for row in &rows {
        let words = Words::of(&row.text);
        let gold = row.attributions(&words);
        let predicted = worker.analyse_text(&row.text, &given(None), |a| attributions(a, &words));
        compare(&gold, &predicted, &mut roles, &mut whole);
        cues.add(
            cues_found(&gold, &predicted),
            predicted.iter().filter(|p| !p[1].is_empty()).count(),
            gold.iter().filter(|g| !g[1].is_empty()).count(),
        );
    }
    let mut details: Vec<_> = whole.details("attribution").into();
    details.extend(cues.details("cue"));
    details.push(("cue words f1".to_owned(), roles[1].f1()));
    for (role, counts) in ROLES.iter().zip(roles) {
        details.extend(counts.details(&format!("{} words", role.to_lowercase())));
    }
    Ok(Tally {
        rows: rows.len(),
        scores: vec![
            ("source_f1", roles[0].f1()),
            ("cue_f1", cues.f1()),
            ("content_f1", roles[2].f1()),
            ("attribution_f1", whole.f1()),
        ],
        details,
    })
}

/// Runs of characters without blanks; marks at their ends are no words of their own.
struct Words(Vec<Span>);

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Vec::new();
        let mut start = None;
        for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (c.is_alphanumeric(), start) {
                (true, None) => start = Some(i),
                (false, Some(from)) if !matches!(c, '\'' | '’' | '-' | '.') => {
                    words.push(Span::new(from, i));
                    start = None;
                }
                _ => {}
            }
        }
        Words(words)
    }

    /// Where the words that a span touches begin.
    fn within(&self, span: Span) -> impl Iterator<Item = u32> + '_ {
        let first = self.0.partition_point(|w| w.end <= span.start);
        self.0[first..].iter().take_while(move |w| w.start < span.end).map(|w| w.start)
    }

    fn all(&self, spans: &[Span]) -> BTreeSet<u32> {
        spans.iter().flat_map(|s| self.within(*s)).collect()
    }
}

impl Row {
    fn attributions(&self, words: &Words) -> Vec<Attribution> {
        let bytes = Bytes::of(&self.text);
        let attribution = |relation: &String| {
            let mut attribution = Attribution::default();
            for part in relation.split_whitespace() {
                let Some((role, id)) = part.split_once(':') else { continue };
                // A role that stands twice is numbered: `Content2`.
                let role = ROLES.iter().position(|r| role.trim_end_matches(char::is_numeric) == *r);
                if let (Some(role), Some(annotation)) = (role, self.spans.get(id)) {
                    let spans: Vec<Span> =
                        annotation.spans.iter().map(|(s, e)| bytes.span(*s, *e)).collect();
                    attribution[role].extend(words.all(&spans));
                }
            }
            attribution
        };
        self.relations.iter().map(attribution).collect()
    }
}

fn attributions(a: &Analysis<'_, '_>, words: &Words) -> Vec<Attribution> {
    let statements = a.coding.statements.iter();
    statements
        .map(|s| {
            let one = |span: Option<Span>| span.map(|s| words.all(&[s])).unwrap_or_default();
            [one(s.source), one(s.cue), words.all(&s.content)]
        })
        .collect()
}

/// Cues that overlap a gold one, each paired once.
fn cues_found(gold: &[Attribution], predicted: &[Attribution]) -> usize {
    let pairs =
        matching(gold.len(), predicted.len(), |g, p| !gold[g][1].is_disjoint(&predicted[p][1]));
    pairs.into_iter().flatten().count()
}

/// Pairs attributions by the words that they share in cue and content, the most first, and counts
/// the words of each role within the pairs; what has no partner counts as missed or invented.
fn compare(
    gold: &[Attribution],
    predicted: &[Attribution],
    roles: &mut [Counts; 3],
    whole: &mut Counts,
) {
    let shared =
        |g: &Attribution, p: &Attribution, role: usize| g[role].intersection(&p[role]).count();
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, p) in predicted.iter().enumerate() {
            let common = shared(g, p, 1) + shared(g, p, 2);
            if common > 0 {
                pairs.push((common, i, j));
            }
        }
    }
    pairs.sort_by_key(|(common, i, j)| (std::cmp::Reverse(*common), *i, *j));
    let (mut used_gold, mut used) = (BTreeSet::new(), BTreeSet::new());
    let mut right = 0;
    for (_, i, j) in pairs {
        if used_gold.contains(&i) || used.contains(&j) {
            continue;
        }
        used_gold.insert(i);
        used.insert(j);
        let (g, p) = (&gold[i], &predicted[j]);
        for (role, counts) in roles.iter_mut().enumerate() {
            counts.right += shared(g, p, role);
        }
        right += usize::from((0..3).all(|r| match (g[r].is_empty(), p[r].is_empty()) {
            (true, true) => true,
            _ => shared(g, p, r) > 0,
        }));
    }
    for (role, counts) in roles.iter_mut().enumerate() {
        counts.gold += gold.iter().map(|g| g[role].len()).sum::<usize>();
        counts.predicted += predicted.iter().map(|p| p[role].len()).sum::<usize>();
    }
    whole.add(right, predicted.len(), gold.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribution(source: &[u32], cue: &[u32], content: &[u32]) -> Attribution {
        [source, cue, content].map(|r| r.iter().copied().collect())
    }

    #[test]
    fn words_end_at_blanks_and_marks() {
        let text = "“We won’t go,” he said.";
        let words: Vec<&str> = Words::of(text).0.iter().map(|w| w.of(text)).collect();
        assert_eq!(words, ["We", "won’t", "go", "he", "said."]);
    }

    #[test]
    fn roles_are_compared_within_pairs() {
        let gold = [attribution(&[1], &[2], &[3, 4, 5]), attribution(&[], &[9], &[10])];
        let predicted = [attribution(&[1, 7], &[2], &[4, 5]), attribution(&[8], &[9], &[10])];
        let (mut roles, mut whole) = ([Counts::default(); 3], Counts::default());
        compare(&gold, &predicted, &mut roles, &mut whole);
        assert_eq!(roles[0], Counts { right: 1, predicted: 3, gold: 1 });
        assert_eq!(roles[1], Counts { right: 2, predicted: 2, gold: 2 });
        assert_eq!(roles[2], Counts { right: 3, predicted: 3, gold: 4 });
        assert_eq!(cues_found(&gold, &predicted), 2);
        // The second has a source where the gold has none.
        assert_eq!(whole, Counts { right: 1, predicted: 2, gold: 2 });
    }
}
