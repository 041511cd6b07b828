//! Items in the order of their days, from lists that are read side by side as far as they are wanted.

use crate::find::{Hit, List};
use rusqlite::Connection;
use std::collections::VecDeque;

const CHUNK: usize = 128;

/// In which order items are wanted.
pub(crate) struct Way {
    pub newest: bool,
    /// Whether those without a day are wanted too.
    pub undated: bool,
    /// The last that was had.
    pub after: Option<Hit>,
}

impl Way {
    fn comes(&self, hit: &Hit) -> bool {
        let Some(after) = &self.after else { return true };
        match (hit.day.is_empty(), after.day.is_empty()) {
            (true, false) => true,
            (false, true) => false,
            _ if self.newest => hit < after,
            _ => hit > after,
        }
    }
}

/// Where a question begins.
pub(crate) enum Lead {
    /// Lists that are read side by side, as far as needed.
    Lists(Vec<List>),
    /// What a list of few held.
    Whole(Vec<Hit>),
}

impl Lead {
    /// Calls for each item in the order of the days, days unknown last, each once, from one on that
    /// is named, until that says it has enough.
    pub fn walk(
        self,
        db: &Connection,
        way: &Way,
        mut each: impl FnMut(Hit) -> rusqlite::Result<bool>,
    ) -> rusqlite::Result<()> {
        let (newest, undated) = (way.newest, way.undated);
        match self {
            Lead::Whole(mut hits) => {
                hits.retain(|hit| way.comes(hit));
                hits.sort();
                hits.dedup();
                let (unknown, mut known): (Vec<Hit>, Vec<Hit>) =
                    hits.into_iter().partition(|hit| hit.day.is_empty());
                let mut unknown = if undated { unknown } else { Vec::new() };
                if newest {
                    known.reverse();
                    unknown.reverse();
                }
                for hit in known.into_iter().chain(unknown) {
                    if !each(hit)? {
                        return Ok(());
                    }
                }
            }
            Lead::Lists(lists) => {
                let passed = way.after.as_ref().is_some_and(|hit| hit.day.is_empty());
                let parts = [true, false].into_iter();
                for dated in parts.filter(|dated| if *dated { !passed } else { undated }) {
                    let from = way.after.as_ref().filter(|hit| hit.day.is_empty() != dated);
                    let stream = |list| Stream::new(list, from.cloned());
                    let mut streams: Vec<Stream> = lists.iter().map(stream).collect();
                    let mut last = None;
                    while let Some(hit) = next(&mut streams, db, newest, dated)? {
                        if last.as_ref() == Some(&hit) {
                            continue;
                        }
                        if !each(hit.clone())? {
                            return Ok(());
                        }
                        last = Some(hit);
                    }
                }
            }
        }
        Ok(())
    }
}

struct Stream<'l> {
    list: &'l List,
    held: VecDeque<Hit>,
    last: Option<Hit>,
    chunk: usize,
    ended: bool,
}

impl<'l> Stream<'l> {
    fn new(list: &'l List, last: Option<Hit>) -> Stream<'l> {
        Stream { list, held: VecDeque::new(), last, chunk: CHUNK, ended: false }
    }
}

fn next(
    streams: &mut [Stream<'_>],
    db: &Connection,
    newest: bool,
    dated: bool,
) -> rusqlite::Result<Option<Hit>> {
    for stream in streams.iter_mut().filter(|s| s.held.is_empty() && !s.ended) {
        let after = stream.last.take();
        stream.held = stream.list.some(db, newest, dated, after.as_ref(), stream.chunk)?.into();
        stream.last = stream.held.back().cloned();
        stream.ended = stream.held.len() < stream.chunk;
        stream.chunk = (stream.chunk * 4).min(8192);
    }
    let heads = streams.iter().enumerate().filter_map(|(i, s)| Some((s.held.front()?, i)));
    let first = match newest {
        true => heads.max_by(|a, b| a.0.cmp(b.0)),
        false => heads.min_by(|a, b| a.0.cmp(b.0)),
    };
    let first = first.map(|(_, i)| i);
    Ok(first.and_then(|i| streams[i].held.pop_front()))
}
