//! Reading an answer's body: silence, total time and size are limited, and size counts after decompression.

use super::error::{OutboundError, OutboundErrorKind, chain};
use super::request::Limits;
use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream};
use http::header::{self, HeaderMap};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt};
use tokio::sync::Semaphore;
use tokio::task::consume_budget;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::io::StreamReader;

/// A compressed body may be a little longer than what it holds; beyond this it is an attempt to keep us busy.
const COMPRESSION_OVERHEAD: usize = 64 * 1024;
const CHUNK: usize = 16 * 1024;
/// How long the end of a body may come after the end of the compressed data in it; it usually comes with it.
const LAST_FRAME: Duration = Duration::from_millis(50);
static BROTLI_TURNS: Semaphore = Semaphore::const_new(8);

/// An encoding of a body that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Gzip,
    Brotli,
    Deflate,
}

/// The one encoding of a body. Several on top of each other are refused: no honest upstream does that, and each multiplies
/// the work a small answer can cause.
pub(super) fn encoding(headers: &HeaderMap) -> Result<Option<Encoding>, OutboundError> {
    let protocol = |detail: &str| OutboundError::new(OutboundErrorKind::Protocol).sent_if(true).with_detail(detail);
    let mut transfers = headers.get_all(header::TRANSFER_ENCODING).iter();
    if !transfers.all(|value| value.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        return Err(protocol("an unknown transfer encoding"));
    }
    let mut found = None;
    for value in headers.get_all(header::CONTENT_ENCODING) {
        let text = value.to_str().map_err(|_| protocol("an unreadable content encoding"))?;
        for name in text.split(',').map(str::trim) {
            let encoding = match name.to_ascii_lowercase().as_str() {
                "" | "identity" => continue,
                "gzip" | "x-gzip" => Encoding::Gzip,
                "br" => Encoding::Brotli,
                "deflate" => Encoding::Deflate,
                _ => return Err(protocol("an unknown content encoding")),
            };
            if found.replace(encoding).is_some() {
                return Err(protocol("several content encodings on top of each other"));
            }
        }
    }
    Ok(found)
}

/// Reads a body within its limits: the bytes and whether they were cut.
pub(super) async fn read(
    body: Incoming,
    encoding: Option<Encoding>,
    limits: &Limits,
    deadline: Instant,
    truncate: bool,
) -> Result<(Bytes, bool), OutboundError> {
    let max = limits.max_body;
    let allowance = if encoding.is_some() { max.saturating_add(COMPRESSION_OVERHEAD) } else { max };
    if !truncate && body.size_hint().lower() > allowance as u64 {
        return Err(too_large());
    }
    let frames = Frames { body, limits: *limits, deadline };
    match encoding {
        None => plain(frames, max, truncate).await,
        Some(encoding) => decoded(frames, encoding, max, allowance, truncate).await,
    }
}

async fn plain(mut frames: Frames, max: usize, truncate: bool) -> Result<(Bytes, bool), OutboundError> {
    let Some(mut first) = frames.next().await? else { return Ok((Bytes::new(), false)) };
    // Most answers are one frame, which is handed on without a copy.
    let mut more = None;
    if first.len() <= max {
        more = frames.next().await?;
        if more.is_none() {
            return Ok((first, false));
        }
    }
    if first.len() > max {
        first.truncate(max);
        return if truncate { Ok((first, true)) } else { Err(too_large()) };
    }
    let mut all = BytesMut::from(first);
    while let Some(data) = more {
        let room = max - all.len();
        all.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            return if truncate { Ok((all.freeze(), true)) } else { Err(too_large()) };
        }
        more = frames.next().await?;
    }
    Ok((all.freeze(), false))
}

async fn decoded(
    mut frames: Frames,
    encoding: Encoding,
    max: usize,
    allowance: usize,
    truncate: bool,
) -> Result<(Bytes, bool), OutboundError> {
    let deadline = frames.deadline;
    // Two bytes tell a zlib header from bare deflate data; "deflate" is used for both.
    let mut start = BytesMut::new();
    while start.len() < 2 {
        match frames.next().await? {
            Some(data) => start.extend_from_slice(&data),
            None => break,
        }
    }
    if start.is_empty() {
        return Ok((Bytes::new(), false));
    }
    let zlib = start.len() >= 2 && start[0] & 0x0f == 8 && u16::from_be_bytes([start[0], start[1]]).is_multiple_of(31);
    let source = Source { start: Some(start.freeze()), frames, left: allowance };
    let chunks = stream::try_unfold(source, |mut source| async move {
        let data = source.next().await.map_err(io::Error::other)?;
        Ok::<_, io::Error>(data.map(|data| (data, source)))
    });
    let mut reader = StreamReader::new(chunks.boxed());
    let read = match encoding {
        Encoding::Brotli => return brotli(reader, max, deadline, truncate).await,
        Encoding::Gzip => drain(GzipDecoder::new(&mut reader), max, deadline).await,
        Encoding::Deflate if zlib => drain(ZlibDecoder::new(&mut reader), max, deadline).await,
        Encoding::Deflate => drain(DeflateDecoder::new(&mut reader), max, deadline).await,
    };
    match read {
        (bytes, Ok(())) => {
            // The decoder stops at the end of its data; the framing behind it must be read too, or the connection is lost.
            let _ = timeout(LAST_FRAME, tokio::io::copy_buf(&mut reader, &mut tokio::io::sink())).await;
            Ok((bytes, false))
        }
        (bytes, Err(error)) if truncate && error.kind() == OutboundErrorKind::TooLarge => Ok((bytes, true)),
        (_, Err(error)) => Err(error),
    }
}

