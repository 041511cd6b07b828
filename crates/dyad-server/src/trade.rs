//! Trade tables beside the archive: how two states depend on each other by them, and what reports
//! said of it.

use crate::answer::Failure;
use crate::service::Service;
use axum::http::StatusCode;
use dyad_trade::{Areas, Claim, Ledger, TradeError, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum TradeTableError {
    #[error("{}: {source}; check the path", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Table(#[from] TradeError),
}

/// Tables that were loaded. A pair's rows are read when it is first asked for, and kept.
pub struct Trade {
    tables: Vec<PathBuf>,
    areas: Areas,
    known: Mutex<HashMap<[u16; 2], Cell>>,
}

/// A pair, once it was read; else what went wrong.
type Cell = Arc<OnceLock<Result<Pair, String>>>;

struct Pair {
    ledger: Ledger,
    years: Vec<Year>,
    faulty: u64,
}

/// Pairs whose rows are kept.
const KEPT: usize = 200;
/// Other partners that are told for each flow.
const ALTERNATIVES: usize = 3;

impl Trade {
    /// Looks at the header of every table, so that a wrong file is told at once.
    pub fn open(tables: Vec<PathBuf>) -> Result<Trade, TradeTableError> {
        for path in &tables {
            let file = File::open(path)
                .map_err(|source| TradeTableError::File { path: path.clone(), source })?;
            dyad_trade::layout(&path.display().to_string(), file)?;
        }
        let areas = Areas::builtin().expect("the tests check the tables of states");
        Ok(Trade { tables, areas, known: Mutex::default() })
    }

    fn pair(&self, pair: [u16; 2]) -> Cell {
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= KEPT && !known.contains_key(&pair) {
                known.clear();
            }
            known.entry(pair).or_default().clone()
        };
        // Who asks for the same pair meanwhile waits for it, and nobody else does.
        cell.get_or_init(|| self.read(pair));
        cell
    }

    fn read(&self, [a, b]: [u16; 2]) -> Result<Pair, String> {
        let mut ledger = Ledger::new(a, b);
        let mut faulty = 0;
        for path in &self.tables {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|e| format!("{name}: {e}"))?;
            let reading = ledger.read(&name, file, &self.areas).map_err(|e| e.to_string())?;
            faulty += reading.faulty;
        }
        let years = ledger.years(&self.areas, ALTERNATIVES);
        Ok(Pair { ledger, years, faulty })
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairAsked {
    /// Two states, by code or name: `RUS,CHN`.
    between: String,
}

/// How two states depend on each other by trade tables, beside what reports said.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Dependences {
    /// The tables that were loaded with `dyad serve --trade`; where there are none, nothing is told.
    pub tables: Vec<String>,
    /// Rows of them that could not be used.
    pub faulty: u64,
    pub years: Vec<Year>,
    pub claims: Vec<Claim>,
}

pub fn dependence(service: &Service, asked: PairAsked) -> Result<Dependences, Failure> {
    let wrong = |why: String| Failure::new(StatusCode::BAD_REQUEST, why);
    let failed = |why: String| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, why);
    let Some(trade) = &service.trade else { return Ok(Dependences::default()) };
    let Some((a, b)) = asked.between.split_once(',') else {
        return Err(wrong(
            "between takes two states with a comma between them, as `RUS,CHN`".into(),
        ));
    };
    let areas = &trade.areas;
    let state = |text: &str| {
        let none = || wrong(format!("no state is called `{text}`; give its ISO code or its name"));
        areas.state(text.trim()).ok_or_else(none)
    };
    let (a, b) = (state(a)?, state(b)?);
    if a == b {
        return Err(wrong("name two states".to_owned()));
    }
    let cell = trade.pair([a, b]);
    let pair = match cell.get() {
        Some(Ok(pair)) => pair,
        Some(Err(why)) => return Err(failed(why.clone())),
        None => return Err(Failure::busy()),
    };
    let codes = [areas.code(a), areas.code(b)];
    let records = service.pool.read(|archive| Ok(archive.records_naming(codes)?))?;
    let claims = dyad_trade::claims(&records, &pair.ledger, &pair.years, areas)
        .map_err(|e| failed(e.to_string()))?;
    let name = |path: &PathBuf| {
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    Ok(Dependences {
        tables: trade.tables.iter().map(name).collect(),
        faulty: pair.faulty,
        years: pair.years.clone(),
        claims,
    })
}
