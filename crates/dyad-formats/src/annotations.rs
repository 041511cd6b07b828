//! W3C Web Annotations: each telling at the words that it was read from.

use crate::book::{Book, Told};
use crate::{ExportError, Exported};
use serde_json::{Value, json};
use std::io::{self, Write};

/// How many letters before and after the words are given, to find them in a page that changed.
const AROUND: usize = 32;

/// One page of annotations, written item by item.
pub(crate) fn write(book: &mut Book<'_>, out: &mut dyn Write) -> Result<Exported, ExportError> {
    out.write_all(
        b"{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"type\":\"AnnotationPage\",\"items\":[",
    )?;
    for event in std::mem::take(&mut book.events) {
        let Some(told) = book.told(&event.report, &event.event)? else { continue };
        out.write_all(if book.done.rows == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &annotation(&told)).map_err(io::Error::from)?;
        book.done.rows += 1;
    }
    out.write_all(b"\n]}\n")?;
    Ok(book.done)
}

fn annotation(told: &Told) -> Value {
    let (record, event) = (&told.record, told.event());
    let text: Vec<char> = record.report.text.chars().collect();
    let slice = |from: usize, to: usize| -> String {
        text.get(from.min(text.len())..to.min(text.len())).unwrap_or_default().iter().collect()
    };
    let source = match &record.report.url {
        Some(url) => url.clone(),
        None => format!("urn:dyad:report:{}", record.report.id),
    };
    let targets = event.evidence.iter().map(|span| {
        let (start, end) = (span.start as usize, span.end as usize);
        json!({
            "source": source,
            "selector": [
                { "type": "TextPositionSelector", "start": start, "end": end },
                {
                    "type": "TextQuoteSelector",
                    "exact": slice(start, end),
                    "prefix": slice(start.saturating_sub(AROUND), start),
                    "suffix": slice(end, end + AROUND),
                },
            ],
        })
    });
    let names = |ids: &[String]| -> Vec<Value> {
        let actors = told.actors(ids);
        actors.map(|a| json!({ "name": a.name, "code": a.code, "country": a.country })).collect()
    };
    let time = event.time.as_ref();
    json!({
        "id": format!("urn:dyad:report:{}#{}", record.report.id, event.id),
        "type": "Annotation",
        "motivation": "classifying",
        "generator": { "type": "Software", "name": format!("dyad {}", record.reader.program) },
        "body": [
            { "type": "TextualBody", "purpose": "classifying", "value": event.kind.as_str() },
            {
                "type": "Dataset",
                "purpose": "describing",
                "value": {
                    "mode": event.mode,
                    "cameo": event.cameo,
                    "status": event.status.as_str(),
                    "goldstein": event.goldstein,
                    "actors": names(&event.actors),
                    "recipients": names(&event.recipients),
                    "from": time.and_then(|t| t.from.as_ref()),
                    "to": time.and_then(|t| t.to.as_ref()),
                    "place": told.place().map(|p| &p.name),
                    "confidence": event.confidence,
                    "found_by": event.found_by,
                },
            },
        ],
        "target": targets.collect::<Vec<_>>(),
    })
}
