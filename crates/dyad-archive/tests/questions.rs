//! A question is led by the narrowest list that it names. Whatever leads it, the answer is that of
//! looking at everything.

mod made;

use dyad_archive::{Archive, Filter, Prepared, Side};
use dyad_record::archive::{Episode, EventRow, FigureRow, Party};
use dyad_record::{EventType, Quad, Status};
use made::{Draw, Press};

fn side(text: &str) -> Side {
    let Ok(side) = text.parse();
    side
}

fn on(side: &Side, parties: &[Party]) -> bool {
    parties.iter().any(|p| side.is(p))
}

/// Whether sides, kind, status and days are as asked.
fn meets(f: &Filter, actors: &[Party], recipients: &[Party], mutual: bool) -> bool {
    let acts = |s: &Side| on(s, actors);
    let bears = |s: &Side| on(s, recipients) || (mutual && on(s, actors));
    f.who.as_ref().is_none_or(acts)
        && f.whom.as_ref().is_none_or(bears)
        && f.either.as_ref().is_none_or(|s| acts(s) || bears(s))
        && f.between.as_ref().is_none_or(|(a, b)| (acts(a) && bears(b)) || (acts(b) && bears(a)))
}

fn event_meets(f: &Filter, e: &EventRow) -> bool {
    let from = e.from.as_ref().or(e.published.as_ref());
    let to = e.to.as_ref().or(e.published.as_ref());
    meets(f, &e.actors, &e.recipients, e.mutual)
        && (f.types.is_empty() || f.types.contains(&e.kind))
        && (f.quads.is_empty() || f.quads.contains(&e.quad))
        && (f.statuses.is_empty() || f.statuses.contains(&e.status))
        && (!f.deeds || e.status.is_deed())
        && f.from.as_ref().is_none_or(|day| to.is_some_and(|to| to >= day))
        && f.to.as_ref().is_none_or(|day| from.is_some_and(|from| from <= day))
        && f.confidence.is_none_or(|least| e.confidence >= least)
        && f.outlet.as_ref().is_none_or(|o| e.outlet.as_ref() == Some(o))
        && f.place.as_ref().is_none_or(|p| e.place.as_ref().is_some_and(|x| x.contains(p)))
}

fn episode_meets(f: &Filter, e: &Episode, events: &[EventRow]) -> bool {
    let of_tellings = Filter {
        place: f.place.clone(),
        outlet: f.outlet.clone(),
        confidence: f.confidence,
        ..Filter::default()
    };
    let mut tellings = events.iter().filter(|x| x.episode.as_ref() == Some(&e.id));
    meets(f, &e.actors, &e.recipients, e.mutual)
        && (f.types.is_empty() || f.types.contains(&e.kind))
        && (f.quads.is_empty() || f.quads.contains(&e.quad))
        && (f.statuses.is_empty() || f.statuses.contains(&e.status))
        && (!f.deeds || e.deed)
        && f.from.as_ref().is_none_or(|day| e.to.as_ref().is_some_and(|to| to >= day))
        && f.to.as_ref().is_none_or(|day| e.from.as_ref().is_some_and(|from| from <= day))
        && tellings.any(|event| event_meets(&of_tellings, event))
}

/// A figure answers with the event that it is about, and on the day of publication.
fn figure_meets(f: &Filter, figure: &FigureRow, events: &[EventRow]) -> bool {
    let act = Filter { from: None, to: None, ..f.clone() };
    let mut about = events
        .iter()
        .filter(|e| e.report == figure.report && Some(&e.event) == figure.about.as_ref());
    f.from.as_ref().is_none_or(|day| figure.published.as_ref() >= Some(day))
        && f.to.as_ref().is_none_or(|day| figure.published.as_ref() <= Some(day))
        && about.any(|e| event_meets(&act, e))
}

fn filled(dir: &std::path::Path) -> Archive {
    let mut archive = Archive::open(dir.join("a.sqlite")).unwrap();
    let mut press = Press::new(5, 20);
    let records = (0..300).map(|_| Prepared::new(press.next_report()));
    archive.add_all(records.collect()).unwrap();
    archive
}

/// Filters as they come, of all that can be asked.
fn drawn(draw: &mut Draw, events: &[EventRow]) -> Filter {
    let event = &events[draw.below(events.len())];
    let one = |draw: &mut Draw, parties: &[Party]| match parties.first() {
        Some(party) => match draw.below(4) {
            0 => side(&party.name),
            1 => side(&party.code),
            _ => side(party.country.as_ref().unwrap()),
        },
        None => side("USA"),
    };
    let mut filter = Filter::default();
    let (actors, recipients) = (&event.actors, &event.recipients);
    match draw.below(6) {
        0 => filter.who = Some(one(draw, actors)),
        1 => filter.whom = Some(one(draw, recipients)),
        2 => {
            filter.who = Some(one(draw, actors));
            filter.whom = Some(one(draw, recipients));
        }
        3 => filter.either = Some(one(draw, recipients)),
        4 => filter.between = Some((one(draw, recipients), one(draw, actors))),
        _ => {}
    }
    match draw.below(7) {
        0 => filter.types = vec![event.kind, EventType::Aid],
        1 => filter.quads = vec![event.quad, Quad::MaterialConflict],
        2 => filter.statuses = vec![event.status, Status::Refused],
        3 => filter.deeds = true,
        4 => filter.place.clone_from(&event.place),
        5 => filter.outlet.clone_from(&event.outlet),
        _ => filter.confidence = Some(0.7),
    }
    if draw.below(2) == 0 {
        filter.from.clone_from(&event.from);
    }
    if draw.below(3) == 0 {
        filter.to.clone_from(&event.to);
    }
    filter
}

