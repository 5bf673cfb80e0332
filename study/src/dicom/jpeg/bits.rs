//! The entropy-coded data of a scan into bits, and the restart markers between.

use super::{JpegError, marker};

/// Bits that a scan may have left over before a marker: the padding of its last byte and one byte more.
const LEFT_OVER: u32 = 15;

/// Reads bits from the highest of each byte on.
pub(super) struct Bits<'a> {
    stream: &'a [u8],
    at: usize,
    /// Bits that were read ahead, in the lowest places.
    ahead: u64,
    count: u32,
    /// Number of the next restart marker, from 0 to 7.
    restart: u8,
}

impl<'a> Bits<'a> {
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at, ahead: 0, count: 0, restart: 0 }
    }

    /// Reads ahead to the next marker or as far as there is room. A zero after 255 says that this is no marker (F.1.2.3).
    fn fill(&mut self) {
        while self.count <= 48 {
            let Some(&byte) = self.stream.get(self.at) else { return };
            let stuffed = byte == 0xff;
            if stuffed && self.stream.get(self.at + 1) != Some(&0) {
                return;
            }
            self.at += 1 + usize::from(stuffed);
            self.ahead = self.ahead << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    /// The next 16 bits, with zeros behind the last.
    pub(super) fn peek(&mut self) -> u16 {
        if self.count < 16 {
            self.fill();
        }
        match self.count {
            0..16 => (self.ahead << (16 - self.count)) as u16,
            _ => (self.ahead >> (self.count - 16)) as u16,
        }
    }

    /// Leaves out so many of the bits that were looked at.
    pub(super) fn skip(&mut self, count: u32) -> Result<(), JpegError> {
        self.count = self.count.checked_sub(count).ok_or(JpegError::CutShort)?;
        Ok(())
    }

    /// The next bits, at most 16, as a number.
    pub(super) fn take(&mut self, count: u32) -> Result<u16, JpegError> {
        let bits = u32::from(self.peek()) >> (16 - count);
        self.skip(count)?;
        Ok(bits as u16)
    }

    /// A signed number of so many bits, at most 15 (F.2.2.1, EXTEND).
    pub(super) fn signed(&mut self, count: u32) -> Result<i32, JpegError> {
        if count == 0 {
            return Ok(0);
        }
        let bits = i32::from(self.take(count)?);
        Ok(if bits < 1 << (count - 1) { bits - (1 << count) + 1 } else { bits })
    }

    /// Goes on behind the restart marker that has to be here; their numbers count up (E.2.4).
    pub(super) fn restart(&mut self) -> Result<(), JpegError> {
        self.at = self.finish()?;
        while self.stream.get(self.at..self.at + 2) == Some(&[0xff, 0xff]) {
            self.at += 1;
        }
        match self.stream.get(self.at..self.at + 2) {
            Some(&[0xff, code]) if code == marker::RESTART + self.restart => {}
            Some(_) => return Err(JpegError::Damaged("a restart marker is missing")),
            None => return Err(JpegError::CutShort),
        }
        self.at += 2;
        self.restart = (self.restart + 1) % 8;
        Ok(())
    }

    /// The place of the marker behind the data, of which nothing but padding may be left.
    pub(super) fn finish(&mut self) -> Result<usize, JpegError> {
        self.fill();
        if self.count > LEFT_OVER {
            return Err(JpegError::Damaged("data is left over"));
        }
        (self.ahead, self.count) = (0, 0);
        Ok(self.at)
    }
}
