//! Where rules are met, with the happenings behind each notice.

use crate::answer::{Day, Failure, Page};
use axum::http::StatusCode;
use dyad_archive::{Archive, Notice, rules};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchAsked {
    /// Rules as in a file of `dyad watch`, one a line:
    /// `border: who RUS whom UKR type ASSAULT at least 3 in 7 days`.
    rules: String,
    /// Only where they were met on this day or later.
    since: Option<Day>,
}

/// The latest first.
pub fn notices(archive: &Archive, asked: WatchAsked, page: Page) -> Result<Vec<Notice>, Failure> {
    let wrong = |e: dyad_archive::RuleError| Failure::new(StatusCode::BAD_REQUEST, e.to_string());
    let since = asked.since.map_or(String::new(), |day| day.0);
    let mut found = Vec::new();
    for rule in rules(&asked.rules).map_err(wrong)? {
        let notices = rule.notices(&archive.episodes_of(rule.filter())?);
        found.extend(notices.into_iter().filter(|notice| notice.to >= since));
    }
    found.sort_by(|a, b| b.to.cmp(&a.to).then_with(|| a.rule.cmp(&b.rule)));
    Ok(page.of(found))
}