/// Brotli's window takes up to 16 MiB whatever the size of the answer, so that the compressed bytes are gathered first and
/// only a few bodies are decoded at a time; a slow upstream never holds such a window.
async fn brotli(
    mut reader: impl AsyncBufRead + Unpin,
    max: usize,
    deadline: Instant,
    truncate: bool,
) -> Result<(Bytes, bool), OutboundError> {
    let mut packed = Vec::new();
    let mut cut = false;
    if let Err(error) = reader.read_to_end(&mut packed).await.map_err(undecodable) {
        cut = truncate && error.kind() == OutboundErrorKind::TooLarge;
        if !cut {
            return Err(error);
        }
    }
    let _turn = timeout_at(deadline, BROTLI_TURNS.acquire()).await.map_err(|_| late())?;
    let (bytes, result) = drain(BrotliDecoder::new(&packed[..]), max, deadline).await;
    match result {
        Ok(()) => Ok((bytes, cut)),
        // What was not read cannot be decoded; what was decoded of the rest is the cut body.
        Err(error) if cut || truncate && error.kind() == OutboundErrorKind::TooLarge => Ok((bytes, true)),
        Err(error) => Err(error),
    }
}

/// Decodes until the end or the limit. What was decoded comes back in both cases; it is never more than `max` bytes.
async fn drain(decoder: impl AsyncRead + Unpin, max: usize, deadline: Instant) -> (Bytes, Result<(), OutboundError>) {
    let mut decoder = decoder.take((max as u64).saturating_add(1));
    let mut all = BytesMut::new();
    loop {
        all.reserve(CHUNK.min(max.saturating_add(1)));
        let result = match decoder.read_buf(&mut all).await {
            Ok(_) if all.len() > max => {
                all.truncate(max);
                Err(too_large())
            }
            Ok(0) => Ok(()),
            // A local upstream can always be ready, so that no timer would ever be asked.
            Ok(_) if Instant::now() >= deadline => Err(late()),
            Ok(_) => {
                // Decoding is work without waiting: other tasks of this thread get their turn.
                consume_budget().await;
                continue;
            }
            Err(error) => Err(undecodable(error)),
        };
        return (all.freeze(), result);
    }
}

/// The frames of a body that hold data, each awaited within the limits.
struct Frames {
    body: Incoming,
    limits: Limits,
    deadline: Instant,
}

impl Frames {
    async fn next(&mut self) -> Result<Option<Bytes>, OutboundError> {
        while !self.body.is_end_stream() {
            let now = Instant::now();
            if now >= self.deadline {
                return Err(late());
            }
            let until = self.deadline.min(now + self.limits.idle);
            match timeout_at(until, self.body.frame()).await {
                Err(_) => return Err(late()),
                Ok(None) => break,
                Ok(Some(Err(error))) => return Err(broken(&error)),
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Ok(Some(data)),
                    // Trailers and empty frames say nothing.
                    _ => {}
                },
            }
        }
        Ok(None)
    }
}

/// The encoded bytes of a body, of which there may be only so many.
struct Source {
    start: Option<Bytes>,
    frames: Frames,
    left: usize,
}

impl Source {
    async fn next(&mut self) -> Result<Option<Bytes>, OutboundError> {
        let data = match self.start.take() {
            Some(start) => Some(start),
            None => self.frames.next().await?,
        };
        if let Some(data) = &data {
            self.left = self.left.checked_sub(data.len()).ok_or_else(too_large)?;
        }
        Ok(data)
    }
}

fn too_large() -> OutboundError {
    OutboundError::new(OutboundErrorKind::TooLarge).sent_if(true)
}

fn late() -> OutboundError {
    OutboundError::new(OutboundErrorKind::TimedOut).sent_if(true).with_detail("while reading the body")
}

fn broken(error: &hyper::Error) -> OutboundError {
    let kind = if error.is_parse() { OutboundErrorKind::Protocol } else { OutboundErrorKind::Interrupted };
    OutboundError::new(kind).sent_if(true).with_detail(chain(error))
}

/// Either our own error on its way through the decoder, or the decoder's.
fn undecodable(error: io::Error) -> OutboundError {
    match error.downcast::<OutboundError>() {
        Ok(own) => own,
        Err(decoder) => OutboundError::new(OutboundErrorKind::Protocol).sent_if(true).with_detail(decoder.to_string()),
    }
}
