//! Why items were read, for a report of the archive and for a text that is sent.

use crate::answer::Failure;
use crate::api::ById;
use crate::describe::{Done, Sent};
use crate::sent::ReadAsked;
use crate::service::Service;
use axum::http::StatusCode;
use dyad_record::Record;
use dyad_record::explain::Explanation;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Why the items of a report were read.
#[derive(Serialize, JsonSchema)]
pub struct Explained {
    pub items: Vec<Explanation>,
    /// Ids of items that this version of dyad reads otherwise, or that somebody has corrected: no
    /// explanation of this version would be theirs.
    pub otherwise: Vec<String>,
}

/// The report is read again, as the archive keeps what was read and not why.
pub fn stored(service: &Service, asked: ById) -> Result<Explained, Failure> {
    let report = service.pool.read(|archive| Ok(archive.report(&asked.id)?))?;
    let record = report.ok_or_else(|| Failure::none("report", &asked.id))?;
    let (again, mut items) = service.reader.worker().explain_again(&record);
    let (stored, now) = (items_of(&record)?, items_of(&again)?);
    let same = |id: &str| stored.iter().find(|(i, _)| i == id) == now.iter().find(|(i, _)| i == id);
    let otherwise = stored.iter().map(|(id, _)| id.clone()).filter(|id| !same(id)).collect();
    items.retain(|item| same(&item.item));
    Ok(Explained { items, otherwise })
}

/// Every item with its id, as it is printed.
fn items_of(record: &Record) -> Result<Vec<(String, Value)>, Failure> {
    let wrong = |e: serde_json::Error| {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot compare readings: {e}"))
    };
    let mut printed = serde_json::to_value(record).map_err(wrong)?;
    let mut found = Vec::new();
    for kind in ["events", "statements", "figures", "ties"] {
        let Value::Array(items) = printed[kind].take() else { continue };
        let items = items.into_iter();
        found.extend(items.map(|item| (item["id"].as_str().unwrap_or_default().to_owned(), item)));
    }
    Ok(found)
}

pub fn sent(service: &Service, asked: ReadAsked, sent: Sent) -> Done<Vec<Explanation>> {
    let given = asked.given(sent.media_type)?;
    let items = service.reader.worker().explain(&sent.bytes, &given)?;
    service.metrics.read.inc();
    Ok((StatusCode::OK, items))
}
