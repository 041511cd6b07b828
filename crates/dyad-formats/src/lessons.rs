//! What people corrected, as training data: one JSON object a line.

use crate::{ExportError, Exported};
use dyad_archive::{Archive, Filter};
use std::io::{self, Write};

/// Corrections are asked for by report and day of publication.
pub(crate) fn write(
    archive: &Archive,
    filter: &Filter,
    out: &mut dyn Write,
) -> Result<Exported, ExportError> {
    let mut done = Exported::default();
    for lesson in archive.lessons()? {
        let day = lesson.published.as_ref();
        let asked = filter.report.as_ref().is_none_or(|id| *id == lesson.report)
            && filter.from.as_ref().is_none_or(|from| day.is_some_and(|d| d >= from))
            && filter.to.as_ref().is_none_or(|to| day.is_some_and(|d| d <= to));
        if asked {
            serde_json::to_writer(&mut *out, &lesson).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
            done.rows += 1;
        }
    }
    Ok(done)
}
