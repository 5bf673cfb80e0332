//! A JPEG stream of one component into its numbers: sequential DCT of 8 and 12 bit, and lossless of 2 to 16 bit.
//!
//! Clauses are those of ISO/IEC 10918-1 (ITU-T T.81). Written here because no decoder in Rust reads 12 bit, and the one
//! that reads lossless streams goes on predicting over restart markers (image-rs/jpeg-decoder, issue 286): its pixels are
//! wrong, and nothing says so. Hence everything that a stream says twice is compared here, and a stream that is left over
//! or ends early is an error.

mod bits;
mod dct;
mod huffman;
mod lossless;

use bits::Bits;
use huffman::HuffmanTable;
use thiserror::Error;

/// Why a stream is not read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum JpegError {
    /// It ends before its image does.
    #[error("a JPEG stream ends early")]
    CutShort,
    /// It is no JPEG stream, or one part contradicts another.
    #[error("a JPEG stream is damaged: {0}")]
    Damaged(&'static str),
    /// It is of a kind that is not read.
    #[error("a JPEG stream with {0} is not read")]
    Unsupported(&'static str),
}

/// The numbers of a stream, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JpegImage {
    /// Numbers in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Bits of a number.
    pub precision: u32,
    /// Whether the numbers are those that were written.
    pub lossless: bool,
    /// Numbers below 2 to the precision.
    pub numbers: Vec<u16>,
}

/// The second bytes of markers (B.1.1.3).
mod marker {
    pub const BASELINE: u8 = 0xc0;
    pub const EXTENDED: u8 = 0xc1;
    pub const LOSSLESS: u8 = 0xc3;
    pub const HUFFMAN_TABLES: u8 = 0xc4;
    pub const RESTART: u8 = 0xd0;
    pub const START: u8 = 0xd8;
    pub const END: u8 = 0xd9;
    pub const SCAN: u8 = 0xda;
    pub const QUANTIZATION_TABLES: u8 = 0xdb;
    pub const LINES: u8 = 0xdc;
    pub const RESTART_INTERVAL: u8 = 0xdd;
}

/// The frame header (B.2.2).
#[derive(Clone, Copy)]
struct Frame {
    columns: usize,
    rows: usize,
    precision: u32,
    lossless: bool,
    component: u8,
    quantization: usize,
}

/// What is known of a stream before its scan.
#[derive(Default)]
struct Tables {
    quantization: [Option<[u16; 64]>; 4],
    dc: [Option<HuffmanTable>; 4],
    ac: [Option<HuffmanTable>; 4],
    /// Blocks or numbers between restart markers; 0 without such markers.
    restart_interval: usize,
}

/// The image of a stream that has so many columns and rows; others are refused before anything is reserved.
///
/// # Errors
///
/// [`JpegError`] if the stream is damaged, cut short or of another kind.
pub(super) fn decode(stream: &[u8], columns: usize, rows: usize) -> Result<JpegImage, JpegError> {
    let mut parser = Parser { stream, at: 0 };
    if parser.marker()? != marker::START {
        return Err(JpegError::Damaged("it does not begin as one"));
    }
    let mut tables = Tables::default();
    let mut frame = None;
    let image = loop {
        match parser.marker()? {
            marker::SCAN => {
                let frame: Frame = frame.ok_or(JpegError::Damaged("its scan has no frame"))?;
                break parser.scan(&frame, &tables)?;
            }
            code @ (marker::BASELINE | marker::EXTENDED | marker::LOSSLESS) => {
                if frame.is_some() {
                    return Err(JpegError::Damaged("it has two frames"));
                }
                let header = read_frame(code, parser.segment()?)?;
                if (header.columns, header.rows) != (columns, rows) {
                    return Err(JpegError::Damaged("it is of another size than the header states"));
                }
                frame = Some(header);
            }
            marker::HUFFMAN_TABLES => read_huffman_tables(&mut tables, parser.segment()?)?,
            marker::QUANTIZATION_TABLES => read_quantization_tables(&mut tables, parser.segment()?)?,
            marker::RESTART_INTERVAL => match parser.segment()? {
                [high, low] => tables.restart_interval = u16::from_be_bytes([*high, *low]).into(),
                _ => return Err(JpegError::Damaged("its restart interval is none")),
            },
            0xc2 => return Err(JpegError::Unsupported("progressive coding")),
            0xc5..=0xc7 | 0xcd..=0xcf | 0xde | 0xdf => return Err(JpegError::Unsupported("hierarchical coding")),
            0xc9..=0xcc => return Err(JpegError::Unsupported("arithmetic coding")),
            marker::LINES => return Err(JpegError::Unsupported("its height at the end")),
            0x01 | marker::RESTART..=marker::END => return Err(JpegError::Damaged("a marker is out of place")),
            _ => drop(parser.segment()?),
        }
    };
    parser.end()?;
    Ok(image)
}

