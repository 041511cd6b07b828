//! Notices sent to an address.

use crate::failure::Failure;
use dyad_archive::Notice;
use dyad_fetch::{Client, FetchError, Limits, host};
use std::thread::sleep;
use std::time::Duration;

/// What may pass is tried again after so many seconds.
const AGAIN: [u64; 3] = [1, 2, 4];

/// Where notices go, and those that could not go yet.
pub struct Post {
    client: Client,
    url: String,
    waiting: Vec<Notice>,
}

impl Post {
    pub fn to(url: &str) -> Result<Post, Failure> {
        // Who names an address means its host, wherever that is.
        let client = Client::new(&[host(url)?], Limits::default());
        Ok(Post { client, url: url.to_owned(), waiting: Vec::new() })
    }

    /// Sends what waits and what is new, in this order, up to the first that cannot go.
    pub fn send(&mut self, new: &[Notice]) -> Result<(), Failure> {
        self.waiting.extend_from_slice(new);
        while let Some(notice) = self.waiting.first() {
            self.try_to_send(notice)?;
            self.waiting.remove(0);
        }
        Ok(())
    }

    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn try_to_send(&self, notice: &Notice) -> Result<(), FetchError> {
        let body = serde_json::to_vec(notice).expect("a notice is plain JSON");
        let mut pauses = AGAIN.into_iter();
        loop {
            match self.client.post(&self.url, "application/json", &body) {
                Ok(_) => return Ok(()),
                Err(error) => match pauses.next().filter(|_| error.may_pass()) {
                    Some(seconds) => sleep(Duration::from_secs(seconds)),
                    None => return Err(error),
                },
            }
        }
    }
}
