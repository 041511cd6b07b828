//! What people say against the machine's reading.

use crate::answer::{Failure, Page};
use crate::api::ById;
use crate::describe::Done;
use crate::service::Service;
use axum::http::StatusCode;
use dyad_archive::Archive;
use dyad_record::Record;
use dyad_record::correction::{Correction, ItemKind, Proposal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The record of a report as it counts, with what people said of it.
#[derive(Serialize, JsonSchema)]
pub struct Corrected {
    #[serde(flatten)]
    record: Record,
    /// In the order in which they were made, those that were withdrawn too.
    corrections: Vec<Correction>,
}

pub fn report(archive: &Archive, asked: ById) -> Result<Corrected, Failure> {
    let record = archive.report(&asked.id)?.ok_or_else(|| Failure::none("report", &asked.id))?;
    Ok(Corrected { record, corrections: archive.corrections(Some(&asked.id))? })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionsAsked {
    /// Id of the report.
    report: Option<String>,
    kind: Option<ItemKind>,
    /// Who made it.
    who: Option<String>,
    /// Only those that were withdrawn, or only those that count.
    withdrawn: Option<bool>,
}

pub fn list(
    archive: &Archive,
    asked: CorrectionsAsked,
    page: Page,
) -> Result<Vec<Correction>, Failure> {
    let mut all = archive.corrections(asked.report.as_deref())?;
    all.retain(|c| {
        asked.kind.is_none_or(|kind| c.kind == kind)
            && asked.who.as_ref().is_none_or(|who| c.who == *who)
            && asked.withdrawn.is_none_or(|withdrawn| c.withdrawn.is_some() == withdrawn)
    });
    Ok(page.of(all))
}

pub fn one(archive: &Archive, asked: ById) -> Result<Correction, Failure> {
    Ok(archive.correction(&asked.id)?)
}

/// Who has a token goes by its name.
pub fn make(service: &Service, proposal: Proposal, caller: Option<String>) -> Done<Correction> {
    let who = caller.unwrap_or(proposal.who);
    let made = service.pool.writer().correct(&Proposal { who, ..proposal })?;
    Ok((StatusCode::CREATED, made))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawAsked {
    id: String,
    /// Who takes it back. With tokens the name of the token.
    who: Option<String>,
}

pub fn withdraw(
    service: &Service,
    asked: WithdrawAsked,
    caller: Option<String>,
) -> Done<Correction> {
    let who = caller.or(asked.who).unwrap_or_default();
    Ok((StatusCode::OK, service.pool.writer().withdraw(&asked.id, &who)?))
}
