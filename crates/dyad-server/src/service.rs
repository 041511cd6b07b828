//! What every request shares: the archive, the reader, the limits and the counts.

use crate::answer::Failure;
use crate::metrics::Metrics;
use crate::pool::Pool;
use crate::trade::Trade;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use dyad_archive::Archive;
use dyad_reader::Reader;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What one request may cost, and how many may run.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a body; a long article is a hundredth of the usual four million. More is 413.
    pub body: usize,
    /// For a body to arrive (408), and for an answer to be made (503).
    pub time: Duration,
    /// Questions and readings that run at once. The others wait, and are told to come again (503)
    /// where none ends within a sixth of `time`.
    pub at_once: usize,
    /// Requests a minute of one token or address, where tokens are needed. More is 429.
    pub a_minute: u32,
    /// Hosts that may be fetched from though they are at private addresses.
    pub private_hosts: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Limits {
            body: 4 << 20,
            time: Duration::from_secs(30),
            at_once: cores.max(2),
            a_minute: 600,
            private_hosts: Vec::new(),
        }
    }
}

#[derive(Clone)]
pub struct Service {
    pub pool: Arc<Pool>,
    pub reader: Arc<Reader>,
    pub trade: Option<Arc<Trade>>,
    pub limits: Limits,
    pub metrics: Arc<Metrics>,
    turns: Arc<Semaphore>,
}

impl Service {
    pub fn new(
        archive: Archive,
        reader: Arc<Reader>,
        trade: Option<Trade>,
        limits: Limits,
    ) -> Self {
        Service {
            pool: Arc::new(Pool::new(archive)),
            reader,
            trade: trade.map(Arc::new),
            turns: Arc::new(Semaphore::new(limits.at_once)),
            limits,
            metrics: Arc::default(),
        }
    }

    /// Asks the archive off the threads that answer requests.
    pub async fn ask<T: Send + 'static>(
        self,
        question: impl FnOnce(&Archive) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.work(move |service| service.pool.read(question)).await?
    }

    /// Works off the threads that answer requests, when it is its turn. The turn lasts as long as
    /// the work, also where nobody waits for it any more.
    pub async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce(&Service) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = self.turns.clone().acquire_owned();
        let turn = tokio::time::timeout(self.limits.time / 6, turn).await;
        let Ok(Ok(turn)) = turn else { return Err(Failure::busy()) };
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&self)
        });
        done.await.map_err(|_| {
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "dyad failed at this; it is a bug")
        })
    }
}

/// The bytes that were sent.
pub async fn body(request: Request, limits: &Limits) -> Result<Bytes, Failure> {
    let large = || {
        let why = format!("more than {} bytes; send one report, or use `dyad add`", limits.body);
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, why)
    };
    let told = request.headers().get(header::CONTENT_LENGTH);
    let told = told.and_then(|n| n.to_str().ok()).and_then(|n| n.parse::<usize>().ok());
    if told.is_some_and(|n| n > limits.body) {
        return Err(large());
    }
    let arriving = axum::body::to_bytes(request.into_body(), limits.body);
    match tokio::time::timeout(limits.time, arriving).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error))
            if error.source().is_some_and(|e| e.is::<http_body_util::LengthLimitError>()) =>
        {
            Err(large())
        }
        Ok(Err(error)) => {
            Err(Failure::new(StatusCode::BAD_REQUEST, format!("the body broke off: {error}")))
        }
        Err(_) => Err(Failure::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    }
}