/// Walks over the markers and segments of a stream.
struct Parser<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    /// The code of the marker here, before which there may be fill bytes (B.1.1.2).
    fn marker(&mut self) -> Result<u8, JpegError> {
        let mut marked = false;
        loop {
            let byte = *self.stream.get(self.at).ok_or(JpegError::CutShort)?;
            self.at += 1;
            match byte {
                0xff => marked = true,
                0 => return Err(JpegError::Damaged("a marker is missing")),
                code if marked => return Ok(code),
                _ => return Err(JpegError::Damaged("a marker is missing")),
            }
        }
    }

    /// What follows the length of a segment (B.1.1.4).
    fn segment(&mut self) -> Result<&'a [u8], JpegError> {
        let length = self.stream.get(self.at..self.at + 2).ok_or(JpegError::CutShort)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if length < 2 {
            return Err(JpegError::Damaged("a segment is shorter than its length"));
        }
        let segment = self.stream.get(self.at + 2..self.at + length).ok_or(JpegError::CutShort)?;
        self.at += length;
        Ok(segment)
    }

    /// The image of the scan whose marker was read (B.2.3).
    fn scan(&mut self, frame: &Frame, tables: &Tables) -> Result<JpegImage, JpegError> {
        let &[1, component, chosen, first, _, approximation] = self.segment()? else {
            return Err(JpegError::Unsupported("several components in a scan"));
        };
        if component != frame.component {
            return Err(JpegError::Damaged("its scan is of another component"));
        }
        let (dc, ac) = (usize::from(chosen >> 4), usize::from(chosen & 15));
        let missing = JpegError::Damaged("a Huffman table is missing");
        let dc = tables.dc.get(dc).and_then(Option::as_ref).ok_or(missing)?;
        let mut bits = Bits::new(self.stream, self.at);
        let numbers = if frame.lossless {
            let scan = lossless::Scan {
                columns: frame.columns,
                rows: frame.rows,
                precision: frame.precision,
                predictor: first,
                point_transform: u32::from(approximation & 15),
                restart_interval: tables.restart_interval,
            };
            scan.decode(&mut bits, dc)?
        } else {
            // Which coefficients the scan has is said as well, wrongly so in files of NEMA's own: in a sequential one they
            // are always all.
            let quantization = tables.quantization[frame.quantization].as_ref();
            let scan = dct::Scan {
                columns: frame.columns,
                rows: frame.rows,
                precision: frame.precision,
                quantization: quantization.ok_or(JpegError::Damaged("a quantization table is missing"))?,
                restart_interval: tables.restart_interval,
            };
            scan.decode(&mut bits, dc, tables.ac.get(ac).and_then(Option::as_ref).ok_or(missing)?)?
        };
        self.at = bits.finish()?;
        let &Frame { columns, rows, precision, lossless, .. } = frame;
        Ok(JpegImage { columns, rows, precision, lossless, numbers })
    }

    /// Reads on to the end of the image, behind which there may be padding.
    fn end(&mut self) -> Result<(), JpegError> {
        loop {
            match self.marker()? {
                marker::END => break,
                marker::SCAN => return Err(JpegError::Unsupported("several scans")),
                marker::LINES => return Err(JpegError::Unsupported("its height at the end")),
                0xe0..=0xef | 0xfe => drop(self.segment()?),
                _ => return Err(JpegError::Damaged("data is left over")),
            }
        }
        let rest = &self.stream[self.at..];
        let another = rest.windows(3).any(|bytes| bytes == [0xff, marker::START, 0xff]);
        if another { Err(JpegError::Damaged("another image follows it")) } else { Ok(()) }
    }
}

fn read_frame(code: u8, segment: &[u8]) -> Result<Frame, JpegError> {
    let &[precision, r1, r0, c1, c0, count, ref components @ ..] = segment else {
        return Err(JpegError::Damaged("its frame header is too short"));
    };
    if count != 1 {
        return Err(JpegError::Unsupported("several components"));
    }
    let &[component, _, quantization] = components else {
        return Err(JpegError::Damaged("its frame header is too short"));
    };
    let lossless = code == marker::LOSSLESS;
    let known = match code {
        marker::BASELINE => precision == 8,
        marker::EXTENDED => matches!(precision, 8 | 12),
        _ => (2..=16).contains(&precision),
    };
    let quantization = usize::from(quantization);
    if !known || !lossless && quantization > 3 {
        return Err(JpegError::Damaged("its frame header makes no sense"));
    }
    let [rows, columns] = [[r1, r0], [c1, c0]].map(|bytes| usize::from(u16::from_be_bytes(bytes)));
    Ok(Frame { columns, rows, precision: precision.into(), lossless, component, quantization })
}

/// Huffman tables (B.2.4.2).
fn read_huffman_tables(tables: &mut Tables, mut segment: &[u8]) -> Result<(), JpegError> {
    const WRONG: JpegError = JpegError::Damaged("a Huffman table is none");
    while let Some((&head, rest)) = segment.split_first() {
        let (counts, rest) = rest.split_at_checked(16).ok_or(WRONG)?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let (values, rest) = rest.split_at_checked(total).ok_or(WRONG)?;
        let table = HuffmanTable::new(counts, values).ok_or(WRONG)?;
        let class = if head >> 4 == 0 { &mut tables.dc } else { &mut tables.ac };
        *class.get_mut(usize::from(head & 15)).filter(|_| head < 0x20).ok_or(WRONG)? = Some(table);
        segment = rest;
    }
    Ok(())
}

/// Quantization tables, in the order of coefficients in the stream (B.2.4.1).
fn read_quantization_tables(tables: &mut Tables, mut segment: &[u8]) -> Result<(), JpegError> {
    const WRONG: JpegError = JpegError::Damaged("a quantization table is none");
    while let Some((&head, rest)) = segment.split_first() {
        let each = match head >> 4 {
            0 => 1,
            1 => 2,
            _ => return Err(WRONG),
        };
        let (values, rest) = rest.split_at_checked(64 * each).ok_or(WRONG)?;
        let mut table = [0; 64];
        for (value, bytes) in table.iter_mut().zip(values.chunks_exact(each)) {
            *value = bytes.iter().fold(0, |value, &byte| value << 8 | u16::from(byte));
        }
        *tables.quantization.get_mut(usize::from(head & 15)).ok_or(WRONG)? = Some(table);
        segment = rest;
    }
    Ok(())
}