#[test]
fn every_question_finds_what_looking_at_everything_finds() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(dir.path());
    let (events, episodes) =
        (archive.events(&Filter::default()).unwrap(), archive.episodes().unwrap());
    let figures = archive.figures(&Filter::default()).unwrap();
    let mut draw = Draw::new(11);
    let (mut some, mut none) = (0, 0);
    for _ in 0..400 {
        let filter = drawn(&mut draw, &events);
        // Nobody faces himself; whether two of one state do is left open.
        let faces = filter.between.clone().or(filter.who.clone().zip(filter.whom.clone()));
        if faces.is_some_and(|(a, b)| a == b) {
            continue;
        }
        let found = archive.events(&filter).unwrap();
        let wanted: Vec<&EventRow> = events.iter().filter(|e| event_meets(&filter, e)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
        let found = archive.episodes_of(&filter).unwrap();
        let wanted: Vec<&Episode> =
            episodes.iter().filter(|e| episode_meets(&filter, e, &events)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
        let outlines = archive.outlines(&filter).unwrap();
        assert_eq!(outlines.len(), found.len());
        let told = archive.figures(&filter).unwrap();
        let wanted: Vec<&FigureRow> =
            figures.iter().filter(|f| figure_meets(&filter, f, &events)).collect();
        assert_eq!(told.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
        if found.is_empty() {
            none += 1
        } else {
            some += 1
        }
        let page = Filter { newest: true, limit: Some(3), offset: 1, ..filter.clone() };
        let newest = archive.events(&page).unwrap();
        let dated = |e: &&EventRow| e.from.is_some() || e.published.is_some();
        let all = archive.events(&filter).unwrap();
        let wanted: Vec<&EventRow> = all.iter().filter(dated).rev().skip(1).take(3).collect();
        assert_eq!(newest.iter().collect::<Vec<_>>(), wanted, "{page:?}");
        // Page by page, each from where the last one ended.
        for newest in [false, true] {
            let order = Filter { newest, ..filter.clone() };
            let all = archive.events(&order).unwrap();
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let page = Filter { limit: Some(7), after, ..order.clone() };
                let some = archive.events(&page).unwrap();
                let Some(last) = some.last() else { break };
                after = Some(format!("{}/{}", last.report, last.event));
                paged.extend(some);
            }
            assert_eq!(paged, all, "{order:?}");
        }
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = Filter { limit: Some(9), after, ..filter.clone() };
            let some = archive.episodes_of(&page).unwrap();
            let Some(last) = some.last() else { break };
            after = Some(last.id.clone());
            paged.extend(some);
        }
        assert_eq!(paged, found, "{filter:?}");
    }
    assert!(some > 100 && none < 250, "{some} found something, {none} nothing");
}

#[test]
fn what_is_gone_is_nothing_to_go_on_from() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(dir.path());
    for after in ["ep-000000000000001", "no/e1", "nonsense"] {
        let page = Filter { after: Some(after.to_owned()), ..Filter::default() };
        let errors = [archive.events(&page).unwrap_err(), archive.episodes_of(&page).unwrap_err()];
        for error in errors {
            assert!(error.to_string().contains("first page"), "{error}");
        }
    }
}

#[test]
fn counts_kept_are_counts_made() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(dir.path());
    let all = archive.actors(&Filter::default()).unwrap();
    // A filter that leaves nothing out is answered by looking.
    let looked = archive
        .actors(&Filter { from: Some("1900-01-01".to_owned()), ..Filter::default() })
        .unwrap();
    assert_eq!(all, looked);
    let summary = archive.summary().unwrap();
    assert_eq!(summary.episodes as usize, archive.episodes().unwrap().len());
    let pair = (side("USA"), side("RUS"));
    let page = archive.pair(&pair.0, &pair.1, &Filter::default()).unwrap();
    let between = Filter { between: Some(pair.clone()), ..Filter::default() };
    assert_eq!(page.told.episodes as usize, archive.episodes_of(&between).unwrap().len());
    assert!(page.told.episodes > 0 && page.directions.iter().all(|d| d.episodes > 0));
    // The same page by way of words that no key stands for.
    let few = Filter { limit: Some(2), ..Filter::default() };
    let last = archive.pair(&pair.0, &pair.1, &few).unwrap();
    assert_eq!(last.episodes[..], page.episodes[page.episodes.len() - 2..]);
    assert_eq!((last.told, last.months), (page.told, page.months));
}
