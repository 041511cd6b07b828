//! The HTTP service: an archive and a reader behind `/api/v1`, and the explorer at `/`.
//!
//! | path | answers |
//! | --- | --- |
//! | `GET /health` | `{"status": "ok", "version": …}` |
//! | `GET /api/v1/summary` | counts ([`dyad_record::archive::Summary`]) |
//! | `GET /api/v1/reports?q=` | reports, newest first; with `q` those that hold its words |
//! | `GET /api/v1/reports/{id}` | one record |
//! | `GET /api/v1/events?who=&whom=&type=&quad=&status=&deeds=&from=&to=&report=&outlet=&confidence=&q=&limit=&offset=` | events |
//! | `GET /api/v1/episodes?report=&min_voices=&deeds=&limit=&offset=` | episodes |
//! | `GET /api/v1/episodes/{id}` | one episode |
//! | `POST /api/v1/read` | the record of the body's text, which is not stored |
//!
//! An error is `{"error": "what went wrong and what mends it"}`. Everything is read-only, so that
//! no page of another site can change an archive; with the loopback address that [`serve`] takes
//! by default, nobody else reaches it either.
#![forbid(unsafe_code)]

mod api;
mod pages;

pub use api::{READ_LIMIT, router};

use dyad_archive::{Archive, ArchiveError};
use dyad_reader::Reader;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;
use tokio::net::TcpListener;

/// Where the service listens unless told otherwise.
pub const DEFAULT_ADDR: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7878);

#[derive(Debug, Error)]
pub enum ServeError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("cannot listen on {addr}: {source}; choose another address or port")]
    Listen { addr: SocketAddr, source: io::Error },
    #[error("cannot start the service: {source}")]
    Runtime { source: io::Error },
}

/// Serves an archive until ctrl-c and prints the address on stderr. Without `addr` it listens on
/// [`DEFAULT_ADDR`], or on a free port where that one is taken. Blocks; makes its own runtime.
pub fn serve(
    archive: impl AsRef<Path>,
    reader: Arc<Reader>,
    addr: Option<SocketAddr>,
) -> Result<(), ServeError> {
    let archive = Archive::open_existing(archive)?;
    let shown = archive.path().display().to_string();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| ServeError::Runtime { source })?;
    runtime.block_on(async {
        let listener = listen(addr).await?;
        let here = listener.local_addr().map_err(|source| ServeError::Runtime { source })?;
        eprintln!("{shown} is at http://{here}/  (ctrl-c ends)");
        axum::serve(listener, router(archive, reader))
            .with_graceful_shutdown(ended())
            .await
            .map_err(|source| ServeError::Runtime { source })
    })
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
