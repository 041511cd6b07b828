//! The client, and what it refuses.

use crate::address::is_public;
use std::fmt;
use std::io;
use std::time::Duration;
use thiserror::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, ResponseExt};

/// What one address may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes, counted after decompression.
    pub size: u64,
    /// From the first look-up of a name to the last byte, over all redirects.
    pub time: Duration,
    pub redirects: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { size: 20_000_000, time: Duration::from_secs(30), redirects: 5 }
    }
}

/// What came from an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it was found in the end.
    pub url: String,
    pub media_type: Option<String>,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Error)]
pub enum FetchError {
    #[error(
        "{url}: {host} is {address}, an address that is not public; name the host with --private-host where you mean it"
    )]
    Private { url: String, host: String, address: String },
    #[error("{url}: the server answered {status}; check the address")]
    Status { url: String, status: u16 },
    #[error("{url}: more than {limit} bytes; fetch it by hand and read the file")]
    Size { url: String, limit: u64 },
    #[error("{url}: no whole answer within {} s; try again later", limit.as_secs())]
    Time { url: String, limit: Duration },
    #[error("{url}: more than {limit} redirects; give the address that they end at")]
    Redirects { url: String, limit: u32 },
    #[error("{url}: no such host; check the address")]
    Host { url: String },
    #[error("{url}: {why}; give an address that begins with http:// or https://")]
    Address { url: String, why: String },
    #[error("{url}: {why}; check the address and the network")]
    Broken { url: String, why: String },
}

impl FetchError {
    /// Whether the same may go well a moment later.
    pub fn may_pass(&self) -> bool {
        match self {
            FetchError::Status { status, .. } => matches!(status, 408 | 429 | 500..),
            FetchError::Time { .. } | FetchError::Broken { .. } => true,
            _ => false,
        }
    }
}

/// The host that an address names.
pub fn host(url: &str) -> Result<String, FetchError> {
    let wrong = |why: &str| FetchError::Address { url: url.to_owned(), why: why.to_owned() };
    let uri: Uri = url.parse().map_err(|_| wrong("it is no address"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) => {
            Ok(host.trim_start_matches('[').trim_end_matches(']').to_owned())
        }
        _ => Err(wrong("it names no host")),
    }
}

/// Fetches from public addresses, and from hosts that its user named.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    limits: Limits,
}

impl Client {
    /// `private` names hosts that may be at any address.
    pub fn new(private: &[String], limits: Limits) -> Client {
        let config = Config::builder()
            // A proxy would look names up itself, out of our sight.
            .proxy(None)
            .max_redirects(limits.redirects)
            .timeout_global(Some(limits.time))
            .user_agent(concat!("dyad/", env!("CARGO_PKG_VERSION")))
            .build();
        let guard = Guard { names: DefaultResolver::default(), private: private.to_vec() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), guard);
        Client { agent, limits }
    }

    pub fn get(&self, url: &str) -> Result<Page, FetchError> {
        self.take(url, self.agent.get(url).call())
    }

    /// Sends bytes and gives what is answered.
    pub fn post(&self, url: &str, media_type: &str, bytes: &[u8]) -> Result<Page, FetchError> {
        self.take(url, self.agent.post(url).content_type(media_type).send(bytes))
    }

    fn take(
        &self,
        url: &str,
        answer: Result<ureq::http::Response<ureq::Body>, Error>,
    ) -> Result<Page, FetchError> {
        let mut answer = answer.map_err(|error| self.failed(url, error))?;
        let found = answer.get_uri().to_string();
        let kind = answer.headers().get(ureq::http::header::CONTENT_TYPE);
        let media_type = kind.and_then(|v| v.to_str().ok()).map(str::to_owned);
        let body = answer.body_mut().with_config().limit(self.limits.size);
        let bytes = body.read_to_vec().map_err(|error| self.failed(url, error))?;
        Ok(Page { url: found, media_type, bytes })
    }

    fn failed(&self, url: &str, error: Error) -> FetchError {
        let url = url.to_owned();
        match error {
            Error::StatusCode(status) => FetchError::Status { url, status },
            Error::BodyExceedsLimit(limit) => FetchError::Size { url, limit },
            Error::Timeout(_) => FetchError::Time { url, limit: self.limits.time },
            Error::TooManyRedirects => FetchError::Redirects { url, limit: self.limits.redirects },
            Error::HostNotFound => FetchError::Host { url },
            Error::BadUri(why) => FetchError::Address { url, why },
            Error::Http(why) => FetchError::Address { url, why: why.to_string() },
            Error::Io(error) => match error.get_ref().and_then(|e| e.downcast_ref::<Refused>()) {
                Some(Refused { host, address }) => {
                    FetchError::Private { url, host: host.clone(), address: address.clone() }
                }
                None => FetchError::Broken { url, why: error.to_string() },
            },
            other => FetchError::Broken { url, why: other.to_string() },
        }
    }
}

/// Looks names up, for each redirect anew, and gives only addresses that may be connected to.
#[derive(Debug)]
struct Guard {
    names: DefaultResolver,
    private: Vec<String>,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let meant = self.private.iter().any(|p| p.eq_ignore_ascii_case(bare));
        // One that is not public among several is enough: which one is taken is chance.
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(address) if !meant => {
                let address = address.ip().to_string();
                let refused = Refused { host: host.to_owned(), address };
                Err(Error::Io(io::Error::other(refused)))
            }
            _ => Ok(found),
        }
    }
}

#[derive(Debug)]
struct Refused {
    host: String,
    address: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, which is not public", self.host, self.address)
    }
}

impl std::error::Error for Refused {}
