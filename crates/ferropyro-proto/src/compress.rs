//! Compression of payloads: zlib, by the policy of the dialect (wire protocol §1.8).

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};

use crate::{Compression, FrameError};

/// How much a first guess at the decompressed size multiplies the compressed one.
const USUAL_RATIO: usize = 4;

const NOT_ZLIB: FrameError = FrameError::Deflate("Error -3 while decompressing data: invalid stream");
const CUT_SHORT: FrameError =
    FrameError::Deflate("Error -5 while decompressing data: incomplete or truncated stream");

/// The compressed form of `payload`, where the policy wants one.
#[must_use]
pub fn deflate(payload: &[u8], policy: Compression) -> Option<Vec<u8>> {
    if payload.len() < policy.threshold {
        return None;
    }
    let mut deflater = Compress::new(flate2::Compression::new(policy.level), true);
    let mut compressed = Vec::with_capacity(payload.len() / 2 + 64);
    loop {
        let read = usize::try_from(deflater.total_in()).ok()?;
        let status =
            deflater.compress_vec(payload.get(read..)?, &mut compressed, FlushCompress::Finish).ok()?;
        if status == Status::StreamEnd {
            break;
        }
        compressed.reserve(compressed.len().max(64));
    }
    (compressed.len() < payload.len() || !policy.only_if_smaller).then_some(compressed)
}

/// Decompresses, never holding more than `limit` bytes. Bytes behind the end of the stream are ignored.
///
/// # Errors
/// Not zlib data, or more than `limit` bytes of it.
pub fn inflate(compressed: &[u8], limit: usize) -> Result<Vec<u8>, FrameError> {
    let mut inflater = Decompress::new(true);
    let mut inflated = Vec::new();
    let mut growth = compressed.len().saturating_mul(USUAL_RATIO).max(256);
    loop {
        let before = (inflater.total_in(), inflated.len());
        let rest =
            usize::try_from(inflater.total_in()).ok().and_then(|read| compressed.get(read..)).unwrap_or(&[]);
        let full = inflated.len() == limit;
        let (status, progress) = if full {
            // One byte more than allowed shows whether the stream goes on.
            let mut beyond = [0];
            let status = inflater.decompress(rest, &mut beyond, FlushDecompress::None);
            if inflater.total_out() > limit as u64 {
                return Err(FrameError::InflatedTooLarge { max: limit });
            }
            (status, inflater.total_in() > before.0)
        } else {
            inflated.reserve_exact(growth.min(limit - inflated.len()));
            growth = inflated.capacity();
            let status = inflater.decompress_vec(rest, &mut inflated, FlushDecompress::None);
            (status, (inflater.total_in(), inflated.len()) != before)
        };
        match status {
            Err(_) => return Err(NOT_ZLIB),
            Ok(Status::StreamEnd) => return Ok(inflated),
            Ok(Status::Ok | Status::BufError) if progress => {}
            Ok(Status::Ok | Status::BufError) => return Err(CUT_SHORT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;

    const ALWAYS: Compression = Compression { threshold: 0, level: 6, only_if_smaller: false };

    #[test]
    fn what_was_compressed_comes_back_at_any_limit_that_holds_it() {
        let payload: Vec<u8> = (0..100_000_u32).map(|n| (n / 7) as u8).collect();
        let compressed = deflate(&payload, ALWAYS).unwrap();
        assert_eq!(inflate(&compressed, usize::MAX).as_ref(), Ok(&payload));
        assert_eq!(inflate(&compressed, payload.len()).as_ref(), Ok(&payload));
        let max = payload.len() - 1;
        assert_eq!(inflate(&compressed, max), Err(FrameError::InflatedTooLarge { max }));
        assert_eq!(inflate(&deflate(b"", ALWAYS).unwrap(), 0), Ok(vec![]));
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = deflate(&vec![0; 8 << 20], ALWAYS).unwrap();
        assert!(bomb.len() < 16 << 10);
        assert_eq!(inflate(&bomb, 1 << 20), Err(FrameError::InflatedTooLarge { max: 1 << 20 }));
    }

    #[test]
    fn broken_streams_are_told_from_short_ones() {
        let compressed = deflate(&[7; 1000], ALWAYS).unwrap();
        assert_eq!(inflate(b"not zlib at all", 1000), Err(NOT_ZLIB));
        for cut in 0..compressed.len() {
            assert_eq!(inflate(&compressed[..cut], 1000), Err(CUT_SHORT), "cut at {cut}");
        }
        let trailing = [compressed.as_slice(), b"trailing"].concat();
        assert_eq!(inflate(&trailing, 1000), Ok(vec![7; 1000]));
    }

    #[test]
    fn each_dialect_has_its_threshold() {
        let random: Vec<u8> = (0..200_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(deflate(&[0; 199], Dialect::Pyro4.compression()), None);
        assert!(deflate(&[0; 200], Dialect::Pyro4.compression()).is_some());
        assert_eq!(deflate(&random, Dialect::Pyro4.compression()), None, "it would grow");
        assert_eq!(deflate(&[0; 100], Dialect::Pyro5.compression()), None);
        assert!(deflate(&random, Dialect::Pyro5.compression()).is_some(), "even if it grows");
    }
}
