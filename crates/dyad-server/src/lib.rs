//! The HTTP service: an archive and a reader behind `/api/v1`, and the explorer at `/`.
//!
//! `/api/v1/openapi.json` describes every path; `docs/service.md` tells them in short. An error is
//! `{"error": "what went wrong and what mends it"}`.
//!
//! On loopback, where [`serve`] listens by default, whoever uses this machine may do all; pages of
//! other sites may do nothing. On another address every question takes a token ([`Tokens`]).
#![forbid(unsafe_code)]

mod across;
mod answer;
mod api;
mod corrections;
mod describe;
mod explain;
mod guard;
mod metrics;
mod pages;
mod pool;
mod sent;
mod service;
mod timeline;
mod tokens;
mod trade;
mod watch;

pub use api::{openapi, router};
pub use service::Limits;
pub use tokens::{Role, Token, TokenError, Tokens};
pub use trade::{Trade, TradeTableError};

use dyad_archive::{Archive, ArchiveError};
use dyad_reader::Reader;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;

/// Where the service listens unless told otherwise.
pub const DEFAULT_ADDR: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7878);

/// How long requests may still run after the service was told to end.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, Error)]
pub enum ServeError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("cannot listen on {addr}: {source}; choose another address or port")]
    Listen { addr: SocketAddr, source: io::Error },
    #[error("cannot start the service: {source}")]
    Runtime { source: io::Error },
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(
        "others reach {addr}, and {path} holds no token; make one with \
         `dyad token new NAME`, or leave --listen out"
    )]
    Open { addr: SocketAddr, path: PathBuf },
}

/// How the service logs, on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// One JSON object a request.
    Json,
    /// One line a request.
    Text,
    /// Only what goes wrong.
    Quiet,
}

/// Serves an archive until ctrl-c and prints the address on stderr. Without `addr` it listens on
/// [`DEFAULT_ADDR`], or on a free port where that one is taken. Blocks; makes its own runtime.
pub fn serve(
    archive: impl AsRef<Path>,
    reader: Arc<Reader>,
    trade: Option<Trade>,
    limits: Limits,
    addr: Option<SocketAddr>,
    log: Log,
) -> Result<(), ServeError> {
    let archive = Archive::open_existing(archive)?;
    let tokens = tokens_for(&archive, addr)?;
    let shown = archive.path().display().to_string();
    start(log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| ServeError::Runtime { source })?;
    let served = runtime.block_on(async {
        let listener = listen(addr).await?;
        let here = listener.local_addr().map_err(|source| ServeError::Runtime { source })?;
        eprintln!("{shown} is at http://{here}/  (ctrl-c ends)");
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let service = router(archive, reader, trade, tokens, limits)
            .into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(listener, service).with_graceful_shutdown(async {
            ended().await;
            let _ = stop.send(());
        });
        tokio::select! {
            served = served.into_future() => served.map_err(|source| ServeError::Runtime { source }),
            () = async { let _ = stopped.await; tokio::time::sleep(GRACE).await } => Ok(()),
        }
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

/// The tokens that are needed where others than this machine reach the address.
fn tokens_for(archive: &Archive, addr: Option<SocketAddr>) -> Result<Option<Tokens>, ServeError> {
    let Some(addr) = addr.filter(|a| !a.ip().is_loopback()) else { return Ok(None) };
    let path = Tokens::beside(archive.path());
    let tokens = Tokens::open(&path)?;
    match tokens.list().is_empty() {
        true => Err(ServeError::Open { addr, path }),
        false => Ok(Some(tokens)),
    }
}

fn start(log: Log) {
    let level = match log {
        Log::Quiet => tracing::Level::WARN,
        _ => tracing::Level::INFO,
    };
    let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr);
    // Where the program around has a log of its own, that one is used.
    let _ = match log {
        Log::Json => lines.json().flatten_event(true).try_init(),
        _ => lines.with_ansi(false).try_init(),
    };
}

async fn listen(addr: Option<SocketAddr>) -> Result<TcpListener, ServeError> {
    let wanted = addr.unwrap_or(DEFAULT_ADDR);
    match TcpListener::bind(wanted).await {
        Err(taken) if addr.is_none() && taken.kind() == io::ErrorKind::AddrInUse => {
            eprintln!("port {} is taken; using a free one", wanted.port());
            let free = SocketAddr::new(wanted.ip(), 0);
            let listener = TcpListener::bind(free).await;
            listener.map_err(|source| ServeError::Listen { addr: free, source })
        }
        bound => bound.map_err(|source| ServeError::Listen { addr: wanted, source }),
    }
}

/// Ends on ctrl-c, and on the signal by which a service manager stops a service.
async fn ended() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    interrupt.await;
}
