//! Which block of a page holds its article, and how its paragraphs are wrapped.

use super::outline::Outline;
use rustc_hash::FxHashMap;

/// The article's block holds at least this share of the prose.
const MOST: f32 = 0.8;
/// Paragraphs wrapped alike make up at least this share of it.
const ALIKE: f32 = 0.6;

#[derive(Debug)]
pub struct Body {
    block: u32,
    /// How many boxes stand around most of its paragraphs, within the block; none where there is
    /// no rule in it.
    boxes: Option<usize>,
    /// The first line wrapped so.
    first: usize,
}

impl Body {
    /// By the lines of prose, each with its length. None where there is too little to tell.
    pub fn of(outline: &Outline, prose: &[(usize, usize)]) -> Option<Body> {
        let total: usize = prose.iter().map(|(_, length)| length).sum();
        if prose.len() < 3 {
            return None;
        }
        let mut held: FxHashMap<u32, (usize, usize)> = FxHashMap::default();
        for (line, length) in prose {
            let mut block = outline.lines[*line].inside;
            loop {
                let sums = held.entry(block).or_default();
                *sums = (sums.0 + length, sums.1 + 1);
                if block == 0 {
                    break;
                }
                block = outline.blocks[block as usize].parent;
            }
        }
        // The innermost is the last to begin.
        let most = |(_, (length, lines)): &(&u32, &(usize, usize))| {
            *length as f32 >= MOST * total as f32 && *lines > 1
        };
        let block = *held.iter().filter(most).map(|(block, _)| block).max()?;
        let mut alike: FxHashMap<usize, usize> = FxHashMap::default();
        for (line, length) in prose {
            if let Some(boxes) = boxes(outline, *line, block) {
                *alike.entry(boxes).or_default() += length;
            }
        }
        let (boxes_around, length) =
            alike.into_iter().max_by_key(|(boxes, length)| (*length, usize::MAX - boxes))?;
        let rule = length as f32 >= ALIKE * total as f32;
        let first =
            prose.iter().find(|(line, _)| boxes(outline, *line, block) == Some(boxes_around));
        Some(Body { block, boxes: rule.then_some(boxes_around), first: first?.0 })
    }

    /// Whether the line is of the article. What stands above it may be prose of its own.
    pub fn holds(&self, outline: &Outline, line: usize, prose: bool) -> bool {
        let lines = &outline.blocks[self.block as usize].lines;
        if line >= lines.end {
            return false;
        }
        if line < self.first {
            return prose;
        }
        match (self.boxes, boxes(outline, line, self.block)) {
            (Some(around), Some(boxes)) => boxes <= around,
            _ => true,
        }
    }
}

/// How many boxes stand around the line within the block; none where it stands outside.
fn boxes(outline: &Outline, line: usize, block: u32) -> Option<usize> {
    let mut at = outline.lines[line].inside;
    let mut boxes = 0;
    while at != block {
        if at == 0 {
            return None;
        }
        let inner = &outline.blocks[at as usize];
        boxes += usize::from(inner.boxes);
        at = inner.parent;
    }
    Some(boxes)
}
